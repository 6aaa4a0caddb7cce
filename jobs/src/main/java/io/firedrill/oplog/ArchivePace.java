package io.firedrill.oplog;

import java.time.Duration;

/**
 * How often the archiver writes.
 *
 * @param slice how long an entry waits at most for others before its slice is stored
 * @param fence how often a note is written into the source to measure the RPO
 * @param sliceBytes raw bytes at which a slice is stored at once
 */
public record ArchivePace(Duration slice, Duration fence, long sliceBytes) {
    public ArchivePace(Duration slice, Duration fence) {
        this(slice, fence, SliceBuffer.BYTES_MAX);
    }
}
