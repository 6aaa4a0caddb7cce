package io.firedrill.verify;

import io.firedrill.archive.Segment;

/**
 * What reading one segment back from the target came to.
 *
 * @param expected the digest that the segment's range has in the backup
 * @param sha256 of what the target holds in the segment's place
 * @param documents that the target holds in the segment's place
 */
public record SegmentProof(Segment segment, String expected, String sha256, long documents) {
    public boolean isEqual() {
        return expected.equals(sha256) && segment.documentsOfRange() == documents;
    }
}
