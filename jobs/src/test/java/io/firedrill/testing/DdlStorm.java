package io.firedrill.testing;

import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.bson.Document;

/** Changes what a source's collections are, every so often, while somebody else writes into them. */
public final class DdlStorm implements AutoCloseable {
    private static final int COLLECTIONS = 3;
    private static final int DOCUMENTS = 250;

    private final MongoClient client;
    private final Random random;
    private final Random writing;
    private final Map<Kind, Long> done = new EnumMap<>(Kind.class);
    private final AtomicLong count = new AtomicLong();
    private final AtomicLong turns = new AtomicLong();
    private volatile long every = 1;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);

    /** What it does. */
    public enum Kind {
        RENAME,
        RENAME_ONTO,
        OUT,
        RECREATE,
        COLL_MOD,
        CREATE_INDEX,
        DROP_INDEXES,
        VIEW,
        CONVERT_TO_CAPPED,
        DROP_DATABASE
    }

    public DdlStorm(MongodServer server, long seed) {
        client = server.client();
        random = new Random(seed);
        writing = new Random(seed + 1);
    }

    public DdlStorm filled() {
        for (int i = 0; i < COLLECTIONS; i++) {
            fill("storm", name(i));
            fill("fleeting", name(i));
            fill("calm", name(i));
        }
        return this;
    }

    /**
     * Begins; an exception ends a round, never the storm.
     *
     * @param pauseMillis between two changes: on a slow machine, where these take longer, there are fewer of them, as of anything
     */
    public DdlStorm started(long pauseMillis) {
        var _ = threads.scheduleWithFixedDelay(
                () -> guarded(this::change), pauseMillis, pauseMillis, TimeUnit.MILLISECONDS);
        var _ = threads.scheduleWithFixedDelay(() -> guarded(this::write), 1, 2, TimeUnit.MILLISECONDS);
        return this;
    }

    /** From now on it changes half as much: a backup that takes long has more of it. */
    public synchronized void calmDown() {
        every *= 2;
    }

    /** How often anything was changed so far. */
    public long count() {
        return count.get();
    }

    public synchronized Map<Kind, Long> done() {
        return new EnumMap<>(done);
    }

    /** A collection that is gone, or is a view or capped by now, refuses much: that is the storm's business. */
    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (MongoException _) {
            return;
        }
    }

    private void change() {
        if (turns.incrementAndGet() % every != 0) {
            return;
        }
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        change(kind, client.getDatabase("storm"), name(random.nextInt(COLLECTIONS)), name(random.nextInt(COLLECTIONS)));
        count.incrementAndGet();
        synchronized (this) {
            done.merge(kind, 1L, Long::sum);
        }
    }

    private void change(Kind kind, MongoDatabase storm, String name, String other) {
        switch (kind) {
            case RENAME -> {
                boolean away = random.nextBoolean();
                rename(away ? name : "moved" + other, away ? "moved" + other : name, false);
            }
            case RENAME_ONTO -> rename(name, other, true);
            case OUT ->
                storm.getCollection(name)
                        .aggregate(List.of(new Document("$match", new Document()), new Document("$out", other)))
                        .toCollection();
            case RECREATE -> recreate(storm, name);
            case COLL_MOD ->
                storm.runCommand(new Document("collMod", name)
                        .append(
                                "validator",
                                new Document("n", new Document("$lt", random.nextInt(1_000) + 1_000_000))));
            case CREATE_INDEX ->
                storm.getCollection(name).createIndex(new Document("f" + random.nextInt(4), 1).append("n", 1));
            case DROP_INDEXES -> storm.getCollection(name).dropIndexes();
            case VIEW -> view(storm, other);
            case CONVERT_TO_CAPPED -> storm.runCommand(new Document("convertToCapped", name).append("size", 200_000));
            case DROP_DATABASE -> {
                client.getDatabase("fleeting").drop();
                fill("fleeting", name);
            }
        }
    }

    private void rename(String from, String to, boolean dropTarget) {
        client.getDatabase("admin")
                .runCommand(new Document("renameCollection", "storm." + from)
                        .append("to", "storm." + to)
                        .append("dropTarget", dropTarget));
    }

    private void recreate(MongoDatabase storm, String name) {
        storm.getCollection(name).drop();
        var create = new Document("create", name);
        switch (random.nextInt(3)) {
            case 0 -> create.append("collation", new Document("locale", "sv"));
            case 1 -> create.append("capped", true).append("size", 300_000);
            default -> create.append("validator", new Document("n", new Document("$gte", 0)));
        }
        storm.runCommand(create);
        fill("storm", name);
    }

    private void view(MongoDatabase storm, String on) {
        storm.getCollection("view").drop();
        storm.createView("view", on, List.of(new Document("$match", new Document("n", random.nextInt(9)))));
    }

    private void fill(String database, String name) {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < DOCUMENTS; i++) {
            documents.add(new Document("_id", i)
                    .append("n", i)
                    .append("text", name + " ".repeat(i % 40) + System.identityHashCode(documents)));
        }
        client.getDatabase(database).getCollection(name).insertMany(documents);
    }

    private void write() {
        String database = writing.nextBoolean() ? "storm" : "calm";
        var collection = client.getDatabase(database).getCollection(name(writing.nextInt(COLLECTIONS)));
        int id = writing.nextInt(2 * DOCUMENTS);
        switch (writing.nextInt(3)) {
            case 0 -> collection.insertOne(new Document("_id", id).append("n", writing.nextInt()));
            case 1 -> collection.updateMany(new Document("n", id), new Document("$inc", new Document("m", 1)));
            default -> collection.deleteOne(new Document("_id", id));
        }
    }

    private static String name(int number) {
        return "c" + number;
    }

    @Override
    public void close() {
        threads.close();
        client.close();
    }
}
