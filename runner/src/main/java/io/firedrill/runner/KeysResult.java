package io.firedrill.runner;

import java.util.List;

/**
 * The data keys of a source as they are now.
 *
 * @param rewrapped ids of those that were wrapped anew, or would be
 * @param dropped how many older generations were deleted
 * @param refused what the store answered where it refused to delete
 * @param record of the run; empty where nothing was to be recorded
 */
record KeysResult(
        String source,
        List<Key> keys,
        List<String> rewrapped,
        int dropped,
        List<String> refused,
        boolean dryRun,
        String record) {
    /** One data key, and by the fingerprints of their keys who can open it. */
    record Key(String id, int generation, List<String> recipients) {}
}
