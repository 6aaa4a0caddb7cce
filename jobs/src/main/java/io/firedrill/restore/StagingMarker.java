package io.firedrill.restore;

import io.firedrill.archive.Digests;
import io.firedrill.archive.Selection;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.Principals;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;

/**
 * What Firedrill writes into a target about itself, in a database of its own: who restores what (first write), which
 * collections it created, which units are done, and that the whole is ready (last write).
 *
 * <p>Every write waits for a majority and the journal: once it has answered, everything written before it is durable too.
 */
public final class StagingMarker {
    private static final String DATABASE = CatalogReader.OWN_DATABASE;
    private static final int BATCH = 1_000;

    private final Deployment target;

    public StagingMarker(Deployment target) {
        this.target = target;
    }

    /** How far the restore has come; what is being cleaned up cannot be gone on with. */
    public enum State {
        LOADING,
        READY,
        CLEANING
    }

    /**
     * Whose restore a target holds.
     *
     * @param selection what of the backup is restored, in the words of the selection
     * @param startedAtMillis when the first attempt began, since the epoch
     * @param ttlMonitor whether the target's TTL monitor ran before we stopped it
     */
    public record Mark(
            String runId, String backupId, String selection, State state, long startedAtMillis, boolean ttlMonitor) {
        Mark in(State later) {
            return new Mark(runId, backupId, selection, later, startedAtMillis, ttlMonitor);
        }
    }

    /** A collection or view that Firedrill created. */
    public record Created(Namespace namespace, Optional<UUID> uuid) {}

    /**
     * A user or role that Firedrill created.
     *
     * @param identity what a document of the same name that somebody else made does not have
     */
    public record Principal(Namespace namespace, String id, BsonBinary identity) {
        static Principal of(Namespace namespace, RawBsonDocument document) {
            // A user keeps its identity when its password is changed; a role has none but what it says.
            BsonBinary identity = document.containsKey("userId")
                    ? document.getBinary("userId")
                    : new BsonBinary(Digests.sha256().digest(bytesOf(document)));
            return new Principal(namespace, Principals.idOf(document), identity);
        }

        private static byte[] bytesOf(RawBsonDocument document) {
            byte[] bytes = new byte[document.getByteBuffer().remaining()];
            document.getByteBuffer().get(bytes);
            return bytes;
        }
    }

    public Optional<Mark> read() {
        return find("marker").stream()
                .findFirst()
                .map(bson -> new Mark(
                        bson.getString("runId").getValue(),
                        bson.getString("backupId").getValue(),
                        bson.getString("selection", new BsonString(Selection.EVERYTHING.toString()))
                                .getValue(),
                        State.valueOf(bson.getString("state").getValue()),
                        bson.getInt64("startedAtMillis").getValue(),
                        bson.getBoolean("ttlMonitor").getValue()));
    }

    public void write(Mark mark) {
        put(
                "marker",
                new BsonDocument("_id", new BsonString("marker"))
                        .append("runId", new BsonString(mark.runId))
                        .append("backupId", new BsonString(mark.backupId))
                        .append("selection", new BsonString(mark.selection))
                        .append("state", new BsonString(mark.state.name()))
                        .append("startedAtMillis", new BsonInt64(mark.startedAtMillis))
                        .append("ttlMonitor", BsonBoolean.valueOf(mark.ttlMonitor)));
    }

    /** Remembers which collections are about to be created: a run that dies half-way has no identities to tell. */
    void planned(List<Namespace> all) {
        putAll("planned", all.stream().map(StagingMarker::bson).toList());
    }

    List<Namespace> allPlanned() {
        return find("planned").stream().map(StagingMarker::namespace).toList();
    }

    public void created(List<Created> all) {
        putAll("namespaces", all.stream().map(StagingMarker::bson).toList());
    }

    private static BsonDocument bson(Created created) {
        BsonDocument bson = bson(created.namespace);
        created.uuid.ifPresent(uuid -> bson.append("uuid", new BsonBinary(uuid)));
        return bson;
    }

    private static BsonDocument bson(Namespace namespace) {
        return new BsonDocument("_id", new BsonString(namespace.toString()))
                .append("database", new BsonString(namespace.database()))
                .append("collection", new BsonString(namespace.collection()));
    }

