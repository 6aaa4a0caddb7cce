package io.firedrill.testing;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.lt;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.PushOptions;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.BsonTimestamp;
import org.bson.Document;

/** The forms in which an oplog has what is done to documents. */
final class DocumentForms {
    private static final int LARGE = (16 << 20) - 200;

    private DocumentForms() {}

    static List<EntryForm> all() {
        return List.of(
                new EntryForm("i", DocumentForms::filled, (_, db) -> inserts(db)),
                new EntryForm("u diff", DocumentForms::filled, (_, db) -> diffs(db)),
                new EntryForm("u whole", DocumentForms::filled, (_, db) -> replacements(db)),
                new EntryForm("d", DocumentForms::filled, (_, db) -> docs(db).deleteMany(lt("_id", 60))),
                new EntryForm("i u d of 16 MB", DocumentForms::filled, (_, db) -> large(db)),
                new EntryForm("i u d collated", DocumentForms::collated, (_, db) -> words(db)),
                new EntryForm("i u d clustered", DocumentForms::clustered, (_, db) -> ordered(db)),
                new EntryForm("i u d capped", DocumentForms::capped, (_, db) -> ring(db)),
                new EntryForm("transaction", DocumentForms::filled, DocumentForms::transaction),
                new EntryForm("transaction in parts", DocumentForms::filled, DocumentForms::parts),
                new EntryForm("transaction aborted", DocumentForms::filled, DocumentForms::aborted),
                new EntryForm("transaction prepared", DocumentForms::filled, DocumentForms::prepared),
                new EntryForm("transaction with ddl", DocumentForms::filled, DocumentForms::withDefinitions));
    }

    static MongoCollection<Document> docs(MongoDatabase database) {
        return database.getCollection("docs");
    }

    static void filled(MongoClient client, MongoDatabase database) {
        docs(database)
                .insertMany(IntStream.range(0, 100)
                        .mapToObj(i -> new Document("_id", i)
                                .append("n", i)
                                .append("list", List.of(1, 2, 3, 4, 5))
                                .append("in", new Document("a", i).append("b", "é")))
                        .toList());
    }

    private static void inserts(MongoDatabase database) {
        for (int i = 0; i < 50; i++) {
            docs(database).insertOne(new Document("_id", "new" + i).append("n", i));
        }
        docs(database).insertMany(List.of(new Document("_id", 1_000L), new Document("_id", 1_001.5)));
        docs(database).updateOne(eq("_id", "upsert"), Updates.inc("n", 1), new UpdateOptions().upsert(true));
    }

    private static void diffs(MongoDatabase database) {
        MongoCollection<Document> docs = docs(database);
        for (int i = 0; i < 100; i++) {
            docs.updateOne(eq("_id", i), Updates.combine(Updates.set("new", i), Updates.inc("n", 1)));
            docs.updateOne(eq("_id", i), Updates.unset("in.a"));
            docs.updateOne(eq("_id", i), Updates.set("list.3", new Document("x", i)));
            docs.updateOne(eq("_id", i), Updates.push("list", i));
            docs.updateOne(eq("_id", i), Updates.pushEach("list", List.of(), new PushOptions().slice(2)));
            docs.updateOne(eq("_id", i), Updates.set("in.deep.er", List.of(i)));
            docs.updateOne(eq("_id", i), Updates.set("t", new BsonTimestamp(0, 0)));
        }
        docs.updateMany(new Document(), List.of(new Document("$set", new Document("sum", "$n"))));
    }

    private static void replacements(MongoDatabase database) {
        for (int i = 0; i < 100; i++) {
            docs(database).replaceOne(eq("_id", i), new Document("whole", i));
            docs(database).findOneAndReplace(eq("_id", i), new Document("again", i));
        }
        docs(database).replaceOne(eq("_id", "none"), new Document("u", 1), new ReplaceOptions().upsert(true));
    }

    private static void large(MongoDatabase database) {
        for (int i = 0; i < 3; i++) {
            docs(database).insertOne(new Document("_id", "large" + i).append("text", "x".repeat(LARGE)));
        }
        docs(database).replaceOne(eq("_id", "large1"), new Document("text", "y".repeat(LARGE)));
        docs(database).updateOne(eq("_id", "large1"), Updates.set("text", "z".repeat(LARGE)));
        docs(database).deleteOne(eq("_id", "large2"));
    }

