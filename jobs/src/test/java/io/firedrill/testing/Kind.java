package io.firedrill.testing;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.gridfs.GridFSBuckets;
import com.mongodb.client.model.InsertManyOptions;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.bson.BsonDateTime;
import org.bson.BsonJavaScript;
import org.bson.BsonMaxKey;
import org.bson.BsonMinKey;
import org.bson.BsonNull;
import org.bson.BsonSymbol;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.types.Binary;
import org.bson.types.CodeWithScope;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;

/** The kinds of collection that MongoDB has, each with data that only a complete backup brings back. */
public enum Kind {
    CAPPED,
    CLUSTERED,
    TIME_SERIES,
    VIEWS,
    COLLATIONS,
    VALIDATORS,
    PRE_IMAGES,
    GRIDFS,
    QUERYABLE_ENCRYPTION,
    STORED_FUNCTIONS,
    EVERY_ID,
    ONE_OF_16_MB,
    MANY_COLLECTIONS,
    UNUSUAL_NAMES;

    private static final int MANY = 300;
    private static final List<String> UNUSUAL_DATABASES =
            List.of("a".repeat(63), "é".repeat(31), "admin2", "日本#1*", "system");

    /** Where it lies: each kind has databases of its own. */
    public List<String> databases() {
        return this == UNUSUAL_NAMES ? UNUSUAL_DATABASES : List.of("kind_" + name().toLowerCase(Locale.ROOT));
    }

    public void make(MongoClient client) {
        MongoDatabase database = client.getDatabase(databases().getFirst());
        switch (this) {
            case CAPPED -> capped(client, database);
            case CLUSTERED -> clustered(database);
            case TIME_SERIES -> timeSeries(database);
            case VIEWS -> views(database);
            case COLLATIONS -> collations(database);
            case VALIDATORS -> validators(database);
            case PRE_IMAGES -> run(database, "{create: 'c', changeStreamPreAndPostImages: {enabled: true}}");
            case GRIDFS -> gridFs(database);
            case QUERYABLE_ENCRYPTION -> encrypted(database);
            case STORED_FUNCTIONS -> storedFunctions(database);
            case EVERY_ID -> everyId(database);
            case ONE_OF_16_MB -> oneLarge(database);
            case MANY_COLLECTIONS -> many(database, MANY);
            case UNUSUAL_NAMES -> unusualNames(client);
        }
    }

    /** Ids run against the order of insertion, the oldest were pushed out, and one has what only an oplog entry can write. */
    private static void capped(MongoClient client, MongoDatabase database) {
        run(database, "{create: 'ring', capped: true, size: 500000}");
        run(database, "{create: 'few', capped: true, size: 100000, max: 7}");
        run(database, "{create: 'none', capped: true, size: 4096}");
        run(database, "{create: 'worded', capped: true, size: 90000, collation: {locale: 'sv'}}");
        List<Document> many = IntStream.range(0, 700)
                .mapToObj(i -> new Document("_id", i * 7919 % 10007).append("text", "x".repeat(1000)))
                .toList();
        database.getCollection("ring").insertMany(many);
        database.getCollection("ring").createIndex(new Document("text", 1));
        for (int i = 20; i > 0; i--) {
            database.getCollection("few").insertOne(new Document("_id", i));
            database.getCollection("worded").insertOne(new Document("_id", "ä" + i % 3 + i));
        }
        Fixtures.insertEmptyTimestamp(database.getCollection("few"), 10, client);
        database.getCollection("few").insertOne(new Document("_id", 0));
    }

    private static void clustered(MongoDatabase database) {
        run(
                database,
                "{create: 'c', clusteredIndex: {key: {_id: 1}, unique: true, name: 'by id'}, expireAfterSeconds: 100000000}");
        run(
                database,
                "{create: 'worded', clusteredIndex: {key: {_id: 1}, unique: true}, collation: {locale: 'de', strength: 1}}");
        for (Object id :
                List.of(Double.NaN, 5, "s", new BsonDateTime(4_102_444_800_000L), new ObjectId(), new BsonMaxKey())) {
            database.getCollection("c").insertOne(new Document("_id", id));
        }
        database.getCollection("c").insertMany(numbered(400, 1000));
        database.getCollection("c").createIndex(new Document("n", -1));
        for (String id : List.of("z", "Ä", "a1", "B")) {
            database.getCollection("worded").insertOne(new Document("_id", id));
        }
    }

