package io.firedrill.testing;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Filters.lte;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoClient;
import io.firedrill.mongo.OpTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/**
 * A mongod of its own that is brought to any moment of a source by the source's oplog alone, from its first entry on: it
 * says what the source held then, though the source has long dropped or renamed it. mongod itself applies the entries;
 * nothing of ours takes part.
 */
public final class Follower implements AutoCloseable {
    private static final Set<String> INTERNAL = Set.of("admin", "config", "local");
    private static final Set<String> TRANSACTIONS = Set.of("applyOps", "commitTransaction", "abortTransaction");
    private static final int BATCH = 500;
    private static final long BATCH_BYTES = 8 << 20;

    private final MongodServer source;
    private final int batchMax;
    private final MongodServer server = MongodServer.replicaSet("follower");
    private final MongoClient client = server.client();
    private final List<BsonValue> batch = new ArrayList<>();
    private final Map<BsonValue, BsonArray> parts = new HashMap<>();
    private long batchBytes;
    private BsonTimestamp reached = new BsonTimestamp(0, 0);

    public Follower(MongodServer source) {
        this(source, BATCH);
    }

    private Follower(MongodServer source, int batchMax) {
        this.source = source;
        this.batchMax = batchMax;
    }

    /** One that gives mongod one entry at a time, so that nothing can come in another order. */
    public static Follower oneByOne(MongodServer source) {
        return new Follower(source, 1);
    }

    public MongodServer server() {
        return server;
    }

    /** Applies what the source did up to a moment, which has to be later than the last one. */
    public void advance(OpTime to) {
        try (MongoClient from = source.client()) {
            var span = and(gt("ts", reached), lte("ts", to.timestamp()));
            for (BsonDocument entry : from.getDatabase("local")
                    .getCollection("oplog.rs", BsonDocument.class)
                    .find(span)
                    .sort(new BsonDocument("$natural", new BsonInt32(1)))) {
                apply(entry);
            }
        }
        flush();
        reached = to.timestamp();
    }

    /** Says that a copy is what the source was then: content, definitions and indexes of every database. */
    public void assertEqual(MongodServer copy, String which) {
        for (String database : databases(copy)) {
            Oracle.Comparison found = Oracle.compare(server, copy, database);
            assertThat(found.content()).as("content of %s, %s", database, which).isEmpty();
            assertThat(found.definitions())
                    .as("definitions of %s, %s", database, which)
                    .isEmpty();
            assertThat(found.indexes()).as("indexes of %s, %s", database, which).isEmpty();
        }
    }

    /** The user's databases of both servers; they should be the same. */
    public Set<String> databases(MongodServer other) {
        var names = new TreeSet<String>();
        try (MongoClient copy = other.client()) {
            client.listDatabaseNames().into(names);
            copy.listDatabaseNames().into(names);
        }
        names.removeAll(INTERNAL);
        names.remove("__firedrill");
        return names;
    }

    private void apply(BsonDocument entry) {
        String operation = entry.getString("op").getValue();
        if (operation.equals("n")) {
            return;
        }
        if (operation.equals("c")
                && TRANSACTIONS.contains(entry.getDocument("o").getFirstKey())) {
            transaction(entry);
            return;
        }
        String namespace = entry.getString("ns").getValue();
        String database = namespace.substring(0, namespace.indexOf('.'));
        if (INTERNAL.contains(database)) {
            return;
        }
        if (operation.equals("c")) {
            flush();
            command(database, entry);
        } else {
            add(entry);
        }
    }

    private void transaction(BsonDocument entry) {
        BsonDocument command = entry.getDocument("o");
        BsonArray gathered = parts.computeIfAbsent(session(entry), none -> new BsonArray());
        gathered.addAll(command.getArray("applyOps", new BsonArray()));
        if (command.containsKey("partialTxn") || command.containsKey("prepare")) {
            return;
        }
        parts.remove(session(entry));
        if (!command.containsKey("abortTransaction")) {
            gathered.forEach(operation -> apply(operation.asDocument()));
        }
    }

    private static BsonValue session(BsonDocument entry) {
        return new BsonArray(List.of(
                entry.getOrDefault("lsid", new BsonString("none")),
                entry.getOrDefault("txnNumber", new BsonString("none"))));
    }

    private void command(String database, BsonDocument entry) {
        BsonDocument command = entry.getDocument("o");
        switch (command.getFirstKey()) {
            case "createIndexes" -> {
                BsonDocument spec = command.clone();
                spec.remove("createIndexes");
                createIndexes(database, command.getString("createIndexes"), new BsonArray(List.of(spec)));
            }
            case "commitIndexBuild" ->
                createIndexes(database, command.getString("commitIndexBuild"), command.getArray("indexes"));
            case "startIndexBuild", "abortIndexBuild" -> {}
            default -> applyOps(List.of(entry));
        }
    }

    /** A collation that is not named is the simple one here, and the collection's own to the command. */
    private void createIndexes(String database, BsonString collection, BsonArray specs) {
        for (BsonValue spec : specs) {
            spec.asDocument().putIfAbsent("collation", new BsonDocument("locale", new BsonString("simple")));
        }
        client.getDatabase(database).runCommand(new BsonDocument("createIndexes", collection).append("indexes", specs));
    }

    private void add(BsonDocument entry) {
        int bytes = new RawBsonDocument(entry, new BsonDocumentCodec())
                .getByteBuffer()
                .remaining();
        if (batch.size() == batchMax || batchBytes + bytes > BATCH_BYTES) {
            flush();
        }
        batch.add(entry);
        batchBytes += bytes;
    }

    private void flush() {
        if (!batch.isEmpty()) {
            applyOps(batch);
            batch.clear();
            batchBytes = 0;
        }
    }

    private void applyOps(List<BsonValue> entries) {
        try {
            client.getDatabase("admin")
                    .runCommand(new BsonDocument("applyOps", new BsonArray(entries))
                            .append("allowAtomic", BsonBoolean.FALSE)
                            .append("alwaysUpsert", BsonBoolean.FALSE)
                            .append("bypassDocumentValidation", BsonBoolean.TRUE));
        } catch (MongoCommandException thrown) {
            int bad = thrown.getResponse().getArray("results", new BsonArray()).indexOf(BsonBoolean.FALSE);
            throw new AssertionError("mongod does not apply " + (bad < 0 ? entries : entries.get(bad)), thrown);
        }
    }

    @Override
    public void close() {
        client.close();
        server.close();
    }
}
