package io.firedrill.testing;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.locks.LockSupport;
import org.bson.Document;

/**
 * A migration tool at its simplest, in a JVM of its own: it refreshes a lock without a pause, writes documents one after the other,
 * and then a row.
 */
public final class WritingProgram {
    public static final String CHANGELOG = "changelog";
    public static final String LOCK = "lock";
    public static final String DATA = "data";

    private static final long REFRESH_NANOS = 2_000_000;
    private static final UpdateOptions UPSERT = new UpdateOptions().upsert(true);

    private WritingProgram() {}

    /** Starts it; whoever calls ends it. */
    public static Process start(String uri, String database, int writes) {
        var builder = new ProcessBuilder(
                        OwnJvm.command("64m", WritingProgram.class, database, Integer.toString(writes)))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("MONGO_URI", uri);
        try {
            return builder.start();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** MONGO_URI is the connection string; arguments: database, number of writes. */
    public static void main(String[] arguments) {
        try (MongoClient client = MongoClients.create(System.getenv("MONGO_URI"))) {
            MongoDatabase database = client.getDatabase(arguments[0]);
            // The first of them here: that there is one must not depend on who has his turn first.
            refreshOnce(database);
            Thread.ofPlatform().daemon().start(() -> refresh(database));
            for (int i = 1; i <= Integer.parseInt(arguments[1]); i++) {
                database.getCollection(DATA).updateOne(Filters.eq("_id", i), Updates.inc("n", 1), UPSERT);
            }
            database.getCollection(CHANGELOG).insertOne(new Document("_id", "c"));
        }
    }

    private static void refresh(MongoDatabase database) {
        while (true) {
            LockSupport.parkNanos(REFRESH_NANOS);
            refreshOnce(database);
        }
    }

    private static void refreshOnce(MongoDatabase database) {
        database.getCollection(LOCK).updateOne(Filters.eq("_id", "lock"), Updates.inc("n", 1), UPSERT);
    }
}
