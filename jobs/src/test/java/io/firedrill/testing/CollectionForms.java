package io.firedrill.testing;

import static com.mongodb.client.model.Filters.eq;
import static io.firedrill.testing.DocumentForms.docs;
import static io.firedrill.testing.DocumentForms.filled;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Updates;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import org.bson.BsonJavaScript;
import org.bson.Document;
import org.bson.types.Binary;

/** The forms in which an oplog has what is done to collections and views. */
final class CollectionForms {
    private CollectionForms() {}

    static List<EntryForm> all() {
        return List.of(
                new EntryForm("create", CollectionForms::nothing, CollectionForms::create),
                new EntryForm("create fle2", CollectionForms::nothing, (_, db) -> encrypted(db)),
                new EntryForm("create time series", CollectionForms::nothing, (_, db) -> timeSeries(db)),
                new EntryForm("create, i system.js", CollectionForms::nothing, (_, db) -> functions(db)),
                new EntryForm("drop", CollectionForms::several, (_, db) -> drop(db)),
                new EntryForm("drop, create", CollectionForms::several, (_, db) -> recreate(db)),
                new EntryForm("drop time series", (_, db) -> timeSeries(db), (_, db) -> dropTimeSeries(db)),
                new EntryForm("dropDatabase", CollectionForms::database, (_, db) -> dropDatabase(db)),
                new EntryForm("renameCollection", CollectionForms::several, CollectionForms::rename),
                new EntryForm("rename dropTarget", CollectionForms::several, CollectionForms::renameOnto),
                new EntryForm("rename to database", CollectionForms::several, CollectionForms::moveAway),
                new EntryForm("$out", CollectionForms::several, (_, db) -> out(db)),
                new EntryForm("$merge", CollectionForms::several, (_, db) -> merge(db)),
                new EntryForm("convertToCapped", CollectionForms::several, (_, db) -> convert(db)),
                new EntryForm("emptycapped", CollectionForms::ring, (_, db) -> empty(db)),
                new EntryForm("collMod", CollectionForms::options, (_, db) -> alter(db)),
                new EntryForm("collMod time series", (_, db) -> timeSeries(db), (_, db) -> alterTimeSeries(db)),
                new EntryForm("i u d system.views", CollectionForms::views, (_, db) -> alterViews(db)),
                new EntryForm("drop system.views", CollectionForms::views, (_, db) -> dropViews(db)),
                new EntryForm("dbCheck", CollectionForms::several, (_, db) -> check(db)));
    }

    private static void nothing(MongoClient client, MongoDatabase database) {}

    static void run(MongoDatabase database, String command) {
        database.runCommand(Document.parse(command));
    }

    private static void several(MongoClient client, MongoDatabase database) {
        filled(client, database);
        database.getCollection("a").insertMany(List.of(new Document("_id", 1), new Document("_id", 2)));
        database.getCollection("b").insertMany(List.of(new Document("_id", 2), new Document("_id", 3)));
        run(database, "{create: 'worded', collation: {locale: 'de'}, validator: {n: {$gte: 0}}}");
    }

    private static void create(MongoClient client, MongoDatabase database) {
        run(database, "{create: 'plain'}");
        run(database, "{create: 'capped', capped: true, size: 5000, max: 10}");
        run(
                database,
                "{create: 'clustered', clusteredIndex: {key: {_id: 1}, unique: true, name: 'by id'}, expireAfterSeconds: 100000000}");
        run(database, "{create: 'unnamed', clusteredIndex: {key: {_id: 1}, unique: true}, collation: {locale: 'sv'}}");
        run(database, "{create: 'collated', collation: {locale: 'de', strength: 1}}");
        run(
                database,
                "{create: 'checked', validator: {n: {$gte: 0}}, validationLevel: 'moderate', validationAction: 'warn'}");
        run(database, "{create: 'schema', validator: {$jsonSchema: {required: ['n']}}}");
        run(database, "{create: 'images', changeStreamPreAndPostImages: {enabled: true}}");
        run(
                database,
                "{create: 'stored', storageEngine: {wiredTiger: {configString: 'block_compressor=zlib'}}, indexOptionDefaults: {storageEngine: {wiredTiger: {}}}}");
        for (String name : List.of("plain", "capped", "clustered", "unnamed", "collated", "images", "stored")) {
            database.getCollection(name).insertOne(new Document("_id", "x").append("n", 1));
            database.getCollection(name).updateOne(eq("_id", "x"), Updates.inc("n", 1));
        }
        database.getCollection("implicit").insertOne(new Document("_id", 1));
    }

