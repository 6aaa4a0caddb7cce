package io.firedrill.testing;

import static com.mongodb.client.model.Filters.eq;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.types.Decimal128;

/** Writes without a pause in every way that a document can be written in, into every kind of collection. */
public final class EveryWrite implements AutoCloseable {
    /** The databases it writes into; the last one holds the capped collection, of which a server shows no past. */
    public static final List<String> DATABASES = List.of("every", "ring");

    private static final int DOCUMENTS = 3_000;
    private static final int LARGE = 1 << 20;

    private final MongoClient client;
    private final Random random;
    private final AtomicLong rounds = new AtomicLong();
    private final SteadyWriter writer;

    public EveryWrite(MongodServer server, long seed) {
        client = server.client();
        writer = new SteadyWriter("every-write", client, this::write);
        random = new Random(seed);
    }

    public EveryWrite filled() {
        MongoDatabase every = every();
        every.runCommand(Document.parse("{create: 'worded', collation: {locale: 'en', strength: 1}}"));
        every.runCommand(Document.parse("{create: 'clustered', clusteredIndex: {key: {_id: 1}, unique: true}}"));
        every.runCommand(Document.parse("{create: 'measured', timeseries: {timeField: 'at', metaField: 'm'}}"));
        client.getDatabase("ring").runCommand(Document.parse("{create: 'ring', capped: true, size: 60000}"));
        for (String name : List.of("mixed", "clustered", "nested")) {
            List<Document> documents = new ArrayList<>();
            for (int i = 0; i < DOCUMENTS; i++) {
                documents.add(document(name.equals("nested") ? nested(i) : id(i)));
            }
            every.getCollection(name).insertMany(documents);
        }
        every.getCollection("mixed").createIndex(new Document("u", 1), unique());
        return this;
    }

    private static com.mongodb.client.model.IndexOptions unique() {
        return new com.mongodb.client.model.IndexOptions()
                .unique(true)
                .partialFilterExpression(new Document("u", new Document("$gt", 0)));
    }

    public EveryWrite started() {
        writer.start();
        return this;
    }

    /** Goes each way so many times, and is done: where nothing was started. */
    public void burst(int times) {
        try (ClientSession session = client.startSession()) {
            for (int i = 0; i < times; i++) {
                write(session);
            }
        }
    }

    /** How often each way was gone so far. */
    public long rounds() {
        writer.requireSound();
        return rounds.get();
    }

    private void write(ClientSession session) {
        for (String name : List.of("mixed", "clustered", "nested")) {
            ordinary(every().getCollection(name), name.equals("nested"));
        }
        special();
        transaction(session);
        if (rounds.incrementAndGet() % 150 == 40) {
            largeTransaction(session);
        }
    }

    private void ordinary(MongoCollection<Document> documents, boolean nested) {
        int number = random.nextInt(2 * DOCUMENTS);
        Object id = nested ? nested(number) : id(number);
        switch (random.nextInt(8)) {
            case 0 -> documents.deleteOne(eq("_id", id));
            case 1 -> documents.replaceOne(eq("_id", id), document(id), new ReplaceOptions().upsert(true));
            case 2 -> documents.updateOne(eq("_id", id), Updates.push("list", random.nextInt()));
            case 3 -> documents.updateOne(eq("_id", id), Updates.set("list.1", Document.parse("{a: [1, {b: 2}]}")));
            case 4 -> documents.updateOne(eq("_id", id), Updates.combine(Updates.unset("text"), Updates.inc("n", 1)));
            case 5 -> documents.updateOne(eq("_id", id), Updates.set("in.deep.er", random.nextInt()));
            case 6 ->
                documents.updateOne(
                        eq("_id", id),
                        // Without a list the way above would make an object of it, to which nothing can be pushed.
                        Updates.combine(Updates.inc("n", 1), Updates.setOnInsert("list", List.of())),
                        new UpdateOptions().upsert(true));
            default -> {
                // A unique value wanders from one document to the next.
                documents.updateMany(eq("u", 7), Updates.set("u", 0));
                documents.updateOne(eq("_id", id), Updates.set("u", 7));
            }
        }
    }

    private void special() {
        String word = random.nextBoolean() ? "Word" : "word";
        MongoCollection<Document> worded = every().getCollection("worded");
        worded.updateOne(eq("_id", word + random.nextInt(9)), Updates.inc("n", 1), new UpdateOptions().upsert(true));
        worded.deleteOne(eq("_id", word + random.nextInt(40)));
        every().getCollection("measured")
                .insertOne(new Document("at", Date.from(Instant.now()))
                        .append("m", random.nextInt(3))
                        .append("x", random.nextDouble()));
        MongoCollection<Document> ring = client.getDatabase("ring").getCollection("ring");
        if (random.nextInt(10) == 0) {
            ring.insertOne(new Document("text", "x".repeat(random.nextInt(900))));
        }
        MongoCollection<Document> empty = every().getCollection("nested");
        empty.replaceOne(
                eq("_id", "empty"),
                new Document("t", new BsonTimestamp(1, random.nextInt())),
                new ReplaceOptions().upsert(true));
    }

    private void transaction(ClientSession session) {
        session.withTransaction(() -> {
            MongoCollection<Document> mixed = every().getCollection("mixed");
            int number = random.nextInt(DOCUMENTS);
            mixed.deleteOne(session, eq("_id", id(number)));
            mixed.insertOne(session, document(id(number)));
            mixed.updateOne(session, eq("_id", id(number)), Updates.inc("n", 5));
            every().getCollection("clustered")
                    .updateOne(session, eq("_id", id(number)), Updates.set("by", "transaction"));
            return number;
        });
    }

    /** So large that the oplog has it in several entries. */
    private void largeTransaction(ClientSession session) {
        session.withTransaction(() -> {
            for (int i = 0; i < 18; i++) {
                every().getCollection("nested")
                        .replaceOne(
                                session,
                                eq("_id", "large" + i),
                                new Document("text", "y".repeat(LARGE)).append("n", random.nextInt()),
                                new ReplaceOptions().upsert(true));
            }
            return 0;
        });
    }

    private Document document(Object id) {
        return new Document("_id", id)
                .append("n", random.nextInt())
                .append("list", List.of(1, 2, 3))
                .append("text", " ".repeat(random.nextInt(400)));
    }

    /** The same number in any of the types that a server takes for the same. */
    private Object id(int number) {
        return switch (random.nextInt(4)) {
            case 0 -> number;
            case 1 -> (long) number;
            case 2 -> (double) number;
            default -> new Decimal128(number);
        };
    }

    private Document nested(int number) {
        return new Document("a", id(number % 50)).append("b", "é" + number / 50);
    }

    private MongoDatabase every() {
        return client.getDatabase("every");
    }

    @Override
    public void close() {
        writer.close();
    }
}
