package io.firedrill.oplog;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.PushOptions;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Updates;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.bson.types.Binary;
import org.bson.types.Decimal128;

/** Writes of every kind on few documents, so that they meet often: inserts, updates that make every form of difference, deletes. */
final class RandomWrites {
    private static final int KEYS = 30;

    private final MongoClient client;
    private final MongoCollection<Document> collection;
    private final Random random;

    RandomWrites(MongoClient client, MongoCollection<Document> collection, long seed) {
        this.client = client;
        this.collection = collection;
        this.random = new Random(seed);
    }

    void write(int count) {
        for (int i = 0; i < count; i++) {
            if (random.nextInt(20) == 0) {
                inTransaction();
            } else {
                one();
            }
        }
    }

    private void one() {
        Bson key = new Document("_id", key());
        switch (random.nextInt(8)) {
            case 0, 1 -> collection.deleteOne(key);
            case 2 -> collection.replaceOne(key, document(), new ReplaceOptions().upsert(true));
            case 3, 4 -> collection.updateOne(key, update(), new com.mongodb.client.model.UpdateOptions().upsert(true));
            default -> collection.updateOne(key, update());
        }
    }

    private void inTransaction() {
        try (ClientSession session = client.startSession()) {
            session.startTransaction();
            collection.deleteOne(session, new Document("_id", "moved"));
            collection.insertOne(session, document().append("_id", "moved"));
            collection.updateOne(session, new Document("_id", "moved"), update());
            session.commitTransaction();
        }
    }

    private Object key() {
        int number = random.nextInt(KEYS);
        return switch (random.nextInt(6)) {
            case 0 -> (long) number;
            case 1 -> (double) number;
            case 2 -> new Decimal128(number);
            case 3 -> new Document("part", number).append("of", "it");
            case 4 -> new Binary(new byte[] {(byte) number});
            default -> number;
        };
    }

    private Document document() {
        var document = new Document("n", random.nextInt(9)).append("in", new Document("b", 1).append("a", 2));
        if (random.nextBoolean()) {
            document.append("list", new ArrayList<>(List.of(1, 2, 3, new Document("x", 1))));
        }
        if (random.nextInt(4) == 0) {
            document.append("3", "a number's name").append("", "no name");
        }
        return document;
    }

    private Bson update() {
        int value = random.nextInt(1_000);
        return switch (random.nextInt(12)) {
            case 0 -> Updates.set("n", value);
            case 1 -> Updates.combine(Updates.set("z", value), Updates.set("y", value), Updates.set("x", value));
            case 2 -> Updates.set("in.deep.er" + random.nextInt(3), value);
            case 3 -> Updates.combine(Updates.unset("in.b"), Updates.unset("z"), Updates.set("in.a", value));
            case 4 -> Updates.pushEach("list", List.of(value), new PushOptions().slice(-4));
            case 5 -> Updates.popLast("list");
            case 6 -> Updates.set("other." + random.nextInt(12), value);
            case 7 -> Updates.set("t", new BsonTimestamp(0, 0));
            case 8 -> Updates.set("in.t", new BsonTimestamp(0, 0));
            case 9 -> Updates.combine(Updates.set("in.3", value), Updates.set("in.2", value));
            case 10 -> Updates.set("text", "x".repeat(random.nextInt(300)));
            default -> Updates.combine(Updates.inc("n", 1), Updates.set("in.new" + random.nextInt(5), value));
        };
    }
}
