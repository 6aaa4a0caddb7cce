package io.firedrill.archive;

import io.firedrill.mongo.DocumentConsumer;

/** The raw documents of one segment; the digests of what they were read from have been compared. */
public sealed interface VerifiedSegment permits WholeSegment, MergedSegment {
    /** Hands on each document, in index order; a count other than the manifest's is damage. */
    void forEachDocument(DocumentConsumer consumer);

    /** SHA-256 over the documents, as whoever reads the range whole would find it. */
    default String digest() {
        var digest = new RunningDigest();
        forEachDocument(digest::add);
        return digest.end();
    }
}
