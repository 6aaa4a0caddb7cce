package io.firedrill.testing;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDateTime;
import org.bson.BsonDbPointer;
import org.bson.BsonDocument;
import org.bson.BsonJavaScript;
import org.bson.BsonMaxKey;
import org.bson.BsonMinKey;
import org.bson.BsonRegularExpression;
import org.bson.BsonSymbol;
import org.bson.BsonTimestamp;
import org.bson.BsonUndefined;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.io.BasicOutputBuffer;
import org.bson.types.Binary;
import org.bson.types.CodeWithScope;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;

/** Data with everything in it that other tools have lost. */
public final class Fixtures {
    public static final List<String> DATABASES = List.of("shop", "odd");

    private Fixtures() {}

    public static void everything(MongoClient client) {
        orders(client.getDatabase("shop"));
        indexed(client.getDatabase("shop"));
        odd(client.getDatabase("odd"));
        emptyTimestamp(client);
    }

    private static void orders(MongoDatabase shop) {
        List<Document> orders = new ArrayList<>();
        for (int i = 0; i < 12_000; i++) {
            orders.add(new Document("_id", i).append("n", i).append("text", "order number " + i + " ".repeat(i % 200)));
        }
        shop.getCollection("orders").insertMany(orders);
        shop.getCollection("orders").createIndex(new Document("n", 1));
        shop.runCommand(
                Document.parse("{create: 'recent', viewOn: 'orders', pipeline: [{$match: {n: {$gt: 11000}}}]}"));
        shop.runCommand(
                Document.parse("{create: 'checked', validator: {n: {$type: 'int'}}, validationLevel: 'moderate',"
                        + " validationAction: 'warn'}"));
        shop.getCollection("checked").insertOne(new Document("_id", 1).append("n", "never was an int"));
        shop.runCommand(Document.parse("{create: 'empty'}"));
        shop.runCommand(Document.parse("{create: 'noted', changeStreamPreAndPostImages: {enabled: true}}"));
    }

    private static void indexed(MongoDatabase shop) {
        shop.runCommand(Document.parse("{create: 'collated', collation: {locale: 'de', strength: 2}}"));
        for (String id : List.of("a", "Z", "ä", "m", "B", "ö")) {
            shop.getCollection("collated").insertOne(new Document("_id", id).append("x", id));
        }
        shop.getCollection("places")
                .insertOne(Document.parse(
                        "{_id: 1, at: {type: 'Point', coordinates: [8.5, 47.4]}, t: 'some words', h: 5, u: 1, s: 2}"));
        shop.runCommand(Document.parse("{createIndexes: 'places', indexes: ["
                + "{key: {at: '2dsphere'}, name: 'geo'}, {key: {t: 'text'}, name: 'words', default_language: 'german'},"
                + "{key: {h: 'hashed'}, name: 'hash'}, {key: {'$**': 1}, name: 'wild', wildcardProjection: {t: 0}},"
                + "{key: {u: 1}, name: 'unique', unique: true}, {key: {sp: 1}, name: 'sparse', sparse: true}, {key: {hid: 1}, name: 'hidden', hidden: true},"
                + "{key: {p: -1}, name: 'partial', partialFilterExpression: {s: {$gt: 1}}},"
                + "{key: {gone: 1}, name: 'ttl', expireAfterSeconds: 86400},"
                + "{key: {c: 1}, name: 'collated', collation: {locale: 'fr'}}]}"));
    }

