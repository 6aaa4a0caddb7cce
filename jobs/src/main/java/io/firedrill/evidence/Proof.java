package io.firedrill.evidence;

/**
 * Something that a task of the readiness file is proven by.
 *
 * @param selector what asked for it, in the file's words
 * @param name where it lies: a record's key, a file's path, a URL, a command
 * @param sha256 of the record's object, the file, the body or the output
 * @param seq the number of the record; 0 where it is none
 */
public record Proof(String selector, String name, String sha256, long seq) {
    public boolean isRecord() {
        return seq > 0;
    }
}
