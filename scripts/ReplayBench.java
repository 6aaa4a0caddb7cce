import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.DeleteOneModel;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertManyOptions;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.OplogSpan;
import io.firedrill.archive.Segment;
import io.firedrill.archive.SegmentStore;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.OplogScan;
import io.firedrill.oplog.OplogCapture;
import io.firedrill.oplog.OplogLog;
import io.firedrill.oplog.OplogReplay;
import io.firedrill.oplog.ReplayScope;
import io.firedrill.oplog.Replayed;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.bson.Document;
import org.bson.RawBsonDocument;

/**
 * What {@code scripts/bench --replay} measures: an oplog of mixed entries, and its strict replay.
 *
 * <pre>
 * load   URI [documents]                            one collection of documents of 1 KB, the same in every server
 * write  URI FOLDER entries peersEntries            mixed writes; FOLDER/span, and FOLDER/peer/oplog.bson of the first ones
 * replay SOURCE TARGET FOLDER lanes                 captures the span, replays it, and prints seconds and entries as JSON
 * compare SOURCE TARGET                             ends with 0 if their databases are equal by dbHash
 * </pre>
 */
final class ReplayBench {
    private static final int DOCUMENTS = 100_000;
    private static final int BATCH = 50;
    private static final String DATABASE = "replay";
    private static final String COLLECTION = "orders";
    private static final BackupId ID = BackupId.of(Instant.EPOCH, 1);

    /** Held, for a logger nobody holds loses its level; the driver's chatter is no news here. */
    private static final Logger DRIVER = Logger.getLogger("org.mongodb");

    private ReplayBench() {}

    public static void main(String[] args) throws Exception {
        DRIVER.setLevel(Level.SEVERE);
        switch (args.length == 0 ? "" : args[0]) {
            case "load" -> load(args[1]);
            case "write" -> write(args[1], Path.of(args[2]), Integer.parseInt(args[3]), Integer.parseInt(args[4]));
            case "replay" -> replay(args[1], args[2], Path.of(args[3]), Integer.parseInt(args[4]));
            case "compare" -> compare(args[1], args[2]);
            default -> throw new IllegalArgumentException("load, write, replay or compare");
        }
    }

    // --- data -------------------------------------------------------------------------------------------------------

    private static void load(String uri) {
        try (MongoClient client = MongoClients.create(uri)) {
            client.getDatabase(DATABASE).drop();
            client.getDatabase("firedrill").drop();
            MongoCollection<Document> orders = collection(client);
            var random = new SplittableRandom(1);
            var unordered = new InsertManyOptions().ordered(false);
            List<Document> some = new ArrayList<>();
            for (int i = 0; i < DOCUMENTS; i++) {
                some.add(order(i, random));
                if (some.size() == 5_000 || i == DOCUMENTS - 1) {
                    orders.insertMany(some, unordered);
                    some.clear();
                }
            }
            client.getDatabase("admin").runCommand(new Document("fsync", 1));
        }
    }

    private static MongoCollection<Document> collection(MongoClient client) {
        return client.getDatabase(DATABASE).getCollection(COLLECTION);
    }