    private static void odd(MongoDatabase odd) {
        var types = odd.getCollection("every type");
        types.insertOne(new Document("_id", 1)
                .append("nan", Double.NaN)
                .append("nan with a payload", Double.longBitsToDouble(0xFFF8_0000_DEAD_BEEFL))
                .append("null", null)
                .append("yes", true)
                .append("int", Integer.MIN_VALUE)
                .append("long", Long.MIN_VALUE)
                .append("before 1970", new BsonDateTime(-1))
                .append("object id", new ObjectId("0123456789abcdef01234567"))
                .append("array", List.of(List.of(), new Document(), 1.5, "x"))
                .append("minus zero", -0.0)
                .append("infinity", Double.NEGATIVE_INFINITY)
                .append("decimal", Decimal128.parse("1.0"))
                .append("decimal of the same cohort", Decimal128.parse("1.00"))
                .append("decimal nan", Decimal128.NaN)
                .append("undefined", new BsonUndefined())
                .append("symbol", new BsonSymbol("s"))
                .append("pointer", new BsonDbPointer("a.b", new ObjectId("000000000000000000000001")))
                .append("code", new BsonJavaScript("f()"))
                .append("scoped", new CodeWithScope("g()", new Document("x", 1)))
                .append("regex", new BsonRegularExpression("a.*b", "imx"))
                .append("min", new BsonMinKey())
                .append("max", new BsonMaxKey())
                .append("binaries", binariesOfEverySubtype())
                .append("time", new BsonTimestamp(5, 6))
                .append("empty time inside", new Document("t", new BsonTimestamp(0, 0)))
                .append("", "a field without a name"));
        odd.runCommand(new Document("insert", "raw").append("documents", List.of(duplicateFields(), invalidUtf8())));
        odd.runCommand(new Document("create", "stamped"));
        types.insertOne(nested(64));
        odd.getCollection("big").insertOne(new Document("_id", 1).append("x", "x".repeat((16 << 20) - 40)));
        odd.getCollection("näme with sp ces, ünïcode and.dots")
                .insertOne(new Document("_id", new Document("b", 1).append("a", 2)));
        List<Object> ids = List.of(Double.NaN, 2L, 2.5, "b", new ObjectId(), true, new BsonMinKey(), new BsonMaxKey());
        for (Object id : ids) {
            odd.getCollection("ids").insertOne(new Document("_id", id));
        }
    }

    private static void emptyTimestamp(MongoClient client) {
        insertEmptyTimestamp(client.getDatabase("odd").getCollection("stamped"), 1, client);
    }

    /** An empty timestamp can only be written by an oplog entry: an insert would put the present time in its place. */
    public static void insertEmptyTimestamp(MongoCollection<Document> collection, int id, MongoClient client) {
        var document = new Document("_id", id).append("t", new BsonTimestamp(0, 0));
        var entry = new Document("op", "i")
                .append("ns", collection.getNamespace().getFullName())
                .append("o", document);
        client.getDatabase("admin").runCommand(new Document("applyOps", List.of(entry)).append("allowAtomic", false));
        if (!document.equals(collection.find(new Document("_id", id)).first())) {
            throw new IllegalStateException("the server put the present time into the empty timestamp");
        }
    }

    private static List<Binary> binariesOfEverySubtype() {
        return IntStream.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x80, 0xFF)
                .mapToObj(subtype -> new Binary((byte) subtype, new byte[16]))
                .toList();
    }

    private static RawBsonDocument invalidUtf8() {
        // {_id: 2, s: "ab"} with two bytes in the place of "ab" that begin no character.
        byte[] bytes = {
            23, 0, 0, 0, 16, '_', 'i', 'd', 0, 2, 0, 0, 0, 2, 's', 0, 3, 0, 0, 0, (byte) 0xFF, (byte) 0xC0, 0, 0
        };
        bytes[0] = (byte) bytes.length;
        return new RawBsonDocument(bytes);
    }

    private static RawBsonDocument duplicateFields() {
        try (var buffer = new BasicOutputBuffer();
                var writer = new BsonBinaryWriter(buffer)) {
            writer.writeStartDocument();
            writer.writeInt32("_id", 1);
            writer.writeInt32("twice", 1);
            writer.writeString("twice", "two");
            writer.writeEndDocument();
            return new RawBsonDocument(buffer.toByteArray());
        }
    }

    private static Document nested(int levels) {
        Document inner = new Document("leaf", true);
        for (int i = 0; i < levels; i++) {
            inner = new Document("n", inner);
        }
        return inner.append("_id", "nested");
    }

    /** What listCollections and listIndexes say, but for the identities that a server gives anew. */
    public static List<String> definitions(MongoDatabase database) {
        List<String> all = new ArrayList<>();
        for (BsonDocument collection : database.listCollections(BsonDocument.class)) {
            collection.getDocument("info").remove("uuid");
            all.add(Exactly.definition(collection));
            if (collection.getString("type").getValue().equals("collection")) {
                String name = collection.getString("name").getValue();
                Exactly.indexes(database, name).forEach(index -> all.add(name + index));
            }
        }
        all.sort(Comparator.naturalOrder());
        return all;
    }
}
