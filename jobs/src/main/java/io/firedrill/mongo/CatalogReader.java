package io.firedrill.mongo;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;
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

    private static final String ADMIN = "admin";
    private static final Set<String> LEFT_OUT = Set.of(ADMIN, "config", "local", OWN_DATABASE);
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
     * Reads the catalog between two fences, until the oplog holds no DDL in between and one primary has answered all the while, so
     * that nothing of what was read can have been rolled back: then it is known at any time between them. Bounded, since a source may
     * never stop changing.
     *
     * @param capped opened at that very time
     * @param wanted which capped collections it has to show; the others may be written meanwhile
     */
    public CatalogAt readAtFence(String note, CappedSnapshot capped, Predicate<CollectionShape> wanted) {
        String seen = "";
        for (int attempt = 1; attempt <= ATTEMPTS_MAX; attempt++) {
            Reign reign = Reign.of(deployment);
            OpTime begin = deployment.fence(note);
            Optional<CatalogAt> read = readOnce(note, capped, wanted);
            Optional<CatalogChange> change = new CatalogChanges(deployment).first(begin, deployment.fence(note));
            boolean oneReign = Reign.of(deployment).equals(reign);
            if (read.isPresent() && change.isEmpty() && oneReign) {
                return read.get();
            }
            seen = change.map(CatalogChange::toString).orElse(oneReign ? seen : "an election");
        }
        throw new Failure(
                FailureKind.SOURCE_CHANGED,
                "the collections of %s %s changed during each of %d attempts to read them, last by %s"
                        .formatted(deployment.role(), deployment.hosts(), ATTEMPTS_MAX, seen),
                "Run it again when no collection or index is being created or dropped.");
    }

    /** What it holds at a fence, unless it changes meanwhile; empty where that came in the way of the reading. */
    private Optional<CatalogAt> readOnce(String note, CappedSnapshot capped, Predicate<CollectionShape> wanted) {
        try {
            List<CollectionShape> found = readWithAdmin();
            List<CollectionShape> sequences = found.stream()
                    .filter(CollectionShape::isCapped)
                    .filter(wanted)
                    .toList();
            return Optional.of(new CatalogAt(capped.open(sequences, note), found));
        } catch (Failure failure) {
            if (failure.kind() != FailureKind.SOURCE_CHANGED) {
                throw failure;
            }
            return Optional.empty();
        }
    }

    /**
     * The user's databases, as they are now, in order. All of them or a failure: left to itself the server would hide
     * those that we may not read, and so leave them out of a backup, or let a full target look empty.
     */
    public List<String> databases() {
        var command = new BsonDocument("listDatabases", new BsonInt32(1))
                .append("nameOnly", BsonBoolean.TRUE)
                .append("authorizedDatabases", BsonBoolean.FALSE);
        return deployment.run(ADMIN, command).getArray("databases").stream()
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

    /**
     * The same, and what lies in {@code admin} that is not the server's alone: users, roles, and what somebody put there.
     * Their indexes are the server's, and need a privilege that nothing else needs.
     */
    private List<CollectionShape> readWithAdmin() {
        var command = new BsonDocument("listCollections", new BsonInt32(1));
        Stream<CollectionShape> admin = deployment.all(ADMIN, command).stream()
                .map(entry -> bare(ADMIN, entry.asDocument()))
                .filter(shape ->
                        shape.namespace().isAccess() || !shape.namespace().isSystem())
                .sorted(Comparator.comparing(CollectionShape::namespace));
        return Stream.concat(read().stream(), admin).toList();
    }

    private static CollectionShape bare(String database, BsonDocument entry) {
        var namespace = new Namespace(database, entry.getString("name").getValue());
        return new CollectionShape(namespace, kind(entry), uuid(entry), entry.getDocument("options"), List.of(), false);
    }

    private static CollectionShape.Kind kind(BsonDocument entry) {
        return CollectionShape.Kind.valueOf(entry.getString("type").getValue().toUpperCase(java.util.Locale.ROOT));
    }

    private static Optional<UUID> uuid(BsonDocument entry) {
        var info = entry.getDocument("info");
        return info.containsKey("uuid") ? Optional.of(info.getBinary("uuid").asUuid()) : Optional.empty();
    }

    /** The collections and views of one database; empty where there is no such database. */
    public List<CollectionShape> read(String database) {
        var command = new BsonDocument("listCollections", new BsonInt32(1));
        List<BsonDocument> entries = deployment.all(database, command).stream()
                .map(BsonValue::asDocument)
                .toList();
        Map<String, BsonDocument> byName = new HashMap<>();
        entries.forEach(entry -> byName.put(entry.getString("name").getValue(), entry));
        return Requests.all(entries, entry -> shape(database, entry, byName)).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /** The collections of one database and their identities, without asking for the indexes of each. */
    public Map<Namespace, UUID> uuids(String database) {
        Map<Namespace, UUID> found = new HashMap<>();
        List<Namespace> timeSeries = new ArrayList<>();
        for (BsonValue entry : deployment.all(database, new BsonDocument("listCollections", new BsonInt32(1)))) {
            var namespace =
                    new Namespace(database, entry.asDocument().getString("name").getValue());
            uuid(entry.asDocument()).ifPresent(uuid -> found.put(namespace, uuid));
            if (kind(entry.asDocument()) == CollectionShape.Kind.TIMESERIES) {
                timeSeries.add(namespace);
            }
        }
        for (Namespace namespace : timeSeries) {
            UUID uuid = found.get(namespace.buckets());
            if (uuid != null) {
                found.put(namespace, uuid);
            }
        }
        return found;
    }

    private Optional<CollectionShape> shape(String database, BsonDocument entry, Map<String, BsonDocument> byName) {
        var namespace = new Namespace(database, entry.getString("name").getValue());
        CollectionShape.Kind kind = kind(entry);
        BsonDocument identified = kind == CollectionShape.Kind.TIMESERIES
                ? byName.get(namespace.buckets().collection())
                : entry;
        if (identified == null) {
            // The list was read while the collection was being created or dropped.
            return Optional.empty();
        }
        List<BsonDocument> indexes =
                kind == CollectionShape.Kind.VIEW || namespace.isSystem() ? List.of() : finishedIndexes(namespace);
        boolean mixed = namespace.isBuckets() && mayHaveMixedSchema(namespace);
        return Optional.of(
                new CollectionShape(namespace, kind, uuid(identified), entry.getDocument("options"), indexes, mixed));
    }

    /** The server keeps this flag in its catalog only: no option of {@code listCollections} tells it. */
    private boolean mayHaveMixedSchema(Namespace buckets) {
        var stage = new BsonDocument("$listCatalog", new BsonDocument());
        var command = new BsonDocument("aggregate", new BsonString(buckets.collection()))
                .append("pipeline", new BsonArray(List.of(stage)))
                .append("cursor", new BsonDocument());
        return deployment.all(buckets.database(), command).stream()
                .map(entry -> entry.asDocument().getDocument("md"))
                .anyMatch(catalog -> catalog.getBoolean("timeseriesBucketsMayHaveMixedSchemaData", BsonBoolean.FALSE)
                        .getValue());
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
}