    /** Some 1,000 bytes. */
    private static Document order(int number, SplittableRandom random) {
        List<Document> lines = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            lines.add(new Document("sku", "sku-" + random.nextInt(100_000))
                    .append("count", random.nextInt(9))
                    .append("price", random.nextDouble() * 100));
        }
        var text = new StringBuilder();
        while (text.length() < 500) {
            text.append(Long.toString(random.nextLong() >>> 1, 36)).append(' ');
        }
        return new Document("_id", "order-" + number)
                .append("customer", random.nextInt(1_000_000))
                .append("state", "new")
                .append("total", random.nextDouble() * 1_000)
                .append("changed", new Date(1_700_000_000_000L + number))
                .append("version", 0)
                .append("address", new Document("city", "city-" + random.nextInt(900)).append("zip", random.nextInt(99_999)))
                .append("lines", lines)
                .append("text", text.toString());
    }

    // --- the log ----------------------------------------------------------------------------------------------------

    private static void write(String uri, Path folder, int entries, int peersEntries) throws Exception {
        try (Deployment source = Deployments.connect(uri, "source");
                MongoClient client = MongoClients.create(uri)) {
            OpTime from = source.fence("begin");
            writeMixed(collection(client), entries);
            OpTime to = source.fence("end");
            Files.createDirectories(folder.resolve("peer/empty"));
            Files.writeString(folder.resolve("span"), from.seconds() + " " + from.increment() + " " + to.seconds() + " " + to.increment());
            try (OutputStream out = Files.newOutputStream(folder.resolve("peer/oplog.bson"))) {
                int[] left = {peersEntries};
                new OplogScan(from, to).read(source, (bytes, offset, length) -> {
                    boolean ours = new RawBsonDocument(bytes, offset, length).getString("ns").getValue().startsWith(DATABASE + ".");
                    if (ours && left[0] > 0) {
                        left[0]--;
                        writeTo(out, bytes, offset, length);
                    }
                });
            }
        }
    }

    private static void writeTo(OutputStream out, byte[] bytes, int offset, int length) {
        try {
            out.write(bytes, offset, length);
        } catch (java.io.IOException thrown) {
            throw new java.io.UncheckedIOException(thrown);
        }
    }

    /** 30 % inserts, 60 % updates of fields, of nested ones and of elements of lists, 10 % deletes, of documents at random. */
    private static void writeMixed(MongoCollection<Document> orders, int entries) {
        var random = new SplittableRandom(2);
        List<String> live = new ArrayList<>();
        for (int i = 0; i < DOCUMENTS; i++) {
            live.add("order-" + i);
        }
        int number = DOCUMENTS;
        var unordered = new BulkWriteOptions().ordered(false);
        List<WriteModel<Document>> some = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            int dice = random.nextInt(10);
            if (dice < 3) {
                some.add(new InsertOneModel<>(order(number, random)));
            } else {
                int at = random.nextInt(live.size());
                var id = Filters.eq(live.get(at));
                if (dice == 3) {
                    live.set(at, live.getLast());
                    live.removeLast();
                    some.add(new DeleteOneModel<>(id));
                } else {
                    some.add(new UpdateOneModel<>(id, update(random, i)));
                }
            }
            if (dice < 3) {
                live.add("order-" + number++);
            }
            if (some.size() == BATCH || i == entries - 1) {
                orders.bulkWrite(some, unordered);
                some.clear();
            }
        }
    }

    private static org.bson.conversions.Bson update(SplittableRandom random, int number) {
        var changed = Updates.set("changed", new Date(1_800_000_000_000L + number));
        return switch (random.nextInt(4)) {
            case 0 -> Updates.combine(changed, Updates.set("address.city", "city-" + random.nextInt(900) + "-" + number));
            case 1 -> Updates.combine(changed, Updates.set("lines." + random.nextInt(5) + ".count", 10 + number));
            case 2 -> Updates.combine(changed, Updates.set("state", "state-" + random.nextInt(9)), Updates.inc("version", 1));
            default -> Updates.combine(changed, Updates.inc("version", 1), Updates.set("total", random.nextDouble() * 1_000));
        };
    }

    // --- replay -----------------------------------------------------------------------------------------------------

    private static void replay(String sourceUri, String targetUri, Path folder, int lanes) throws Exception {
        String[] span = Files.readString(folder.resolve("span")).split(" ");
        var from = new OpTime(Long.parseLong(span[0]), Long.parseLong(span[1]));
        var to = new OpTime(Long.parseLong(span[2]), Long.parseLong(span[3]));
        try (Deployment source = Deployments.connect(sourceUri, "source");
                Deployment target = Deployments.connect(targetUri, "staging");
                ObjectStore store = ObjectStores.directory(folder.resolve("store"))) {
            SegmentStore slices = new BackupCatalog(store, "source").oplog(ID);
            OplogSpan captured = new OplogCapture(source, slices, OplogCapture.SLICE_BYTES, () -> {}).capture(from, to);
            List<CollectionShape> shapes = new CatalogReader(source)
                    .read().stream().filter(shape -> shape.namespace().database().equals(DATABASE)).toList();
            var plan = new BackupPlan(ID, "source", source.identity(), from, Instant.EPOCH, shapes, List.of(), List.of());
            var whole = new Segment(0, Optional.empty(), Optional.empty(), from, 0, 0, 0, "", "", false, Optional.empty());
            var replay = new OplogReplay(
                    List.of(new OplogLog(slices, captured)), to, new ReplayScope(plan, List.of(whole)), () -> {});
            long begun = System.nanoTime();
            Replayed replayed = replay.into(target, lanes, bytes -> {});
            double seconds = (System.nanoTime() - begun) / 1e9;
            System.out.printf(
                    Locale.ROOT,
                    "{\"seconds\": %.3f, \"entries\": %d, \"inserts\": %d, \"updates\": %d, \"deletes\": %d, \"perSecond\": %.0f, \"equal\": %s}%n",
                    seconds,
                    replayed.applied(),
                    replayed.inserts(),
                    replayed.updates(),
                    replayed.deletes(),
                    replayed.applied() / seconds,
                    hash(sourceUri, DATABASE).equals(hash(targetUri, DATABASE)));
        }
    }

    private static void compare(String sourceUri, String targetUri) {
        for (String database : List.of(DATABASE, "bench")) {
            if (!hash(sourceUri, database).equals(hash(targetUri, database))) {
                throw new IllegalStateException(database + " differs");
            }
        }
    }

    private static String hash(String uri, String database) {
        try (MongoClient client = MongoClients.create(uri)) {
            return client.getDatabase(database).runCommand(new Document("dbHash", 1)).getString("md5");
        }
    }
}
