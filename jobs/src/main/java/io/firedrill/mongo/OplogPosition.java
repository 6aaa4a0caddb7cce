package io.firedrill.mongo;

/**
 * Where an entry stands in an oplog. The same time in another term is another history: what was written there first has been
 * rolled back.
 *
 * @param term of the primary that wrote it
 */
public record OplogPosition(OpTime at, long term) {
    @Override
    public String toString() {
        return "%s (term %d)".formatted(at, term);
    }
}
