package io.firedrill.runner;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One backup in the list; an unfinished one has no consistency point yet.
 *
 * @param state "unfinished", or what is known of whether it comes back
 * @param synthetic how it was made, if not by reading the source
 */
record BackupLine(
        String backupId,
        String state,
        String source,
        Instant createdAt,
        @Nullable ConsistencyPoint consistencyPoint,
        long documents,
        long bytesRaw,
        long bytesStored,
        int collections,
        @Nullable String hold,
        @Nullable Instant deletedAfter,
        @Nullable SyntheticLine synthetic) {

    /** All of it came back equal, and nothing newer speaks against it. */
    static final String PROVEN = "proven";
    /** It did not come back as it was, or is damaged. */
    static final String REFUTED = "refuted";
    /** Only a part of it came back so far. */
    static final String PARTLY = "partly";
    /** It is whole, and nothing was shown. */
    static final String SEALED = "sealed";
    /** It was never sealed. */
    static final String UNFINISHED = "unfinished";

    static final List<String> STATES = List.of(PROVEN, PARTLY, REFUTED, SEALED, UNFINISHED);

    /** Out of which backup and how many entries of the archived oplog. */
    record SyntheticLine(String base, long entries) {}

    /** What is said about it beside its state, for a table; empty if nothing. */
    String note() {
        String held = hold == null ? "" : "held: " + hold;
        String marked = deletedAfter == null ? "" : "marked, deleted after " + Figures.time(deletedAfter);
        String made = synthetic == null
                ? ""
                : "synthetic: out of %s and %s entries".formatted(synthetic.base, Figures.count(synthetic.entries));
        return Stream.of(made, held, marked).filter(text -> !text.isEmpty()).collect(Collectors.joining("; "));
    }
}
