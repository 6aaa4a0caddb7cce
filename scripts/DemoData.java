import com.mongodb.ClientSessionOptions;
import com.mongodb.WriteConcern;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Collation;
import com.mongodb.client.model.CollationStrength;
import com.mongodb.client.model.CreateCollectionOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.IndexModel;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertManyOptions;
import com.mongodb.client.model.ValidationOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.codecs.DocumentCodec;
import org.bson.conversions.Bson;
import org.bson.types.Decimal128;

/**
 * Data for the demo and the benchmark: fills a replica set, keeps writing to it, and adds up what must never change.
 *
 * <pre>
 * fill  URI [--megabytes 300] [--seed 1] [--shape demo|bench]   the same seed gives the same documents
 * tiny  URI [--documents 20000000] [--seed 1]                   one collection of tiny documents, with one index
 * many  URI [--collections 10000]                               as many collections of no to two documents, one index each
 * empty URI                                                     drops all databases, and waits until that is on the disk
 * write URI [--seconds 3600] [--seed 1] [--rate 300]            until SIGTERM, or its parent is gone; counts as JSON
 * orders URI                                                  how many orders there are
 * accident URI                                                the same, and drops them, as a tired person does
 * sum   URI                                                     the conserved sum of both kinds of account as JSON
 * </pre>
 *
 * <p>Run from its source, with the driver on the class path; the launcher finds the classes beside it.
 */
final class DemoData {
    static final int ACCOUNTS = 1_000;
    private static final int BATCH = 10_000;
    private static final long OPENING_BALANCE = 100_000;

    /** Held, for a logger nobody holds loses its level; the driver's chatter is no news here. */
    private static final Logger DRIVER = Logger.getLogger("org.mongodb");

    private final MongoClient client;
    private final Options options;

    private DemoData(MongoClient client, Options options) {
        this.client = client;
        this.options = options;
    }

    public static void main(String[] args) throws Exception {
        if (args.length < 2) {
            System.err.println("usage: DemoData.java fill|tiny|many|empty|write|orders|accident|sum URI [options]");
            System.exit(2);
        }
        DRIVER.setLevel(Level.SEVERE);
        try (MongoClient client = MongoClients.create(args[1])) {
            DemoData data = new DemoData(client, Options.parse(args));
            switch (args[0]) {
                case "fill" -> data.fill();
                case "tiny" -> data.fill(data.tinyPlans());
                case "many" -> data.many();
                case "empty" -> data.empty();
                case "write" -> data.write();
                case "orders" -> data.orders();
                case "accident" -> data.accident();
                case "sum" -> data.sum();
                default -> throw new IllegalArgumentException("fill, tiny, many, empty, write or sum, not " + args[0]);
            }
        }
    }

    private record Options(long megabytes, long seed, long seconds, long rate, long collections, long documents, String shape) {
        static Options parse(String[] args) {
            Map<String, String> given = new HashMap<>();
            for (int i = 2; i + 1 < args.length; i += 2) {
                given.put(args[i], args[i + 1]);
            }
            return new Options(
                    Long.parseLong(given.getOrDefault("--megabytes", "300")),
                    Long.parseLong(given.getOrDefault("--seed", "1")),
                    Long.parseLong(given.getOrDefault("--seconds", "3600")),
                    Long.parseLong(given.getOrDefault("--rate", "300")),
                    Long.parseLong(given.getOrDefault("--collections", "10000")),
                    Long.parseLong(given.getOrDefault("--documents", "20000000")),
                    given.getOrDefault("--shape", "demo"));
        }
    }

    // --- fill -------------------------------------------------------------------------------------------------------

    /** One collection to fill: its share of all bytes or a number of documents, and the indexes it gets after. */
    private record Plan(
            String database, String collection, double share, long documentsMax, DocumentFor documents, List<IndexModel> indexes) {
        Plan(String database, String collection, double share, DocumentFor documents, List<IndexModel> indexes) {
            this(database, collection, share, Long.MAX_VALUE, documents, indexes);
        }
    }

    private interface DocumentFor {
        Document make(long number, SplittableRandom random);
    }

    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong documents = new AtomicLong();

    private void fill() throws Exception {
        boolean demo = options.shape().equals("demo");
        if (demo) {
            prepareDemo();
        }
        fill(demo ? demoPlans() : benchPlans());
    }

    private void fill(List<Plan> plans) throws Exception {
        long begun = System.nanoTime();
        try (ExecutorService lanes = Executors.newFixedThreadPool(2)) {
            List<Future<?>> running = new ArrayList<>();
            for (Plan plan : plans) {
                running.add(lanes.submit(() -> fill(plan)));
            }
            for (Future<?> lane : running) {
                while (!lane.isDone()) {
                    waitFor(lane);
                }
                lane.get();
            }
        }
        System.err.printf(
                "Filled %,d documents, %,d MB, in %.1f s.%n",
                documents.get(), bytes.get() >> 20, (System.nanoTime() - begun) / 1e9);
    }