    private static void encrypted(MongoDatabase database) {
        for (String name : List.of("enxcol_.q.esc", "enxcol_.q.ecc", "enxcol_.q.ecoc")) {
            database.createCollection(name);
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
        byte[] payload = new byte[100];
        Arrays.fill(payload, (byte) 14);
        var document = new Document("_id", 1)
                .append("ssn", new Binary((byte) 6, payload))
                .append("__safeContent__", List.of(new Binary((byte) 0, new byte[32])));
        database.runCommand(new Document("insert", "q")
                .append("documents", List.of(document))
                .append("bypassDocumentValidation", true));
    }

    static void timeSeries(MongoDatabase database) {
        run(
                database,
                "{create: 'series', timeseries: {timeField: 't', metaField: 'm', granularity: 'seconds'}, expireAfterSeconds: 1000000000}");
        run(database, "{create: 'bare', timeseries: {timeField: 't'}, collation: {locale: 'de'}}");
        for (int i = 0; i < 50; i++) {
            var measured = new Document("_id", i)
                    .append("t", Date.from(Instant.ofEpochSecond(1_700_000_000L + i)))
                    .append("x", i);
            database.getCollection("series").insertOne(measured.append("m", new Document("a", i % 3)));
        }
    }

    private static void functions(MongoDatabase database) {
        database.getCollection("system.js")
                .insertOne(new Document("_id", "f").append("value", new BsonJavaScript("function () {}")));
        database.getCollection("system.js")
                .replaceOne(eq("_id", "f"), new Document("value", new BsonJavaScript("function () { return 1; }")));
    }

    private static void drop(MongoDatabase database) {
        docs(database).updateOne(eq("_id", 1), Updates.inc("n", 1));
        docs(database).drop();
        database.getCollection("worded").drop();
    }

    private static void recreate(MongoDatabase database) {
        for (int i = 0; i < 3; i++) {
            database.getCollection("a").insertOne(new Document("_id", 10 + i));
            database.getCollection("a").drop();
            run(database, "{create: 'a', validator: {n: {$ne: %d}}}".formatted(i));
            database.getCollection("a").insertOne(new Document("_id", 1).append("round", i));
        }
    }

    private static void dropTimeSeries(MongoDatabase database) {
        database.getCollection("series").drop();
        run(database, "{create: 'series', timeseries: {timeField: 'time', granularity: 'hours'}}");
        database.getCollection("series").insertOne(new Document("time", Date.from(Instant.EPOCH)));
        database.getCollection("bare").drop();
    }

    private static void database(MongoClient client, MongoDatabase database) {
        several(client, database);
        timeSeries(database);
        run(database, "{create: 'view', viewOn: 'docs', pipeline: []}");
        functions(database);
    }

    private static void dropDatabase(MongoDatabase database) {
        docs(database).updateOne(eq("_id", 1), Updates.inc("n", 1));
        database.drop();
        database.getCollection("again").insertOne(new Document("_id", 1));
        database.drop();
        database.getCollection("docs").insertOne(new Document("_id", 1));
        run(database, "{create: 'view', viewOn: 'docs', pipeline: []}");
    }

    private static void rename(MongoClient client, MongoDatabase database) {
        rename(client, database, "docs", "moved", false);
        database.getCollection("moved").updateOne(eq("_id", 1), Updates.inc("n", 1));
        rename(client, database, "worded", "docs", false);
        docs(database).insertOne(new Document("_id", "in the other").append("n", 1));
        rename(client, database, "moved", "worded", false);
        database.getCollection("worded").deleteOne(eq("_id", 2));
    }

    private static void renameOnto(MongoClient client, MongoDatabase database) {
        rename(client, database, "docs", "a", true);
        database.getCollection("a").updateOne(eq("_id", 50), Updates.inc("n", 1));
        rename(client, database, "worded", "a", true);
        database.getCollection("a").insertOne(new Document("_id", 1).append("n", 1));
    }

    private static void rename(MongoClient client, MongoDatabase database, String from, String to, boolean drop) {
        client.getDatabase("admin")
                .runCommand(new Document("renameCollection", database.getName() + "." + from)
                        .append("to", database.getName() + "." + to)
                        .append("dropTarget", drop));
    }

    private static void moveAway(MongoClient client, MongoDatabase database) {
        database.getCollection("docs").createIndex(new Document("n", 1));
        client.getDatabase("admin")
                .runCommand(new Document("renameCollection", database.getName() + ".docs")
                        .append("to", database.getName() + "_other.docs"));
        client.getDatabase(database.getName() + "_other")
                .getCollection("docs")
                .updateOne(eq("_id", 1), Updates.inc("n", 1));
    }

    private static void out(MongoDatabase database) {
        for (String to : List.of("a", "new", "a")) {
            database.getCollection("docs")
                    .aggregate(List.of(
                            Document.parse("{$match: {_id: {$lt: 20}}}"),
                            Document.parse("{$set: {to: '%s'}}".formatted(to)),
                            new Document("$out", to)))
                    .toCollection();
            database.getCollection(to).deleteOne(eq("_id", 3));
        }
    }

    private static void merge(MongoDatabase database) {
        database.getCollection("docs")
                .aggregate(List.of(
                        Document.parse("{$match: {_id: {$lt: 20}}}"),
                        new Document("$merge", new Document("into", "a"))))
                .toCollection();
    }

    private static void convert(MongoDatabase database) {
        docs(database).createIndex(new Document("n", 1));
        run(database, "{convertToCapped: 'docs', size: 8000}");
        docs(database).insertOne(new Document("_id", 1_000));
        run(database, "{cloneCollectionAsCapped: 'a', toCollection: 'ring', size: 8000}");
    }

    private static void ring(MongoClient client, MongoDatabase database) {
        run(database, "{create: 'ring', capped: true, size: 8000}");
        database.getCollection("ring").insertMany(List.of(new Document("_id", 1), new Document("_id", 2)));
    }

    private static void empty(MongoDatabase database) {
        database.getCollection("ring").insertOne(new Document("_id", 3));
        run(database, "{emptycapped: 'ring'}");
        database.getCollection("ring").insertOne(new Document("_id", 1));
    }

    private static void options(MongoClient client, MongoDatabase database) {
        several(client, database);
        for (String name : List.of("none", "level", "action", "images", "both", "emptied")) {
            database.getCollection(name).insertOne(new Document("_id", 1));
        }
        run(
                database,
                "{create: 'clustered', clusteredIndex: {key: {_id: 1}, unique: true}, expireAfterSeconds: 100000000}");
        run(database, "{create: 'ring', capped: true, size: 8192, max: 10}");
    }

    private static void alter(MongoDatabase database) {
        run(database, "{collMod: 'none', validator: {n: {$gte: 1}}}");
        run(database, "{collMod: 'level', validationLevel: 'moderate'}");
        run(database, "{collMod: 'action', validationAction: 'warn'}");
        run(database, "{collMod: 'emptied', validator: {}}");
        run(database, "{collMod: 'both', validator: {n: {$gte: 1}}, validationLevel: 'off', validationAction: 'warn'}");
        run(database, "{collMod: 'both', validator: {n: {$gte: 2}}}");
        run(database, "{collMod: 'both', validationLevel: 'strict'}");
        run(database, "{collMod: 'worded', validator: {}}");
        run(database, "{collMod: 'images', changeStreamPreAndPostImages: {enabled: true}}");
        run(database, "{collMod: 'a', changeStreamPreAndPostImages: {enabled: true}}");
        run(database, "{collMod: 'a', changeStreamPreAndPostImages: {enabled: false}}");
        run(database, "{collMod: 'clustered', expireAfterSeconds: 200000000}");
        run(database, "{collMod: 'ring', cappedSize: 9000, cappedMax: 20}");
        run(
                database,
                "{create: 'brief', clusteredIndex: {key: {_id: 1}, unique: true}, expireAfterSeconds: 100000000}");
        run(database, "{collMod: 'brief', expireAfterSeconds: 'off'}");
        database.getCollection("level").updateOne(eq("_id", 1), Updates.set("n", "after"));
    }

    private static void alterTimeSeries(MongoDatabase database) {
        run(database, "{collMod: 'series', timeseries: {granularity: 'minutes'}}");
        run(database, "{collMod: 'series', expireAfterSeconds: 'off'}");
        run(database, "{collMod: 'series', timeseries: {granularity: 'hours'}, expireAfterSeconds: 999999999}");
        run(database, "{collMod: 'bare', expireAfterSeconds: 999999999}");
    }

    private static void views(MongoClient client, MongoDatabase database) {
        several(client, database);
        run(database, "{create: 'old', viewOn: 'docs', pipeline: [{$match: {n: 1}}], collation: {locale: 'de'}}");
        run(database, "{create: 'gone', viewOn: 'docs', pipeline: []}");
    }

    private static void alterViews(MongoDatabase database) {
        run(database, "{create: 'new', viewOn: 'old', pipeline: [{$project: {n: 1}}], collation: {locale: 'de'}}");
        run(database, "{collMod: 'old', viewOn: 'a', pipeline: [{$match: {n: {$gt: 1}}}]}");
        database.getCollection("gone").drop();
        run(database, "{create: 'gone', viewOn: 'docs', pipeline: [{$limit: 1}]}");
        run(database, "{create: 'brief', viewOn: 'docs', pipeline: []}");
        database.getCollection("brief").drop();
    }

    private static void dropViews(MongoDatabase database) {
        run(database, "{drop: 'system.views'}");
        run(database, "{create: 'gone', viewOn: 'docs', pipeline: [{$limit: 1}]}");
    }

    private static void check(MongoDatabase database) {
        run(database, "{dbCheck: 'docs'}");
    }
}
