package io.firedrill.runner;

import java.time.Instant;
import java.util.List;

/**
 * What a seal came to, and what it cost; the names are those of the JSON output.
 *
 * @param bytesRead of raw documents; with {@code dryRun} about how many there are to read
 * @param notSealed what the seal says nothing about
 * @param object where it lies in the store
 */
record SealResult(
        String source,
        boolean dryRun,
        ConsistencyPoint sealedAt,
        Instant sealedTime,
        int collections,
        long documents,
        long bytesRead,
        long digests,
        double seconds,
        Cost cost,
        List<NotSealed> notSealed,
        String object,
        String record,
        String report) {

    /** What it cost the source: who was read, and how the writes of everybody went meanwhile. */
    record Cost(String readFrom, long writes, double writeMillis) {}

    /** A collection that is not sealed, and why not. */
    record NotSealed(String namespace, String reason) {}
}