    private void waitFor(Future<?> lane) throws Exception {
        try {
            lane.get(5, TimeUnit.SECONDS);
        } catch (TimeoutException later) {
            System.err.printf("  %,d documents, %,d MB%n", documents.get(), bytes.get() >> 20);
        }
    }

    private void fill(Plan plan) {
        MongoDatabase database = client.getDatabase(plan.database());
        MongoCollection<RawBsonDocument> target = database.getCollection(plan.collection(), RawBsonDocument.class)
                .withWriteConcern(WriteConcern.W1.withJournal(false));
        SplittableRandom random = new SplittableRandom(options.seed() * 31 + target.getNamespace().hashCode());
        InsertManyOptions unordered = new InsertManyOptions().ordered(false).bypassDocumentValidation(true);
        DocumentCodec codec = new DocumentCodec();
        boolean counted = plan.documentsMax() < Long.MAX_VALUE;
        long wanted = counted ? Long.MAX_VALUE : (long) (plan.share() * options.megabytes() * (1 << 20));
        long written = 0;
        long number = 0;
        List<RawBsonDocument> batch = new ArrayList<>();
        while (written < wanted && number < plan.documentsMax()) {
            long batchBytes = 0;
            while (batch.size() < BATCH && batchBytes < 8 << 20 && written + batchBytes < wanted && number < plan.documentsMax()) {
                RawBsonDocument document = new RawBsonDocument(plan.documents().make(number++, random), codec);
                batch.add(document);
                batchBytes += document.getByteBuffer().remaining();
            }
            target.insertMany(batch, unordered);
            written += batchBytes;
            bytes.addAndGet(batchBytes);
            documents.addAndGet(batch.size());
            batch.clear();
        }
        if (!plan.indexes().isEmpty()) {
            target.createIndexes(plan.indexes());
        }
    }

    /** What is small, fixed, or must be there before the documents: accounts, validator, view, odd collections. */
    private void prepareDemo() {
        MongoDatabase shop = client.getDatabase("shop");
        Document schema = new Document("bsonType", "object")
                .append("required", List.of("email", "name"))
                .append("properties", new Document("email", new Document("bsonType", "string")));
        shop.createCollection(
                "customers",
                new CreateCollectionOptions()
                        .validationOptions(new ValidationOptions().validator(new Document("$jsonSchema", schema))));
        shop.createView(
                "openOrders",
                "orders",
                List.of(new Document("$match", new Document("status", new Document("$in", List.of("placed", "paid"))))));
        shop.createCollection("carts");
        shop.getCollection("settings")
                .insertOne(new Document("_id", "vat")
                        .append("rate", Decimal128.parse("0.2300"))
                        .append("limit", Double.POSITIVE_INFINITY)
                        .append("since", new Date(0)));
        MongoDatabase bank = client.getDatabase("bank");
        for (String kind : List.of("checking", "savings")) {
            List<Document> accounts = new ArrayList<>();
            for (int number = 0; number < ACCOUNTS; number++) {
                accounts.add(new Document("_id", number).append("balance", OPENING_BALANCE).append("moves", 0));
            }
            bank.getCollection(kind).insertMany(accounts);
        }
    }

    private static List<Plan> demoPlans() {
        return List.of(
                new Plan("shop", "orders", 0.35, DemoDocuments::order, List.of(
                        index(Indexes.compoundIndex(Indexes.ascending("customer"), Indexes.descending("placedAt"))),
                        index(Indexes.ascending("placedAt"),
                                new IndexOptions().partialFilterExpression(Filters.eq("status", "placed"))),
                        index(Indexes.ascending("total"), new IndexOptions().hidden(true)))),
                new Plan("telemetry", "events", 0.28, DemoDocuments::event, List.of(
                        index(Indexes.ascending("expiresAt"), new IndexOptions().expireAfter(0L, TimeUnit.SECONDS)),
                        index(Indexes.ascending("device", "at")))),
                new Plan("bank", "payments", 0.14, DemoDocuments::payment, List.of(
                        index(Indexes.ascending("reference"), new IndexOptions().unique(true).sparse(true)),
                        index(Indexes.hashed("account")))),
                new Plan("files", "fs.chunks", 0.15, DemoDocuments::chunk, List.of(
                        index(Indexes.ascending("files_id", "n"), new IndexOptions().unique(true)))),
                new Plan("files", "fs.files", 0.0001, DemoDocuments::file, List.of(
                        index(Indexes.ascending("filename", "uploadDate")))),
                new Plan("shop", "customers", 0.06, DemoDocuments::customer, List.of(
                        index(Indexes.ascending("email"), new IndexOptions().unique(true).collation(anyCase())),
                        index(Indexes.geo2dsphere("address.location")))),
                new Plan("shop", "products", 0.02, DemoDocuments::product, List.of(
                        index(Indexes.compoundIndex(Indexes.text("name"), Indexes.text("description"))),
                        index(new Document("attributes.$**", 1)))),
                new Plan("telemetry", "devices", 0.002, DemoDocuments::device, List.of()));
    }