    private static void collated(MongoClient client, MongoDatabase database) {
        database.runCommand(Document.parse("{create: 'docs', collation: {locale: 'en', strength: 1}}"));
        docs(database).insertMany(List.of(new Document("_id", "Word"), new Document("_id", "other")));
    }

    private static void words(MongoDatabase database) {
        for (int i = 0; i < 40; i++) {
            docs(database).deleteOne(eq("_id", i % 2 == 0 ? "word" : "WORD"));
            docs(database).insertOne(new Document("_id", i % 3 == 0 ? "wOrd" : "word").append("n", i));
            docs(database).updateOne(eq("_id", "word"), Updates.inc("n", 1));
        }
    }

    private static void clustered(MongoClient client, MongoDatabase database) {
        database.runCommand(Document.parse("{create: 'docs', clusteredIndex: {key: {_id: 1}, unique: true}}"));
        filled(client, database);
    }

    private static void ordered(MongoDatabase database) {
        for (int i = 0; i < 50; i++) {
            docs(database).insertOne(new Document("_id", 1_000 + i));
            docs(database).updateOne(eq("_id", i), Updates.inc("n", 1));
            docs(database).deleteOne(eq("_id", i + 50));
        }
    }

    private static void capped(MongoClient client, MongoDatabase database) {
        database.runCommand(Document.parse("{create: 'docs', capped: true, size: 20000, max: 60}"));
        filled(client, database);
    }

    private static void ring(MongoDatabase database) {
        for (int i = 0; i < 200; i++) {
            docs(database).insertOne(new Document("_id", -1 - i).append("text", "x".repeat(i * 3)));
            docs(database).updateOne(eq("_id", -1 - i), Updates.set("text", "y".repeat(i * 3)));
        }
    }

    private static void transaction(MongoClient client, MongoDatabase database) {
        try (ClientSession session = client.startSession()) {
            session.withTransaction(() -> {
                docs(database).deleteOne(session, eq("_id", 1));
                docs(database).insertOne(session, new Document("_id", 1).append("again", true));
                docs(database).updateOne(session, eq("_id", 2), Updates.inc("n", 1));
                return true;
            });
        }
    }

    private static void parts(MongoClient client, MongoDatabase database) {
        try (ClientSession session = client.startSession()) {
            session.withTransaction(() -> {
                for (int i = 0; i < 20; i++) {
                    docs(database)
                            .insertOne(session, new Document("_id", "part" + i).append("text", "x".repeat(1 << 20)));
                }
                docs(database).deleteOne(session, eq("_id", 5));
                return true;
            });
        }
    }

    private static void aborted(MongoClient client, MongoDatabase database) {
        prepare(client, database, ClientSession::abortTransaction);
    }

    private static void prepared(MongoClient client, MongoDatabase database) {
        prepare(
                client,
                database,
                session -> client.getDatabase("admin")
                        .runCommand(
                                session,
                                new Document("commitTransaction", 1)
                                        .append("commitTimestamp", session.getOperationTime())));
    }

    private static void prepare(
            MongoClient client, MongoDatabase database, java.util.function.Consumer<ClientSession> end) {
        try (ClientSession session = client.startSession()) {
            session.startTransaction();
            docs(database).deleteOne(session, eq("_id", 7));
            docs(database).insertOne(session, new Document("_id", "prepared"));
            client.getDatabase("admin")
                    .runCommand(session, Document.parse("{prepareTransaction: 1, writeConcern: {w: 'majority'}}"));
            end.accept(session);
        }
    }

    private static void withDefinitions(MongoClient client, MongoDatabase database) {
        try (ClientSession session = client.startSession()) {
            session.withTransaction(() -> {
                database.createCollection(session, "made");
                database.getCollection("made").createIndex(session, new Document("q", 1));
                List<Document> documents = new ArrayList<>();
                for (int i = 0; i < 10; i++) {
                    documents.add(new Document("_id", i).append("q", i));
                }
                database.getCollection("made").insertMany(session, documents);
                docs(database).updateOne(session, eq("_id", 2), Updates.inc("n", 1));
                return true;
            });
        }
    }
}
