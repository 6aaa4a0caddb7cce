package io.firedrill.runner;

import java.util.List;

/**
 * What a compaction came to; the names are those of the JSON output.
 *
 * @param state {@code sealed}, {@code planned} with a dry run, or {@code nothing} where the base shows the moment already
 * @param backupId of the backup that was made; empty where none was
 * @param base the backup that it began with
 * @param from consistency point of that one
 * @param consistencyPoint the moment that the new one shows
 * @param work what had to be done for it
 * @param made what came of it; all zero where nothing did
 * @param proof what shows that the copy was the source at that moment
 * @param excluded what is not in it
 */
record CompactResult(
        String source,
        String state,
        String backupId,
        String base,
        ConsistencyPoint from,
        ConsistencyPoint consistencyPoint,
        Work work,
        Made made,
        String proof,
        List<String> excluded,
        double seconds,
        String record,
        String report) {

    /**
     * What is loaded and replayed.
     *
     * @param bytesLoaded of raw documents, of the base
     * @param entries that were replayed; 0 with a dry run, which only counts the slices that hold them
     * @param slices of the archived oplog
     * @param bytesReplayed of raw entries in these slices
     */
    record Work(long bytesLoaded, long entries, long slices, long bytesReplayed) {}

    /** The backup in figures. */
    record Made(
            int collections,
            long documents,
            long bytesRaw,
            long bytesStored,
            long bytesUploaded,
            long segments,
            long segmentsReused) {
        static final Made NOTHING = new Made(0, 0, 0, 0, 0, 0, 0);
    }
}
