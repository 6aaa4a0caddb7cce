package io.firedrill.backup;

import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.Segment;
import io.firedrill.mongo.CollectionShape;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** Finds the segments of the last backup that hold just what a range holds, if nothing was written to it. */
final class Counterparts {
    private final Map<UUID, List<Segment>> before;
    private final Map<Bounds, Segment> byBounds = new HashMap<>();

    /** Compared byte for byte: a document is equal to another one to Java even if its fields are in another order. */
    private record Bounds(UUID collection, Optional<ByteBuffer> min, Optional<ByteBuffer> max) {
        static Bounds of(UUID collection, Optional<BsonDocument> min, Optional<BsonDocument> max) {
            return new Bounds(collection, min.map(Bounds::bytes), max.map(Bounds::bytes));
        }

        private static ByteBuffer bytes(BsonDocument bound) {
            return new RawBsonDocument(bound, new BsonDocumentCodec())
                    .getByteBuffer()
                    .asNIO();
        }
    }

    Counterparts(Map<UUID, List<Segment>> before) {
        this.before = before;
        before.forEach((uuid, segments) ->
                segments.forEach(segment -> byBounds.put(Bounds.of(uuid, segment.min(), segment.max()), segment)));
    }

    /** None where the last backup was cut elsewhere, or does not have the collection. */
    List<Segment> of(Range range, CollectionShape shape) {
        UUID uuid = shape.uuid().orElseThrow();
        return shape.isSequence()
                ? before.getOrDefault(uuid, List.of())
                : Optional.ofNullable(byBounds.get(Bounds.of(uuid, range.min(), range.max()))).stream()
                        .toList();
    }
}
