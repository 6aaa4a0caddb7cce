package io.firedrill.evidence;

import java.time.Instant;

/**
 * The backup a run made or used: {@code consistencyPoint} is the cluster time "T,I" the backup stands for,
 * {@code consistencyTime} the same on the wall, {@code manifest} the key of its manifest.
 */
public record BackupFacts(
        String backupId,
        String createdAt,
        String consistencyPoint,
        Instant consistencyTime,
        String manifest,
        String manifestSha256,
        long documents,
        long bytesRaw,
        long bytesStored,
        long segments,
        long segmentsReused,
        int collections) {}