    private static Namespace namespace(BsonDocument bson) {
        return new Namespace(
                bson.getString("database").getValue(),
                bson.getString("collection").getValue());
    }

    public List<Created> allCreated() {
        return find("namespaces").stream().map(StagingMarker::created).toList();
    }

    private static Created created(BsonDocument bson) {
        return new Created(
                namespace(bson),
                bson.containsKey("uuid") ? Optional.of(bson.getBinary("uuid").asUuid()) : Optional.empty());
    }

    /**
     * Remembers what a replay is about to create. It may have another name by the time that somebody looks for it.
     *
     * @param uuid empty for a view
     */
    public void creating(Namespace namespace, Optional<UUID> uuid) {
        BsonDocument bson = bson(new Created(namespace, uuid));
        uuid.ifPresent(identity -> bson.put("_id", new BsonBinary(identity)));
        put("replayed", bson);
    }

    /** What a replay created or was about to. */
    public List<Created> allReplayed() {
        return find("replayed").stream().map(StagingMarker::created).toList();
    }

    public void created(Principal principal) {
        put(
                "principals",
                new BsonDocument("_id", new BsonString(principal.namespace + " " + principal.id))
                        .append("collection", new BsonString(principal.namespace.collection()))
                        .append("id", new BsonString(principal.id))
                        .append("identity", principal.identity));
    }

    /** The users and roles that were created, or were about to be. */
    public List<Principal> allPrincipals() {
        return find("principals").stream()
                .map(bson -> new Principal(
                        new Namespace(
                                Namespace.USERS.database(),
                                bson.getString("collection").getValue()),
                        bson.getString("id").getValue(),
                        bson.getBinary("identity")))
                .toList();
    }

    public void done(String unit) {
        put("units", new BsonDocument("_id", new BsonString(unit)));
    }

    public Set<String> unitsDone() {
        Set<String> done = new HashSet<>();
        find("units").forEach(bson -> done.add(bson.getString("_id").getValue()));
        return done;
    }

    /** From now on the target is neither what was loaded nor what is wanted, until the replay has come to its end. */
    public void replaying() {
        put("replay", new BsonDocument("_id", new BsonString("begun")));
    }

    public boolean isReplaying() {
        return !find("replay").isEmpty();
    }

    /** Forgets how far the load has come, and that a replay was begun. */
    void startOver() {
        for (String collection : List.of("units", "replay", "replayed")) {
            if (!find(collection).isEmpty()) {
                target.run(
                        DATABASE,
                        new BsonDocument("drop", new BsonString(collection)).append("writeConcern", durable()));
            }
        }
    }

    /** Forgets everything: the target is no longer ours. */
    public void remove() {
        target.run(DATABASE, new BsonDocument("dropDatabase", new BsonInt32(1)).append("writeConcern", durable()));
    }

    private void put(String collection, BsonDocument document) {
        put(collection, List.of(document));
    }

    /** In as few writes as there can be: each waits for the disk. */
    private void putAll(String collection, List<BsonDocument> documents) {
        for (int from = 0; from < documents.size(); from += BATCH) {
            put(collection, documents.subList(from, Math.min(from + BATCH, documents.size())));
        }
    }

    private void put(String collection, List<BsonDocument> documents) {
        List<BsonDocument> updates = documents.stream()
                .map(document -> new BsonDocument("q", new BsonDocument("_id", document.get("_id")))
                        .append("u", document)
                        .append("upsert", BsonBoolean.TRUE))
                .toList();
        target.run(
                DATABASE,
                new BsonDocument("update", new BsonString(collection))
                        .append("updates", new BsonArray(updates))
                        .append("writeConcern", durable()));
    }

    private List<BsonDocument> find(String collection) {
        List<BsonDocument> found = new ArrayList<>();
        var command = new BsonDocument("find", new BsonString(collection)).append("batchSize", new BsonInt32(BATCH));
        for (BsonValue value : target.all(DATABASE, command)) {
            found.add(value.asDocument());
        }
        return found;
    }

    private static BsonDocument durable() {
        return new BsonDocument("w", new BsonString("majority")).append("j", BsonBoolean.TRUE);
    }
}
