package io.firedrill.archive;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * What a run is about to delete, written before the first deletion: whoever relies on one of these objects must not, as
 * long as the sweep has not ended.
 *
 * @param id the run's
 * @param segments by SHA-256
 */
public record Sweep(String id, Instant at, List<BackupId> backups, Set<String> segments) {
    public Sweep {
        backups = List.copyOf(backups);
        segments = Set.copyOf(segments);
    }

    BsonDocument toBson() {
        return new BsonDocument("id", new BsonString(id))
                .append("at", new BsonDateTime(at.toEpochMilli()))
                .append("backups", texts(backups.stream().map(BackupId::value).toList()))
                .append("segments", texts(List.copyOf(new TreeSet<>(segments))));
    }

    static Sweep from(BsonDocument bson) {
        return new Sweep(
                bson.getString("id").getValue(),
                Instant.ofEpochMilli(bson.getDateTime("at").getValue()),
                texts(bson, "backups").stream().map(BackupId::new).toList(),
                Set.copyOf(
                        texts(bson, "segments").stream().map(Digests::checked).toList()));
    }

    private static BsonArray texts(List<String> texts) {
        return new BsonArray(texts.stream().map(BsonString::new).toList());
    }

    private static List<String> texts(BsonDocument bson, String name) {
        return bson.getArray(name).stream()
                .map(BsonValue::asString)
                .map(BsonString::getValue)
                .toList();
    }
}
