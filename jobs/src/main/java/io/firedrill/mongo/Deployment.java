package io.firedrill.mongo;

import com.mongodb.ClientSessionOptions;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.configuration.CodecRegistries;
import org.bson.codecs.configuration.CodecRegistry;

/**
 * One MongoDB deployment that commands can be sent to. Everything that fails comes out as a {@link Failure} that names
 * the deployment's role and hosts, never its credentials. Safe for use by many threads.
 */
public final class Deployment implements AutoCloseable {
    private static final String APPLY = "applyOps";

    private final Clients clients;
    private final String role;
    private final String hosts;
    private final Optional<String> standalone;

    /** A session belongs to the client that it was begun with, whatever credentials are the newest. */
    private final Map<ClientSession, MongoClient> sessions = Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * @param standalone the name a standalone goes by; empty where only a replica set will do
     */
    Deployment(Clients clients, String role, String hosts, Optional<String> standalone) {
        this.clients = clients;
        this.role = role;
        this.hosts = hosts;
        this.standalone = standalone;
    }

    /** "source" or "staging": what messages call it. */
    public String role() {
        return role;
    }

    /** The hosts of the connection string, for messages. */
    public String hosts() {
        return hosts;
    }

    /** Who answers; refuses a mongos, and a standalone unless it is one of our own. */
    public DeploymentIdentity identity() {
        var reader = new IdentityReader(this);
        return standalone.map(reader::readOwn).orElseGet(reader::read);
    }

    /**
     * Ends a server of our own: it writes everything to its files and hangs up on everybody, which is its answer. Whoever calls
     * has to look whether it has ended.
     */
    public void shutDown() {
        var command = new BsonDocument("shutdown", new BsonInt32(1))
                // As the only member it would wait for another one to take over.
                .append("force", BsonBoolean.TRUE)
                .append("timeoutSecs", new BsonInt32(0));
        try {
            run("admin", command);
        } catch (Failure failure) {
            if (failure.kind() != FailureKind.DEPENDENCY_UNAVAILABLE) {
                throw failure;
            }
        }
    }

    /** Makes a server of our own, which was started for it, the only member of a replica set. */
    public void initiate(String setName) {
        var member = new BsonDocument("_id", new BsonInt32(0)).append("host", new BsonString(hosts));
        var config = new BsonDocument("_id", new BsonString(setName)).append("members", new BsonArray(List.of(member)));
        run("admin", new BsonDocument("replSetInitiate", config));
    }

    /** Whether it takes writes now; a server that is just starting does not answer, or is no primary yet. */
    public boolean isWritable() {
        return says("hello", reply -> reply.getBoolean("isWritablePrimary").getValue());
    }

    /**
     * Whether it signs the cluster times that it tells this user, and takes those that it once told him. A server that is just
     * starting has not read its keys yet, and refuses whoever brings a time that is signed.
     */
    public boolean signsTime() {
        return says(
                "ping",
                // One that is only becoming a member of its set has no cluster time yet.
                reply -> reply.isDocument("$clusterTime")
                        && reply.getDocument("$clusterTime")
                                        .getDocument("signature")
                                        .getInt64("keyId")
                                        .getValue()
                                != 0);
    }

    /** What a server says of itself, which may be starting: one that does not answer well does not say so. */
    private boolean says(String command, Predicate<BsonDocument> what) {
        try {
            return what.test(run("admin", new BsonDocument(command, new BsonInt32(1))));
        } catch (Failure failure) {
            if (failure.kind() != FailureKind.DEPENDENCY_UNAVAILABLE) {
                throw failure;
            }
            return false;
        }
    }

    /**
     * Runs one command and gives the reply as raw BSON. A reply with {@code writeErrors} is a reply, not a failure: the
     * caller has to look.
     */
    public RawBsonDocument run(String database, BsonDocument command) {
        String what = describe(database, command);
        return durable(
                what, asking(what, client -> client.getDatabase(database).runCommand(command, RawBsonDocument.class)));
    }

    /**
     * The same, but a reply that says it failed with this code is a reply: for whoever knows what it means, and keeps to himself what
     * it quotes.
     */
    RawBsonDocument runUnless(int code, String database, BsonDocument command) {
        String what = describe(database, command);
        return durable(what, asking(what, client -> {
            try {
                return client.getDatabase(database).runCommand(command, RawBsonDocument.class);
            } catch (MongoCommandException failed) {
                if (failed.getErrorCode() != code) {
                    throw failed;
                }
                return new RawBsonDocument(failed.getResponse(), new BsonDocumentCodec());
            }
        }));
    }

    private RawBsonDocument durable(String what, RawBsonDocument reply) {
        if (reply.containsKey("writeConcernError")) {
            throw MongoFailures.notDurable(role, hosts, what);
        }
        return reply;
    }

    /** Runs a command that opens a cursor and follows it to its end. Everything is held in memory: for metadata only. */
    public List<BsonValue> all(String database, BsonDocument command) {
        try (ClientSession session = cursorSession()) {
            BsonDocument cursor = run(session, database, command).getDocument("cursor");
            List<BsonValue> found = new ArrayList<>(cursor.getArray("firstBatch"));
            String collection = cursor.getString("ns").getValue().substring(database.length() + 1);
            while (cursor.getInt64("id").getValue() != 0) {
                var more = new BsonDocument("getMore", cursor.getInt64("id"))
                        .append("collection", new BsonString(collection));
                cursor = run(session, database, more).getDocument("cursor");
                found.addAll(cursor.getArray("nextBatch"));
            }
            return found;
        }
    }

