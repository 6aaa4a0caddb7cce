package io.firedrill.testing;

import static io.firedrill.testing.CollectionForms.run;
import static io.firedrill.testing.DocumentForms.docs;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import java.util.List;
import org.bson.Document;

/** The forms in which an oplog has what is done to indexes. */
final class IndexForms {
    private static final String KINDS = """
            [{key: {a: 1}, name: 'a', expireAfterSeconds: 100000000}, {key: {b: 1}, name: 'b', unique: true, sparse: true},
             {key: {t: 'text'}, name: 't', default_language: 'german'}, {key: {g: '2dsphere'}, name: 'g'},
             {key: {f: '2d'}, name: 'f', min: -10, max: 10}, {key: {h: 'hashed'}, name: 'h'},
             {key: {'$**': 1}, name: 'w', wildcardProjection: {a: 0}}, {key: {d: -1, e: 1}, name: 'de', hidden: true},
             {key: {p: 1}, name: 'p', partialFilterExpression: {p: {$gt: 1}}, prepareUnique: true},
             {key: {k: 1.0}, name: 'k', expireAfterSeconds: {$numberLong: '100000000'}, sparse: 1}, {key: {l: NumberLong(1)}, name: 'l', expireAfterSeconds: 1e8},
             {key: {c: 1}, name: 'c', collation: {locale: 'sv', strength: 2}}]""";

    private IndexForms() {}

    static List<EntryForm> all() {
        return List.of(
                new EntryForm("createIndexes", IndexForms::empty, (_, db) -> create(db)),
                new EntryForm("commitIndexBuild", IndexForms::some, (_, db) -> create(db)),
                new EntryForm("abortIndexBuild", IndexForms::some, (_, db) -> abort(db)),
                new EntryForm("dropIndexes", IndexForms::indexed, (_, db) -> drop(db)),
                new EntryForm("collMod index", IndexForms::indexed, (_, db) -> alter(db)),
                new EntryForm(
                        "indexes of time series", (_, db) -> CollectionForms.timeSeries(db), (_, db) -> series(db)),
                new EntryForm("indexes after rename", IndexForms::indexed, IndexForms::rename));
    }

    private static void empty(MongoClient client, MongoDatabase database) {
        run(database, "{create: 'docs'}");
        run(database, "{create: 'worded', collation: {locale: 'de', strength: 1}}");
    }

    private static void some(MongoClient client, MongoDatabase database) {
        empty(client, database);
        docs(database)
                .insertMany(List.of(new Document("_id", 1).append("z", 1), new Document("_id", 2).append("z", 1)));
        database.getCollection("worded").insertOne(new Document("_id", 1));
    }

    private static void indexed(MongoClient client, MongoDatabase database) {
        some(client, database);
        create(database);
    }

    private static void create(MongoDatabase database) {
        run(database, "{createIndexes: 'docs', indexes: %s}".formatted(KINDS));
        run(
                database,
                "{createIndexes: 'worded', indexes: [{key: {a: 1}, name: 'a'}, {key: {b: 1}, name: 'b', collation: {locale: 'simple'}}, {key: {c: 1}, name: 'c', collation: {locale: 'sv'}}]}");
    }

    private static void abort(MongoDatabase database) {
        docs(database).createIndex(new Document("y", 1));
        try {
            run(database, "{createIndexes: 'docs', indexes: [{key: {z: 1}, name: 'z', unique: true}]}");
            throw new AssertionError("a unique index was built over equal values");
        } catch (MongoCommandException expected) {
            docs(database).createIndex(new Document("x", 1));
        }
    }

    private static void drop(MongoDatabase database) {
        run(database, "{dropIndexes: 'docs', index: ['t', 'a']}");
        run(database, "{dropIndexes: 'docs', index: {h: 'hashed'}}");
        run(database, "{dropIndexes: 'worded', index: '*'}");
        docs(database).createIndex(new Document("a", -1));
    }

    private static void alter(MongoDatabase database) {
        run(database, "{collMod: 'docs', index: {name: 'a', expireAfterSeconds: 200000000}}");
        run(database, "{collMod: 'docs', index: {name: 'a', hidden: true}}");
        run(database, "{collMod: 'docs', index: {name: 'de', hidden: false}}");
        run(database, "{collMod: 'docs', index: {keyPattern: {c: 1}, hidden: true}}");
        run(database, "{collMod: 'docs', index: {name: 'p', unique: true}}");
        run(database, "{collMod: 'docs', index: {name: 'c', prepareUnique: true}}");
        run(database, "{collMod: 'worded', index: {name: 'a', prepareUnique: true}}");
        run(database, "{collMod: 'worded', index: {name: 'a', prepareUnique: false}}");
        run(
                database,
                "{collMod: 'worded', index: {name: 'b', expireAfterSeconds: 100000000}, validator: {n: {$ne: 1}}}");
    }

    private static void series(MongoDatabase database) {
        run(
                database,
                "{createIndexes: 'series', indexes: [{key: {m: 1, t: -1}, name: 'mt'}, {key: {x: 1}, name: 'x'}, {key: {'m.a': 1}, name: 'ma'}, {key: {t: 1}, name: 't'}]}");
        run(
                database,
                "{createIndexes: 'bare', indexes: [{key: {t: 1}, name: 'p', partialFilterExpression: {x: {$gt: 1}}}, {key: {x: 1, y: -1}, name: 'xy'}]}");
        run(database, "{collMod: 'series', index: {name: 'x', hidden: true}}");
        run(database, "{collMod: 'series', index: {name: 'mt', hidden: true}}");
        run(database, "{dropIndexes: 'series', index: 'ma'}");
    }

    private static void rename(MongoClient client, MongoDatabase database) {
        client.getDatabase("admin")
                .runCommand(new Document("renameCollection", database.getName() + ".worded")
                        .append("to", database.getName() + ".docs")
                        .append("dropTarget", true));
        docs(database).createIndex(new Document("after", 1));
    }
}
