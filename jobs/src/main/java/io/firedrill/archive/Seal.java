package io.firedrill.archive;

import io.firedrill.archive.BackupPlan.Excluded;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * What a source held at exactly one cluster time: what its collections and views were, and the digests of their documents, but
 * no document. Whoever recovers that moment later can prove by it that this is what the source had.
 *
 * @param at the one cluster time at which everything was read
 * @param collections and views, with options and indexes
 * @param ranges of every collection that holds documents; together they leave out none
 * @param excluded what the seal says nothing about, and why not
 */
public record Seal(
        String source,
        DeploymentIdentity identity,
        OpTime at,
        Instant createdAt,
        List<CollectionShape> collections,
        List<SealedRange> ranges,
        List<Excluded> excluded,
        Cost cost) {

    /**
     * What the seal cost the source.
     *
     * @param bytesRead raw bytes of documents
     * @param readFrom the member that was read, and why that one
     * @param writes operations of everybody that wrote on the primary meanwhile
     * @param writeTime theirs together
     */
    public record Cost(Duration elapsed, long bytesRead, String readFrom, long writes, Duration writeTime) {}

    public Seal {
        collections = List.copyOf(collections);
        ranges = List.copyOf(ranges);
        excluded = List.copyOf(excluded);
    }

    public long documents() {
        return ranges.stream().mapToLong(SealedRange::documents).sum();
    }

    public long bytes() {
        return ranges.stream().mapToLong(SealedRange::bytes).sum();
    }

    /** What it says of some of the collections and views, for whoever recovers only those. */
    public Seal only(Predicate<Namespace> wanted) {
        List<Integer> chosen = IntStream.range(0, collections.size())
                .filter(i -> wanted.test(collections.get(i).namespace()))
                .boxed()
                .toList();
        Map<Integer, Integer> places = new HashMap<>();
        chosen.forEach(i -> places.put(i, places.size()));
        return new Seal(
                source,
                identity,
                at,
                createdAt,
                chosen.stream().map(collections::get).toList(),
                ranges.stream()
                        .filter(range -> places.containsKey(range.collection()))
                        .map(range -> range.moved(places.getOrDefault(range.collection(), -1)))
                        .toList(),
                excluded,
                cost);
    }

    BsonDocument toBson() {
        return new BsonDocument("source", new BsonString(source))
                .append("identity", IdentityFormat.toBson(identity))
                .append("at", at.timestamp())
                .append("createdAt", new BsonDateTime(createdAt.toEpochMilli()))
                .append(
                        "collections",
                        new BsonArray(
                                collections.stream().map(ShapeFormat::toBson).toList()))
                .append(
                        "ranges",
                        new BsonArray(ranges.stream().map(SealedRange::toBson).toList()))
                .append(
                        "excluded",
                        new BsonArray(excluded.stream().map(BackupPlan::toBson).toList()))
                .append("cost", toBson(cost));
    }

    static Seal from(BsonDocument bson) {
        return new Seal(
                bson.getString("source").getValue(),
                IdentityFormat.from(bson.getDocument("identity")),
                OpTime.of(bson.getTimestamp("at")),
                Instant.ofEpochMilli(bson.getDateTime("createdAt").getValue()),
                documents(bson, "collections").map(ShapeFormat::from).toList(),
                documents(bson, "ranges").map(SealedRange::from).toList(),
                documents(bson, "excluded").map(BackupPlan::excluded).toList(),
                cost(bson.getDocument("cost")));
    }

    private static Stream<BsonDocument> documents(BsonDocument bson, String name) {
        return bson.getArray(name).stream().map(BsonValue::asDocument);
    }

    private static BsonDocument toBson(Cost cost) {
        return new BsonDocument("elapsedMillis", new BsonInt64(cost.elapsed.toMillis()))
                .append("bytesRead", new BsonInt64(cost.bytesRead))
                .append("readFrom", new BsonString(cost.readFrom))
                .append("writes", new BsonInt64(cost.writes))
                .append("writeMicros", new BsonInt64(cost.writeTime.toNanos() / 1_000));
    }

    private static Cost cost(BsonDocument bson) {
        return new Cost(
                Duration.ofMillis(bson.getInt64("elapsedMillis").getValue()),
                bson.getInt64("bytesRead").getValue(),
                bson.getString("readFrom").getValue(),
                bson.getInt64("writes").getValue(),
                Duration.ofNanos(1_000 * bson.getInt64("writeMicros").getValue()));
    }
}
