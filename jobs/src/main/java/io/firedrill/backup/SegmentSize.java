package io.firedrill.backup;

/**
 * How large segments are, in bytes of raw documents.
 *
 * @param target what ranges are planned for
 * @param max where a segment is cut even if the plan was wrong: it bounds the memory of a lane, in backup and in restore
 */
public record SegmentSize(long target, long max) {
    /** Half of what RECOVERY's first estimate said: docs/DECISIONS.md tells why a heap of 512 MB wants it so. */
    public static final SegmentSize DEFAULT = new SegmentSize(32L << 20, 64L << 20);
}
