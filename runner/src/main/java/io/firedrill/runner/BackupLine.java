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
        int collections,
        @Nullable String hold,
        @Nullable Instant deletedAfter) {

    /** What is said about it beside its state, for a table; empty if nothing. */
    String note() {
        String held = hold == null ? "" : "held: " + hold;
        String marked = deletedAfter == null ? "" : "marked, deleted after " + Figures.time(deletedAfter);
        return held + (held.isEmpty() || marked.isEmpty() ? "" : "; ") + marked;
    }
}