    /** Late measurements, several buckets of one source, and a bucket that the server has closed and compressed. */
    private static void timeSeries(MongoDatabase database) {
        run(
                database,
                "{create: 'weather', timeseries: {timeField: 't', metaField: 'where', granularity: 'minutes'},"
                        + " expireAfterSeconds: 1000000000}");
        run(database, "{create: 'bare', timeseries: {timeField: 't'}}");
        run(database, "{create: 'empty', timeseries: {timeField: 't', metaField: 'm', granularity: 'hours'}}");
        var random = new Random(7);
        List<Document> measured = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            measured.add(new Document("t", new BsonDateTime(1_780_000_000_000L + random.nextInt(1_000_000_000)))
                    .append("where", new Document("city", "c" + i % 5))
                    .append("v", i % 100 == 0 ? "not a number" : i)
                    .append("text", "y".repeat(50)));
        }
        database.getCollection("weather").insertMany(measured);
        database.getCollection("bare").insertOne(new Document("t", new BsonDateTime(0)).append("v", Double.NaN));
        database.getCollection("weather").createIndex(new Document("where.city", 1).append("t", -1));
        database.getCollection("weather").createIndex(new Document("v", 1));
        run(database, "{create: 'above', viewOn: 'weather', pipeline: [{$match: {v: {$gt: 5}}}]}");
    }

    /** Named so that the order of names is the wrong one. */
    private static void views(MongoDatabase database) {
        database.getCollection("z base").insertMany(numbered(10, 1));
        run(database, "{create: 'y', viewOn: 'z base', pipeline: [], collation: {locale: 'fr'}}");
        run(database, "{create: 'x', viewOn: 'y', pipeline: [{$match: {n: {$gt: 3}}}], collation: {locale: 'fr'}}");
        run(database, "{create: 'a', viewOn: 'x', pipeline: [{$project: {n: 1}}], collation: {locale: 'fr'}}");
        run(
                database,
                "{create: 'joined', viewOn: 'z base', pipeline: [{$lookup: {from: 'nowhere', as: 'o', pipeline: []}}]}");
        run(database, "{create: 'of nothing', viewOn: 'not there', pipeline: []}");
    }

    private static void collations(MongoDatabase database) {
        run(database, "{create: 'words', collation: {locale: 'de', strength: 2, numericOrdering: true}}");
        run(database, "{create: 'simple', collation: {locale: 'simple'}}");
        List<Document> words = new ArrayList<>();
        for (int i = 0; i < 900; i++) {
            words.add(new Document("_id", (i % 2 == 0 ? "ä" : "Z") + i).append("x", "w".repeat(500)));
        }
        database.getCollection("words").insertMany(words);
        run(
                database,
                "{createIndexes: 'words', indexes: [{key: {x: 1}, name: 'as english', collation: {locale: 'en', strength: 1}},"
                        + " {key: {x: 1, y: 1}, name: 'plain', collation: {locale: 'simple'}}]}");
        database.getCollection("simple").insertMany(numbered(10, 1));
    }

    private static void validators(MongoDatabase database) {
        for (String level : List.of("off", "strict", "moderate")) {
            for (String action : List.of("error", "warn")) {
                String name = level + " " + action;
                database.getCollection(name).insertOne(new Document("_id", 1).append("n", "never was a number"));
                database.runCommand(new Document("collMod", name)
                        .append("validator", Document.parse("{$jsonSchema: {properties: {n: {bsonType: 'int'}}}}"))
                        .append("validationLevel", level)
                        .append("validationAction", action));
            }
        }
    }

    private static void gridFs(MongoDatabase database) {
        byte[] bytes = new byte[700_000];
        new Random(11).nextBytes(bytes);
        GridFSBuckets.create(database).uploadFromStream("a file", new ByteArrayInputStream(bytes));
        GridFSBuckets.create(database, "other.bucket").uploadFromStream("empty", new ByteArrayInputStream(new byte[0]));
    }

    /** The server's side of it: the driver would encrypt, but what the server keeps is the same kind of bytes. */
    private static void encrypted(MongoDatabase database) {
        for (String name : List.of("enxcol_.q.esc", "enxcol_.q.ecc", "enxcol_.q.ecoc")) {
            database.createCollection(name);
            database.getCollection(name)
                    .insertOne(new Document("_id", new Binary((byte) 0, new byte[32]))
                            .append("value", new Binary((byte) 0, new byte[64])));
        }
        var field = new Document("keyId", new Binary((byte) 4, new byte[16]))
                .append("path", "ssn")
                .append("bsonType", "string")
                .append("queries", new Document("queryType", "equality").append("contention", 0L));
        var fields = new Document("escCollection", "enxcol_.q.esc")
                .append("eccCollection", "enxcol_.q.ecc")
                .append("ecocCollection", "enxcol_.q.ecoc")
                .append("fields", List.of(field));
        database.runCommand(new Document("create", "q").append("encryptedFields", fields));
        database.getCollection("q").createIndex(new Document("__safeContent__", 1));
        byte[] payload = new byte[100];
        Arrays.fill(payload, (byte) 14);
        var document = new Document("_id", 1)
                .append("ssn", new Binary((byte) 6, payload))
                .append("__safeContent__", List.of(new Binary((byte) 0, new byte[32])));
        database.runCommand(new Document("insert", "q")
                .append("documents", List.of(document))
                .append("bypassDocumentValidation", true));
    }

    private static void storedFunctions(MongoDatabase database) {
        database.getCollection("system.js")
                .insertOne(new Document("_id", "double")
                        .append("value", new BsonJavaScript("function (x) { return 2 * x; }")));
        database.getCollection("c").insertOne(new Document("_id", 1));
    }

    private static void everyId(MongoDatabase database) {
        List<Document> ids = new ArrayList<>();
        List<Object> values = new ArrayList<>(List.of(
                new BsonMinKey(),
                new BsonMaxKey(),
                BsonNull.VALUE,
                Double.NaN,
                Double.NEGATIVE_INFINITY,
                -1.5,
                0,
                7L,
                1e300,
                Decimal128.parse("12.50"),
                Decimal128.parse("-12345"),
                "",
                "text",
                "\u0000 inside",
                "Ünï",
                new BsonSymbol("symbol"),
                new Document(),
                new Document("a", 1).append("b", 2),
                new Document("b", 2).append("a", 1),
                new Document("a", new Document("a", List.of(1, "x"))),
                true,
                false,
                new BsonDateTime(-1),
                new BsonTimestamp(1, 1),
                new ObjectId("0123456789abcdef01234567"),
                new BsonJavaScript("f()"),
                new CodeWithScope("g()", new Document("x", 1))));
        for (int subtype : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x80, 0xFF}) {
            values.add(new Binary((byte) subtype, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}));
            values.add(new Binary((byte) subtype, new byte[16]));
        }
        values.forEach(value -> ids.add(new Document("_id", value)));
        database.getCollection("ids").insertMany(ids);
        // Enough of each to be cut into segments between and within types.
        for (int i = 0; i < 200; i++) {
            String text = "t".repeat(900);
            database.getCollection("cut")
                    .insertMany(
                            List.of(
                                    new Document("_id", i).append("t", text),
                                    new Document("_id", i + 0.5).append("t", text),
                                    new Document("_id", "s" + i).append("t", text),
                                    new Document("_id", new Document("b", i).append("a", i)).append("t", text)),
                            new InsertManyOptions().ordered(false));
        }
    }

    private static void oneLarge(MongoDatabase database) {
        database.getCollection("large").insertOne(new Document("_id", 1).append("x", "x".repeat((16 << 20) - 40)));
    }

    /** Every third of them empty. */
    public static void many(MongoDatabase database, int collections) {
        for (int i = 0; i < collections; i++) {
            if (i % 3 == 0) {
                database.createCollection("c" + i);
            } else {
                database.getCollection("c" + i).insertOne(new Document("_id", i));
            }
        }
    }

    private static void unusualNames(MongoClient client) {
        for (String database : UNUSUAL_DATABASES) {
            int room = 255 - database.getBytes(java.nio.charset.StandardCharsets.UTF_8).length - 1;
            List<String> names = List.of(
                    "system",
                    "systemx",
                    "system_js",
                    "views.system",
                    "a.",
                    "a..b",
                    " ",
                    "日本",
                    "a/b\\c\"*<>|:?",
                    "\u0001\n",
                    "x".repeat(room));
            for (String name : names) {
                client.getDatabase(database).getCollection(name).insertOne(new Document("_id", name));
            }
        }
    }

    private static List<Document> numbered(int count, int bytes) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Document("_id", 1_000 + i).append("n", i).append("text", "z".repeat(bytes)))
                .toList();
    }

    private static void run(MongoDatabase database, String command) {
        database.runCommand(Document.parse(command));
    }
}
