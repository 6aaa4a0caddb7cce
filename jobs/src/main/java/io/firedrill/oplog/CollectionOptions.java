package io.firedrill.oplog;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;

/** The options of a collection, as {@code listCollections} gives them, out of the entries that made and changed them. */
final class CollectionOptions {
    /** By what a time series is cut into buckets, in seconds. */
    private static final Map<String, Integer> SPANS = Map.of("seconds", 3_600, "minutes", 86_400, "hours", 2_592_000);

    private static final Set<String> KNOWN = Set.of(
            "collMod",
            "index",
            "validator",
            "validationLevel",
            "validationAction",
            "changeStreamPreAndPostImages",
            "expireAfterSeconds",
            "timeseries",
            "timeseriesBucketsMayHaveMixedSchemaData",
            "cappedSize",
            "cappedMax");

    /** The server rounds the size of a capped collection up to a multiple of it. */
    private static final long CAPPED_ROUNDING = 256;

    private CollectionOptions() {}

    static BsonDocument of(BsonDocument create) {
        BsonDocument options = copy(create);
        options.remove("create");
        options.remove("idIndex");
        return options;
    }

    /** The first thing that a {@code collMod} changes and that is not known here. */
    static Optional<String> unknown(BsonDocument collMod) {
        return collMod.keySet().stream().filter(key -> !KNOWN.contains(key)).findFirst();
    }

    static BsonDocument changed(BsonDocument options, BsonDocument collMod) {
        BsonDocument changed = copy(options);
        collMod.forEach((key, value) -> change(changed, key, value));
        return changed;
    }

    private static void change(BsonDocument options, String key, BsonValue value) {
        switch (key) {
            case "validator", "validationLevel", "validationAction" -> {
                options.put(key, value);
                // Whoever says one of the three says all.
                options.putIfAbsent("validationLevel", new BsonString("strict"));
                options.putIfAbsent("validationAction", new BsonString("error"));
                removeIf(options, key, value.isDocument() && value.asDocument().isEmpty());
            }
            case "changeStreamPreAndPostImages" -> {
                options.put(key, value);
                removeIf(options, key, !value.asDocument().getBoolean("enabled").getValue());
            }
            case "expireAfterSeconds" -> {
                options.remove(key);
                if (value.isNumber()) {
                    options.put(key, new BsonInt64(value.asNumber().longValue()));
                }
            }
            case "timeseries" -> options.put(key, regrained(options.getDocument(key), value.asDocument()));
            case "cappedSize" ->
                options.put("size", whole(rounded(value.asNumber().longValue())));
            case "cappedMax" -> options.put("max", whole(value.asNumber().longValue()));
            default -> {}
        }
    }

    private static BsonValue whole(long number) {
        return number == (int) number ? new BsonInt32((int) number) : new BsonInt64(number);
    }

    private static void removeIf(BsonDocument options, String key, boolean nothing) {
        if (nothing) {
            options.remove(key);
        }
    }

    private static long rounded(long size) {
        return (size + CAPPED_ROUNDING - 1) / CAPPED_ROUNDING * CAPPED_ROUNDING;
    }

    private static BsonDocument regrained(BsonDocument options, BsonDocument change) {
        BsonDocument changed = copy(options);
        changed.putAll(change);
        String granularity = changed.getString("granularity").getValue().toLowerCase(Locale.ROOT);
        Integer span = SPANS.get(granularity);
        if (span != null) {
            changed.put("bucketMaxSpanSeconds", new BsonInt32(span));
        }
        return changed;
    }

    static BsonDocument copy(BsonDocument document) {
        var copy = new BsonDocument();
        document.forEach(copy::append);
        return copy;
    }
}
