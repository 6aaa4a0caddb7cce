package io.firedrill.testing;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;

import com.mongodb.MongoException;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Updates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.Random;
import org.bson.Document;

/** A source to which everything happens, one thing after the other, with ordinary writes between: for as long as one wants. */
public final class EventfulHistory implements AutoCloseable {
    private static final int COLLECTIONS = 3;
    private static final int DOCUMENTS = 30;
    private static final int MEGABYTE = 1 << 20;

    private final MongoClient client;
    private final MongoDatabase shop;
    private final Random random;

    private enum Event {
        RENAME,
        RENAME_ONTO,
        OUT,
        RECREATE,
        COLL_MOD,
        CREATE_INDEX,
        ALTER_INDEX,
        DROP_INDEXES,
        VIEW,
        TIME_SERIES,
        CONVERT_TO_CAPPED,
        MOVE_TO_OTHER_DATABASE,
        DROP_DATABASE,
        TRANSACTION,
        TRANSACTION_IN_PARTS,
        TRANSACTION_PREPARED,
        TRANSACTION_THAT_CREATES
    }

    public EventfulHistory(MongodServer server, long seed) {
        client = server.client();
        shop = client.getDatabase("shop");
        random = new Random(seed);
    }

    /** What is there before anything happens. */
    public EventfulHistory filled() {
        for (int i = 0; i < COLLECTIONS; i++) {
            fill(shop, "c" + i);
            fill(client.getDatabase("fleeting"), "c" + i);
        }
        shop.getCollection("c0").createIndex(new Document("n", 1));
        return this;
    }

    /** Everything happens this many times, each time in another order. */
    public void happen(int times) {
        for (int i = 0; i < times; i++) {
            List<Event> events = new ArrayList<>(List.of(Event.values()));
            Collections.shuffle(events, random);
            for (Event event : events) {
                attempt(() -> happen(event, name(), name()));
                for (int writes = random.nextInt(8); writes > 0; writes--) {
                    attempt(this::write);
                }
            }
        }
    }

    /** A collection that is gone, or is capped by now, refuses much: the source then says so and nothing has happened. */
    private static void attempt(Runnable work) {
        try {
            work.run();
        } catch (MongoException _) {
            return;
        }
    }

    private void happen(Event event, String name, String other) {
        switch (event) {
            case RENAME -> {
                rename("shop." + name, "shop.moved", false);
                attempt(() -> rename("shop.moved", "shop." + other, false));
                attempt(() -> rename("shop.moved", "shop." + name, false));
            }
            case RENAME_ONTO -> {
                rename("shop." + name, "shop." + other, true);
                fill(shop, name);
            }
            case OUT ->
                shop.getCollection(name)
                        .aggregate(List.of(new Document("$match", gt("n", 3)), new Document("$out", other)))
                        .toCollection();
            case RECREATE -> recreate(name);
            case COLL_MOD ->
                shop.runCommand(new Document("collMod", name)
                        .append("validator", new Document("n", new Document("$lt", 1_000_000 + random.nextInt(99)))));
            case CREATE_INDEX ->
                shop.getCollection(name).createIndex(new Document("f" + random.nextInt(9), 1).append("n", 1));
            case ALTER_INDEX -> {
                shop.getCollection(name).createIndex(new Document("altered", 1));
                shop.runCommand(
                        Document.parse("{collMod: '%s', index: {name: 'altered_1', hidden: true}}".formatted(name)));
            }
            case DROP_INDEXES -> shop.getCollection(name).dropIndexes();
            case VIEW -> view(name);
            case TIME_SERIES -> measure();
            case CONVERT_TO_CAPPED -> shop.runCommand(new Document("convertToCapped", name).append("size", 200_000));
            case MOVE_TO_OTHER_DATABASE -> {
                rename("shop." + name, "fleeting.moved", true);
                fill(shop, name);
            }
            case DROP_DATABASE -> {
                client.getDatabase("fleeting").drop();
                fill(client.getDatabase("fleeting"), name);
            }
            case TRANSACTION -> transaction(name, other);
            case TRANSACTION_IN_PARTS -> parts();
            case TRANSACTION_PREPARED -> prepared(other);
            case TRANSACTION_THAT_CREATES -> creating();
        }
    }

    private void rename(String from, String to, boolean dropTarget) {
        client.getDatabase("admin")
                .runCommand(
                        new Document("renameCollection", from).append("to", to).append("dropTarget", dropTarget));
    }

