package io.firedrill.verify;

import io.firedrill.archive.Digests;
import io.firedrill.archive.Segment;
import io.firedrill.archive.VerifiedSegment;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.RangeScan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Finds the documents in which a segment and its range in the target differ, so that a person has where to look. */
public final class SegmentDifference {
    private static final int IDS_MAX = 20;

    private SegmentDifference() {}

    /** One line: the namespace, how many documents are missing, changed or surplus, and the first 20 of their ids. */
    public static String describe(
            Deployment target, CollectionShape shape, UUID collection, Segment segment, VerifiedSegment expected) {
        Map<DocumentId, String> digests = new LinkedHashMap<>();
        expected.forEachDocument(
                (bytes, offset, length) -> digests.put(DocumentId.of(bytes, offset), digestOf(bytes, offset, length)));
        List<String> differing = new ArrayList<>();
        boolean whole = shape.isSequence();
        var scan = new RangeScan(
                shape.namespace(),
                collection,
                whole ? Optional.empty() : segment.min(),
                whole ? Optional.empty() : segment.max(),
                Optional.empty());
        scan.read(target, (bytes, offset, length) -> {
            DocumentId id = DocumentId.of(bytes, offset);
            String digest = digests.remove(id);
            if (digest == null) {
                if (whole) {
                    // Perhaps another segment's: where there are no ranges, surplus shows in the last one's count.
                    return;
                }
                differing.add("surplus " + id);
            } else if (!digest.equals(digestOf(bytes, offset, length))) {
                differing.add("changed " + id);
            }
        });
        digests.keySet().forEach(id -> differing.add("missing " + id));
        if (whole && differing.isEmpty()) {
            return "%s: the order or the number of the documents differs".formatted(shape.namespace());
        }
        return "%s: %d documents differ: %s"
                .formatted(
                        shape.namespace(),
                        differing.size(),
                        String.join(", ", differing.subList(0, Math.min(IDS_MAX, differing.size()))));
    }

    private static String digestOf(byte[] bytes, int offset, int length) {
        return Digests.sha256Hex(Arrays.copyOfRange(bytes, offset, offset + length));
    }
}
