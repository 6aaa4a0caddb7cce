package io.firedrill.runner;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One backup in the list; an unfinished one has no consistency point yet. */
record BackupLine(
        String backupId,
        String state,
        String source,
        Instant createdAt,
        @Nullable ConsistencyPoint consistencyPoint,
        long documents,
        long bytesRaw,
        long bytesStored,
        int collections) {}
