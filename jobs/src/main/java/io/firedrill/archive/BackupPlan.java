package io.firedrill.archive;

import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.OpTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;

/**
 * What a backup will dump: the catalog at one cluster time, and the units of work it is cut into. Written once, before the
 * first document is read, so that an attempt on another machine goes on with the same list.
 *
 * @param at the cluster time of the catalog and of every read
 * @param synthetic how it was made, if not by reading the source
 */
public record BackupPlan(
        BackupId id,
        String source,
        DeploymentIdentity identity,
        OpTime at,
        Instant createdAt,
        List<CollectionShape> collections,
        List<Unit> units,
        List<Excluded> excluded,
        Optional<Synthetic> synthetic) {

    /**
     * One unit of work: ranges of about the size of a segment together. What is done, is done unit by unit.
     *
     * @param bytesEstimated of raw documents, by the server's fast statistics: for the progress only
     */
    public record Unit(String id, List<Range> ranges, long bytesEstimated) {
        public Unit {
            if (!id.matches("\\d{6}")) {
                throw new IllegalArgumentException("not a unit: '%s'".formatted(id));
            }
            ranges = List.copyOf(ranges);
        }

        /** The ranges of some collections, which have other places in the plan now. */
        Unit only(Map<Integer, Integer> places) {
            return new Unit(
                    id,
                    ranges.stream()
                            .filter(range -> places.containsKey(range.collection))
                            .map(range -> new Range(places.getOrDefault(range.collection, -1), range.min, range.max))
                            .toList(),
                    bytesEstimated);
        }
    }

    /**
     * A half-open range of {@code _id}s.
     *
     * @param collection position in the plan's list of collections
     */
    public record Range(int collection, Optional<BsonDocument> min, Optional<BsonDocument> max) {}

    /** What is not in the backup, and why not. */
    public record Excluded(String namespace, String reason) {}

    public BackupPlan {
        collections = List.copyOf(collections);
        units = List.copyOf(units);
        excluded = List.copyOf(excluded);
    }

    /** Of what is read from the source. */
    public BackupPlan(
            BackupId id,
            String source,
            DeploymentIdentity identity,
            OpTime at,
            Instant createdAt,
            List<CollectionShape> collections,
            List<Unit> units,
            List<Excluded> excluded) {
        this(id, source, identity, at, createdAt, collections, units, excluded, Optional.empty());
    }

    /** The collections and views of the databases: everything but the users and roles of the deployment. */
    public List<CollectionShape> data() {
        return collections.stream()
                .filter(shape -> !shape.namespace().isAccess())
                .toList();
    }

    /** The same backup with other contents. */
    BackupPlan narrowed(List<CollectionShape> some, List<Unit> theirs, List<Excluded> without) {
        return new BackupPlan(id, source, identity, at, createdAt, some, theirs, without, synthetic);
    }

    /** Whether a unit holds users and roles, which no other unit does. */
    public boolean isAccess(Unit unit) {
        return unit.ranges().stream()
                .allMatch(
                        range -> collections.get(range.collection()).namespace().isAccess());
    }

    /** About how many bytes of raw documents a dump will read. */
    public long bytesEstimated() {
        return units.stream().mapToLong(Unit::bytesEstimated).sum();
    }

    BsonDocument toBson() {
        var bson = new BsonDocument("id", new BsonString(id.value()))
                .append("source", new BsonString(source))
                .append("identity", IdentityFormat.toBson(identity))
                .append("at", at.timestamp())
                .append("createdAt", new BsonDateTime(createdAt.toEpochMilli()))
                .append(
                        "collections",
                        new BsonArray(
                                collections.stream().map(ShapeFormat::toBson).toList()))
                .append(
                        "units",
                        new BsonArray(units.stream().map(BackupPlan::toBson).toList()))
                .append(
                        "excluded",
                        new BsonArray(excluded.stream().map(BackupPlan::toBson).toList()));
        synthetic.ifPresent(how -> bson.append(Synthetic.FIELD, how.toBson()));
        return bson;
    }

    static BackupPlan from(BsonDocument bson) {
        return new BackupPlan(
                new BackupId(bson.getString("id").getValue()),
                bson.getString("source").getValue(),
                IdentityFormat.from(bson.getDocument("identity")),
                OpTime.of(bson.getTimestamp("at")),
                Instant.ofEpochMilli(bson.getDateTime("createdAt").getValue()),
                bson.getArray("collections").stream()
                        .map(value -> ShapeFormat.from(value.asDocument()))
                        .toList(),
                bson.getArray("units").stream()
                        .map(value -> unit(value.asDocument()))
                        .toList(),
                bson.getArray("excluded").stream()
                        .map(value -> excluded(value.asDocument()))
                        .toList(),
                synthetic(bson));
    }

    static Optional<Synthetic> synthetic(BsonDocument bson) {
        return bson.containsKey(Synthetic.FIELD)
                ? Optional.of(Synthetic.from(bson.getDocument(Synthetic.FIELD)))
                : Optional.empty();
    }

    private static BsonDocument toBson(Unit unit) {
        return new BsonDocument("id", new BsonString(unit.id))
                .append(
                        "ranges",
                        new BsonArray(
                                unit.ranges.stream().map(BackupPlan::toBson).toList()))
                .append("bytesEstimated", new BsonInt64(unit.bytesEstimated));
    }

    private static BsonDocument toBson(Range range) {
        var bson = new BsonDocument("collection", new BsonInt32(range.collection));
        range.min.ifPresent(bound -> bson.append("min", bound));
        range.max.ifPresent(bound -> bson.append("max", bound));
        return bson;
    }

    static BsonDocument toBson(Excluded excluded) {
        return new BsonDocument("namespace", new BsonString(excluded.namespace))
                .append("reason", new BsonString(excluded.reason));
    }

    private static Unit unit(BsonDocument bson) {
        return new Unit(
                bson.getString("id").getValue(),
                bson.getArray("ranges").stream()
                        .map(value -> range(value.asDocument()))
                        .toList(),
                bson.getInt64("bytesEstimated").getValue());
    }

    private static Range range(BsonDocument bson) {
        return new Range(
                bson.getInt32("collection").getValue(), Segment.bound(bson, "min"), Segment.bound(bson, "max"));
    }

    static Excluded excluded(BsonDocument bson) {
        return new Excluded(
                bson.getString("namespace").getValue(), bson.getString("reason").getValue());
    }
}
