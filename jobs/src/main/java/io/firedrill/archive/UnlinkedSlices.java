package io.firedrill.archive;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * Slices that no link named when a prune looked, and how far the archive had come by then: as long as it has not gone on from
 * there, its archiver may be about to link them.
 *
 * @param id the run's
 * @param timeline the newest
 * @param links the number of its last link, 0 where it had none
 * @param addresses of the slices
 */
public record UnlinkedSlices(String id, Instant at, int timeline, long links, Set<String> addresses) {
    public UnlinkedSlices {
        addresses = Set.copyOf(addresses);
    }

    BsonDocument toBson() {
        List<String> ordered = List.copyOf(new TreeSet<>(addresses));
        return new BsonDocument("id", new BsonString(id))
                .append("at", new BsonDateTime(at.toEpochMilli()))
                .append("timeline", new BsonInt32(timeline))
                .append("links", new BsonInt64(links))
                .append(
                        "slices",
                        new BsonArray(ordered.stream().map(BsonString::new).toList()));
    }

    static UnlinkedSlices from(BsonDocument bson) {
        List<String> addresses = bson.getArray("slices").stream()
                .map(BsonValue::asString)
                .map(BsonString::getValue)
                .map(Digests::checked)
                .toList();
        return new UnlinkedSlices(
                bson.getString("id").getValue(),
                Instant.ofEpochMilli(bson.getDateTime("at").getValue()),
                bson.getInt32("timeline").getValue(),
                bson.getInt64("links").getValue(),
                Set.copyOf(addresses));
    }
}
