package io.firedrill.runner;

import java.util.List;

/** What a backup came to; the names are those of the JSON output. */
record BackupResult(
        String backupId,
        String state,
        ConsistencyPoint consistencyPoint,
        int collections,
        long documents,
        long bytesRaw,
        long bytesStored,
        long bytesUploaded,
        long segments,
        long segmentsReused,
        double seconds,
        List<String> excluded,
        boolean resumed,
        String record,
        String report,
        Unread unread) {}
