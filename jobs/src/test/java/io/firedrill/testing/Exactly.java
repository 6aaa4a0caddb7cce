package io.firedrill.testing;

import com.mongodb.client.MongoDatabase;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;

/**
 * What a server says, as texts that are equal only where it says the same: Java takes documents for equal whose fields stand in
 * another order, and so an index on a, b for one on b, a.
 */
final class Exactly {
    /** How the names of the collections begin in which a server keeps time series. */
    static final String BUCKETS = "system.buckets.";

    /** What a server says of a collection in fields of their own, each of which stands for itself. */
    private static final Set<String> GROUPS = Set.of("options", "info", "idIndex");

    private static final JsonWriterSettings WITH_TYPES =
            JsonWriterSettings.builder().outputMode(JsonMode.EXTENDED).build();

    private Exactly() {}

    /** A collection or an index, as the server lists it: in which order it lists the fields is its own affair, not within them. */
    static String definition(BsonDocument listed) {
        Map<String, String> fields = new TreeMap<>();
        listed.forEach((name, value) -> fields.put(
                name, GROUPS.contains(name) && value.isDocument() ? definition(value.asDocument()) : text(value)));
        return fields.toString();
    }

    static Set<String> indexes(MongoDatabase database, String collection) {
        return database.getCollection(collection)
                .listIndexes(BsonDocument.class)
                .map(Exactly::definition)
                .into(new TreeSet<>());
    }

    private static String text(BsonValue value) {
        return new BsonDocument("", value).toJson(WITH_TYPES);
    }

    /** The bytes of each document of a collection, by {@code _id}. */
    static List<String> documents(MongoDatabase database, String collection) {
        return database.getCollection(collection, RawBsonDocument.class)
                .find()
                .sort(new BsonDocument("_id", new BsonInt32(1)))
                .map(Exactly::bytes)
                .into(new ArrayList<>());
    }

    private static String bytes(RawBsonDocument document) {
        byte[] bytes = new byte[document.getByteBuffer().remaining()];
        document.getByteBuffer().asNIO().get(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