    private void recreate(String name) {
        shop.getCollection(name).drop();
        var create = new Document("create", name);
        switch (random.nextInt(3)) {
            case 0 -> create.append("collation", new Document("locale", "sv"));
            case 1 -> create.append("capped", true).append("size", 300_000);
            default -> create.append("validator", new Document("n", new Document("$gte", 0)));
        }
        shop.runCommand(create);
        fill(shop, name);
    }

    private void view(String on) {
        shop.getCollection("view").drop();
        shop.createView("view", on, List.of(new Document("$match", new Document("n", random.nextInt(9)))));
        shop.runCommand(Document.parse("{collMod: 'view', viewOn: '%s', pipeline: []}".formatted(on)));
    }

    private void measure() {
        shop.getCollection("series").drop();
        shop.runCommand(Document.parse("{create: 'series', timeseries: {timeField: 't', metaField: 'm'}}"));
        for (int i = 0; i < 4; i++) {
            shop.getCollection("series")
                    .insertOne(new Document("t", Date.from(Instant.now()))
                            .append("m", i % 2)
                            .append("x", random.nextInt()));
        }
        shop.getCollection("series").createIndex(new Document("m", 1));
        shop.runCommand(Document.parse("{collMod: 'series', timeseries: {granularity: 'minutes'}}"));
    }

    private void transaction(String name, String other) {
        try (ClientSession session = client.startSession()) {
            session.withTransaction(() -> {
                shop.getCollection(name).deleteOne(session, eq("_id", 3));
                shop.getCollection(name).insertOne(session, new Document("_id", 3).append("n", 3));
                shop.getCollection(other).updateOne(session, eq("_id", 4), Updates.inc("m", 1));
                return true;
            });
        }
    }

    /** So large that the oplog has it in several entries: until the last there is nothing of it. */
    private void parts() {
        MongoCollection<Document> large = client.getDatabase("fleeting").getCollection("large");
        attempt(() -> client.getDatabase("fleeting").createCollection("large"));
        try (ClientSession session = client.startSession()) {
            session.withTransaction(() -> {
                for (int i = 0; i < 17; i++) {
                    large.insertOne(session, new Document("_id", i).append("text", "x".repeat(MEGABYTE)));
                }
                return true;
            });
        }
        large.drop();
    }

    private void prepared(String name) {
        try (ClientSession session = client.startSession()) {
            session.startTransaction();
            shop.getCollection(name).updateOne(session, eq("_id", 5), Updates.inc("m", 1));
            client.getDatabase("admin")
                    .runCommand(session, Document.parse("{prepareTransaction: 1, writeConcern: {w: 'majority'}}"));
            client.getDatabase("fleeting").getCollection("c1").insertOne(new Document("meanwhile", random.nextInt()));
            client.getDatabase("admin")
                    .runCommand(
                            session,
                            new Document("commitTransaction", 1).append("commitTimestamp", session.getOperationTime()));
        }
    }

    private void creating() {
        shop.getCollection("made").drop();
        try (ClientSession session = client.startSession()) {
            session.withTransaction(() -> {
                shop.createCollection(session, "made");
                shop.getCollection("made").createIndex(session, new Document("q", 1));
                shop.getCollection("made").insertOne(session, new Document("_id", random.nextInt()));
                return true;
            });
        }
    }

    private void fill(MongoDatabase database, String name) {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < DOCUMENTS; i++) {
            documents.add(new Document("_id", i).append("n", i).append("text", name + random.nextInt()));
        }
        database.getCollection(name).insertMany(documents);
    }

    private void write() {
        MongoCollection<Document> collection = shop.getCollection(name());
        int id = random.nextInt(2 * DOCUMENTS);
        switch (random.nextInt(4)) {
            case 0 -> collection.insertOne(new Document("_id", id).append("n", random.nextInt(DOCUMENTS)));
            case 1 -> collection.updateMany(gt("n", DOCUMENTS - 4), Updates.inc("m", 1));
            case 2 ->
                collection.replaceOne(
                        eq("_id", id), new Document("n", random.nextInt(9)), new ReplaceOptions().upsert(true));
            default -> collection.deleteOne(eq("_id", id));
        }
    }

    private String name() {
        return "c" + random.nextInt(COLLECTIONS);
    }

    @Override
    public void close() {
        client.close();
    }
}
