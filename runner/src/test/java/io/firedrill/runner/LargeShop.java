package io.firedrill.runner;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Indexes;
import io.firedrill.testing.MongodServer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bson.Document;

/** Some seventy megabytes in two databases: four units of work, each long enough to be cut off in it. */
final class LargeShop {
    static final List<String> DATABASES = List.of("shop", "archive");
    private static final int DOCUMENTS = 32_000;
    private static final int BATCH = 4_000;

    private LargeShop() {}

    static void fill(MongodServer server) {
        try (MongoClient client = server.client()) {
            for (int i = 0; i < DOCUMENTS; i += BATCH) {
                MongoDatabase database = client.getDatabase(DATABASES.get(i / BATCH % 2));
                database.getCollection("orders-" + i / BATCH / 4).insertMany(orders(i));
            }
            MongoDatabase shop = client.getDatabase("shop");
            shop.getCollection("orders-0").createIndex(Indexes.ascending("customer"));
            shop.getCollection("orders-1").createIndex(Indexes.ascending("text"));
            shop.createView("recent", "orders-0", List.of(new Document("$match", new Document("customer", 7))));
            shop.createCollection("empty");
        }
    }

    private static List<Document> orders(int first) {
        var random = new Random(first);
        List<Document> orders = new ArrayList<>();
        for (int i = first; i < first + BATCH; i++) {
            byte[] noise = new byte[300];
            random.nextBytes(noise);
            orders.add(new Document("_id", i)
                    .append("customer", random.nextInt(1_000))
                    .append("text", Base64.getEncoder().encodeToString(noise))
                    .append("remark", "as ordered, ".repeat(140)));
        }
        return orders;
    }

    /** The server's own digest of each database. */
    static Map<String, String> hashes(MongodServer server) {
        var hashes = new HashMap<String, String>();
        DATABASES.forEach(database -> hashes.put(database, server.dbHash(database)));
        return hashes;
    }
}
