package io.firedrill.mongo;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;

/** Reads what a deployment holds: databases, collections, views, options and indexes, all as raw BSON. */
public final class CatalogReader {
    /** Where Firedrill keeps what it knows about a target it restores into. Never part of a backup or a comparison. */
    public static final String OWN_DATABASE = "__firedrill";

    private static final Set<String> LEFT_OUT = Set.of("admin", "config", "local", OWN_DATABASE);
    private static final int ATTEMPTS_MAX = 10;

    private final Deployment deployment;

    public CatalogReader(Deployment deployment) {
        this.deployment = deployment;
    }

    /**
     * A catalog and a moment at which it held.
     *
     * @param at every collection can be read by a snapshot at this cluster time, and had this shape then
     */
    public record CatalogAt(OpTime at, List<CollectionShape> collections) {}

    /**
     * Reads the catalog before and after a fence, until both are equal and the oplog holds no DDL in between: then it is
     * known at the fence's time. Bounded, since a source may never stop changing.
     *
     * @param capped opened at that very time
     * @param wanted which capped collections it has to show; the others may be written meanwhile
     */
    public CatalogAt readAtFence(String note, CappedSnapshot capped, Predicate<CollectionShape> wanted) {
        for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
            OpTime begin = deployment.fence(note);
            List<CollectionShape> before = read();
            List<CollectionShape> sequences = before.stream()
                    .filter(CollectionShape::isCapped)
                    .filter(wanted)
                    .toList();
            OpTime at = capped.open(sequences, note);
            List<CollectionShape> after = read();
            OpTime end = deployment.fence(note);
            if (before.equals(after) && !hasDdlBetween(begin, end)) {
                return new CatalogAt(at, after);
            }
        }
        throw new Failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                "the collections of %s %s changed during each of %d attempts to read them"
                        .formatted(deployment.role(), deployment.hosts(), ATTEMPTS_MAX),
                "Run it again when no collection or index is being created or dropped.");
    }

    /** The user's databases, as they are now, in order. */
    public List<String> databases() {
        var command = new BsonDocument("listDatabases", new BsonInt32(1)).append("nameOnly", BsonBoolean.TRUE);
        return deployment.run("admin", command).getArray("databases").stream()
                .map(entry -> entry.asDocument().getString("name").getValue())
                .filter(name -> !LEFT_OUT.contains(name))
                .sorted()
                .toList();
    }

    /** The collections and views of all user databases, in order. */
    public List<CollectionShape> read() {
        return databases().stream()
                .flatMap(database -> read(database).stream())
                .sorted(Comparator.comparing(CollectionShape::namespace))
                .toList();
    }

    /** The collections and views of one database; empty where there is no such database. */
    public List<CollectionShape> read(String database) {
        var command = new BsonDocument("listCollections", new BsonInt32(1));
        return deployment.all(database, command).stream()
                .map(entry -> shape(database, entry.asDocument()))
                .toList();
    }

    private CollectionShape shape(String database, BsonDocument entry) {
        var namespace = new Namespace(database, entry.getString("name").getValue());
        var kind =
                CollectionShape.Kind.valueOf(entry.getString("type").getValue().toUpperCase(java.util.Locale.ROOT));
        var info = entry.getDocument("info");
        Optional<UUID> uuid =
                info.containsKey("uuid") ? Optional.of(info.getBinary("uuid").asUuid()) : Optional.empty();
        List<BsonDocument> indexes = kind == CollectionShape.Kind.COLLECTION && !namespace.isSystem()
                ? finishedIndexes(namespace)
                : List.of();
        return new CollectionShape(namespace, kind, uuid, entry.getDocument("options"), indexes);
    }

    /** Index builds under way are listed too, wrapped; what is not committed is not part of the catalog. */
    private List<BsonDocument> finishedIndexes(Namespace namespace) {
        var command = new BsonDocument("listIndexes", new BsonString(namespace.collection()))
                .append("includeBuildUUIDs", BsonBoolean.TRUE);
        return deployment.all(namespace.database(), command).stream()
                .map(BsonValue::asDocument)
                .filter(index -> !index.containsKey("buildUUID"))
                .toList();
    }

    private boolean hasDdlBetween(OpTime begin, OpTime end) {
        var plain = new BsonDocument("op", new BsonString("c"))
                .append("o.applyOps", new BsonDocument("$exists", BsonBoolean.FALSE))
                .append("o.commitTransaction", new BsonDocument("$exists", BsonBoolean.FALSE))
                .append("o.abortTransaction", new BsonDocument("$exists", BsonBoolean.FALSE));
        var inTransaction = new BsonDocument("o.applyOps.op", new BsonString("c"));
        var either = new BsonDocument("$or", new BsonArray(List.of(plain, inTransaction)));
        return new OplogSearch(deployment).first(begin, end, either).isPresent();
    }
}
