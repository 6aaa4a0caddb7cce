package io.firedrill.verify;

import io.firedrill.archive.Digests;
import io.firedrill.archive.RedactedId;
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
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/** Finds the documents in which a segment and its range in the target differ, so that a person has where to look. */
public final class SegmentDifference {
    private static final int IDS_MAX = 20;

    private SegmentDifference() {}

    /** One line: the namespace, how many documents are missing, changed or surplus, and the first 20 of their ids. */
    public static String describe(
            Deployment target, CollectionShape shape, UUID collection, Segment segment, VerifiedSegment expected) {
        Map<BsonValue, String> digests = new LinkedHashMap<>();
        expected.forEachDocument(
                (bytes, offset, length) -> digests.put(idOf(bytes, offset, length), digestOf(bytes, offset, length)));
        List<String> differing = new ArrayList<>();
        boolean whole = shape.isSequence();
        var scan = new RangeScan(
                shape.namespace(),
                collection,
                whole ? Optional.empty() : segment.min(),
                whole ? Optional.empty() : segment.max(),
                Optional.empty());
        scan.read(target, (bytes, offset, length) -> {
            BsonValue id = idOf(bytes, offset, length);
            String digest = digests.remove(id);
            if (digest == null) {
                if (whole) {
                    // Perhaps another segment's: where there are no ranges, surplus shows in the last one's count.
                    return;
                }
                differing.add("surplus " + RedactedId.of(id));
            } else if (!digest.equals(digestOf(bytes, offset, length))) {
                differing.add("changed " + RedactedId.of(id));
            }
        });
        digests.keySet().forEach(id -> differing.add("missing " + RedactedId.of(id)));
        if (whole && differing.isEmpty()) {
            return "%s: the order or the number of the documents differs".formatted(shape.namespace());
        }
        return "%s: %d documents differ: %s"
                .formatted(
                        shape.namespace(),
                        differing.size(),
                        String.join(", ", differing.subList(0, Math.min(IDS_MAX, differing.size()))));
    }

    private static BsonValue idOf(byte[] bytes, int offset, int length) {
        BsonValue id = new RawBsonDocument(Arrays.copyOfRange(bytes, offset, offset + length)).get("_id");
        return id == null ? new BsonString("(none)") : id;
    }

    private static String digestOf(byte[] bytes, int offset, int length) {
        return Digests.sha256Hex(Arrays.copyOfRange(bytes, offset, offset + length));
    }
}