    /**
     * The reply to a command, one that says that it failed too: for whoever can tell more from it than its code. Of one that was not
     * allowed nobody can.
     */
    BsonDocument answer(String database, BsonDocument command) {
        return asking(
                describe(database, command),
                client -> answered(() -> client.getDatabase(database).runCommand(command, RawBsonDocument.class)));
    }

    /** The same within a session. */
    BsonDocument answer(ClientSession session, String database, BsonDocument command) {
        return guarded(
                session,
                describe(database, command),
                () -> answered(
                        () -> databaseOf(session, database).runCommand(session, command, RawBsonDocument.class)));
    }

    private static BsonDocument answered(Supplier<RawBsonDocument> work) {
        try {
            return work.get();
        } catch (MongoCommandException failed) {
            if (MongoFailures.isDenied(failed)) {
                throw failed;
            }
            return failed.getResponse();
        }
    }

    /** Runs one command within a session, and so within the transaction that it may have begun. */
    RawBsonDocument run(ClientSession session, String database, BsonDocument command) {
        String what = describe(database, command);
        return durable(
                what,
                guarded(
                        session,
                        what,
                        () -> databaseOf(session, database).runCommand(session, command, RawBsonDocument.class)));
    }

    /**
     * Writes a no-op into the oplog with majority write concern.
     *
     * @return the cluster time of the note: everything up to it is durable, and can be read by a snapshot at it
     */
    public OpTime fence(String note) {
        var command = new BsonDocument("appendOplogNote", new BsonInt32(1))
                .append("data", new BsonDocument("firedrill", new BsonString(note)))
                .append("writeConcern", new BsonDocument("w", new BsonString("majority")));
        return OpTime.of(run("admin", command).getTimestamp("operationTime"));
    }

    /**
     * Waits until this member has what a majority had at a time; a secondary may be behind. A failure where that takes longer
     * than one has patience for.
     */
    public void await(OpTime at, Duration patience) {
        var readConcern =
                new BsonDocument("level", new BsonString("majority")).append("afterClusterTime", at.timestamp());
        var command = new BsonDocument("find", new BsonString("oplog.rs"))
                .append("limit", new BsonInt32(1))
                .append("singleBatch", BsonBoolean.TRUE)
                .append("readConcern", readConcern)
                .append("maxTimeMS", new BsonInt64(patience.toMillis()));
        run("local", command);
    }

    /** A session for one cursor: a getMore must come from the session that opened it. */
    ClientSession cursorSession() {
        var options = ClientSessionOptions.builder().causallyConsistent(false).build();
        return asking("startSession", client -> {
            ClientSession session = client.startSession(options);
            sessions.put(session, client);
            return session;
        });
    }

    private MongoDatabase databaseOf(ClientSession session, String database) {
        return owner(session).getDatabase(database);
    }

    private MongoClient owner(ClientSession session) {
        return Objects.requireNonNull(sessions.get(session), "a session of this deployment");
    }

    /** A view of a database for a session, which copies replies into the array of a codec. */
    MongoDatabase rawDatabase(ClientSession session, String name, RawReply.RawReplyCodec codec) {
        MongoDatabase database = databaseOf(session, name);
        CodecRegistry codecs =
                CodecRegistries.fromRegistries(CodecRegistries.fromCodecs(codec), database.getCodecRegistry());
        return database.withCodecRegistry(codecs);
    }

    /** Once more with the credentials that there are now, where those from before are refused: nothing was done then. */
    private <T> T asking(String what, Function<MongoClient, T> work) {
        MongoClient used = clients.get();
        try {
            return work.apply(used);
        } catch (MongoException thrown) {
            if (!MongoFailures.isDenied(thrown) || !clients.renew(used)) {
                throw MongoFailures.of(thrown, role, hosts, what);
            }
        }
        try {
            return work.apply(clients.get());
        } catch (MongoException thrown) {
            throw MongoFailures.of(thrown, role, hosts, what);
        }
    }

    /** What a session has begun cannot go on with other credentials; whoever begins again has them. */
    <T> T guarded(ClientSession session, String what, Supplier<T> work) {
        try {
            return work.get();
        } catch (MongoException thrown) {
            throw MongoFailures.isDenied(thrown) && clients.renew(owner(session))
                    ? MongoFailures.renewed(role, hosts, what)
                    : MongoFailures.of(thrown, role, hosts, what);
        }
    }

    private static String describe(String database, BsonDocument command) {
        String name = command.getFirstKey();
        return switch (command.get(name)) {
            case BsonString collection -> "%s on %s.%s".formatted(name, database, collection.getValue());
            case BsonBinary _ -> "%s by UUID on %s".formatted(name, database);
            case BsonArray entries
            when name.equals(APPLY) ->
                "%s of %s".formatted(APPLY, applied(entries.getFirst().asDocument()));
            case null, default -> "%s on %s".formatted(name, database);
        };
    }

    /** Of an oplog entry that a server is to apply, the command that would do the same: what it needs is allowed by that. */
    private static String applied(BsonDocument entry) {
        String namespace = entry.getString("ns").getValue();
        BsonDocument object = entry.getDocument("o");
        return switch (entry.getString("op").getValue()) {
            case "i" -> "insert on " + namespace;
            case "u" -> "update on " + namespace;
            case "d" -> "delete on " + namespace;
            default ->
                object.isString("renameCollection")
                        ? "renameCollection on "
                                + object.getString("renameCollection").getValue()
                        : describe(Namespace.parse(namespace).database(), object);
        };
    }

    @Override
    public void close() {
        clients.close();
    }
}
