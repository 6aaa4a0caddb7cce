package io.firedrill.archive;

import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;

/** What one unit dumped: its segments, in the order of the unit's ranges. Its existence says that the unit is done. */
public record Part(BackupId backup, String unit, List<Segment> segments) {
    /** How many of the segments have a delta; only where any has. */
    static final String DELTAS = "deltas";

    public Part {
        segments = List.copyOf(segments);
    }

    BsonDocument toBson() {
        var bson = new BsonDocument("backup", new BsonString(backup.value()))
                .append("unit", new BsonString(unit))
                .append(
                        "segments",
                        new BsonArray(segments.stream().map(Segment::toBson).toList()));
        long deltas =
                segments.stream().filter(segment -> segment.delta().isPresent()).count();
        return deltas == 0 ? bson : bson.append(DELTAS, new BsonInt64(deltas));
    }

    static Part from(BsonDocument bson) {
        return new Part(
                new BackupId(bson.getString("backup").getValue()),
                bson.getString("unit").getValue(),
                bson.getArray("segments").stream()
                        .map(value -> Segment.from(value.asDocument()))
                        .toList());
    }
}