    private static List<Plan> benchPlans() {
        List<Plan> plans = new ArrayList<>();
        for (String name : List.of("alpha", "beta", "gamma", "delta")) {
            plans.add(new Plan("bench", name, 0.25, DemoDocuments::benchDocument, List.of(
                    index(Indexes.ascending("customer")), index(Indexes.ascending("status", "at")))));
        }
        for (int number = 1; number <= 20; number++) {
            plans.add(new Plan("bench", "small%02d".formatted(number), 0.0001, DemoDocuments::benchDocument, List.of(
                    index(Indexes.ascending("customer")))));
        }
        return plans;
    }

    private List<Plan> tinyPlans() {
        return List.of(new Plan("tiny", "ticks", 0, options.documents(), DemoDocuments::tinyDocument, List.of(index(Indexes.ascending("n")))));
    }

    // --- many and empty -----------------------------------------------------------------------------------------------

    private void many() {
        SplittableRandom random = new SplittableRandom(options.seed());
        MongoDatabase database = client.getDatabase("many");
        for (long number = 0; number < options.collections(); number++) {
            MongoCollection<Document> target = database.getCollection("tiny%06d".formatted(number));
            target.createIndex(Indexes.ascending("customer"));
            for (long left = number % 3; left > 0; left--) {
                target.insertOne(DemoDocuments.benchDocument(number * 3 + left, random));
            }
            if (number % 1_000 == 999) {
                System.err.printf("  %,d of %,d collections%n", number + 1, options.collections());
            }
        }
        // Short while so many files are written, so that they can be closed; a backup finds the usual one.
        client.getDatabase("admin")
                .runCommand(new Document("setParameter", 1).append("minSnapshotHistoryWindowInSeconds", 300));
    }

    private void empty() {
        for (String name : client.listDatabaseNames()) {
            if (!List.of("admin", "config", "local").contains(name)) {
                client.getDatabase(name).drop();
            }
        }
        // A checkpoint now is none while the next one is timed.
        client.getDatabase("admin").runCommand(new Document("fsync", 1));
    }

    private static IndexModel index(Bson keys) {
        return new IndexModel(keys);
    }

    private static IndexModel index(Bson keys, IndexOptions options) {
        return new IndexModel(keys, options);
    }

    private static Collation anyCase() {
        return Collation.builder().locale("en").collationStrength(CollationStrength.SECONDARY).build();
    }

    // --- write and sum ----------------------------------------------------------------------------------------------

    private void write() throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            stop.set(true);
            awaitQuietly(ended);
        }));
        DemoWriter writer = new DemoWriter(client, new SplittableRandom(options.seed()));
        ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
        System.err.println("Writing.");
        long begun = System.nanoTime();
        long limit = begun + Duration.ofSeconds(options.seconds()).toNanos();
        try {
            for (long turn = 1; !stop.get() && System.nanoTime() < limit && parent.isAlive(); turn++) {
                writer.turn(turn);
                long due = begun + turn * 1_000_000_000L / options.rate();
                TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
            }
        } finally {
            System.out.println(writer.summary((System.nanoTime() - begun) / 1e9).toJson());
            System.out.flush();
            ended.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void accident() {
        orders();
        client.getDatabase("shop").getCollection("orders").drop();
    }

    private void orders() {
        System.out.println(client.getDatabase("shop").getCollection("orders").countDocuments());
    }

    private void sum() {
        try (ClientSession snapshot = client.startSession(ClientSessionOptions.builder().snapshot(true).build())) {
            Document group = new Document("_id", null)
                    .append("sum", new Document("$sum", "$balance"))
                    .append("accounts", new Document("$sum", 1));
            long sum = 0;
            long accounts = 0;
            for (String kind : List.of("checking", "savings")) {
                Document total = client.getDatabase("bank").getCollection(kind)
                        .aggregate(snapshot, List.of(new Document("$group", group)))
                        .first();
                sum += total == null ? 0 : total.get("sum", Number.class).longValue();
                accounts += total == null ? 0 : total.get("accounts", Number.class).longValue();
            }
            System.out.println(new Document("sum", sum).append("accounts", accounts).toJson());
        }
    }
}
