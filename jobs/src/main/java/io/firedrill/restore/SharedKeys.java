package io.firedrill.restore;

import io.firedrill.archive.RedactedId;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * Tells a person which restored documents share a key of a unique index, by their {@code _id}: what the key is, is data. The
 * server is asked to group all documents by the index's fields. An index over an array has a key for each element, which a group
 * has not: what shares only one of them is not found, and a place in an array is not looked for.
 */
final class SharedKeys {
    private static final int DOCUMENTS_MAX = 20;
    private static final long SECONDS_MAX = 300;
    private static final Pattern PLACE = Pattern.compile("(^|\\.)[0-9]+(\\.|$)");
    private static final BsonDocument SIMPLE = new BsonDocument("locale", new BsonString("simple"));

    private final Deployment target;
    private final Namespace namespace;
    private final List<BsonDocument> specs;

    /**
     * @param specs the unique indexes of which the server may have meant one
     */
    SharedKeys(Deployment target, Namespace namespace, List<BsonDocument> specs) {
        this.target = target;
        this.namespace = namespace;
        this.specs = List.copyOf(specs);
    }

    /** What an index build that met documents of one key ends with; it never fails itself. */
    Failure failure() {
        for (BsonDocument spec : specs) {
            List<BsonArray> groups = groups(spec);
            if (!groups.isEmpty()) {
                return failure(List.of(spec), "documents share a key, such as those of _id " + named(groups));
            }
        }
        return failure(
                specs,
                "which documents share a key could not be told: they may do so in one element of an array, or staging did not say");
    }

    private Failure failure(List<BsonDocument> meant, String documents) {
        String names = String.join(
                "' or '",
                meant.stream().map(spec -> spec.getString("name").getValue()).toList());
        return new Failure(
                FailureKind.VERIFICATION_FAILED,
                "the documents of %s violate its unique index '%s', which so cannot be built: %s"
                        .formatted(namespace, names, documents),
                "The source held documents that its index forbids, and passed over: validate() there says whether it still does. Mend them and back up again; this backup can be restored without the collection, by --exclude.");
    }

    private static String named(List<BsonArray> groups) {
        List<String> texts = new ArrayList<>();
        int left = DOCUMENTS_MAX;
        for (BsonArray group : groups) {
            List<String> ids = group.stream().limit(left).map(RedactedId::of).toList();
            // One alone shares nothing.
            if (ids.size() < 2) {
                break;
            }
            texts.add(String.join(" and ", ids));
            left -= ids.size();
        }
        return String.join("; ", texts);
    }

    /** The ids of documents that share a key, for each key; empty where the server cannot tell. */
    private List<BsonArray> groups(BsonDocument spec) {
        if (!isGrouped(spec.getDocument("key"))) {
            return List.of();
        }
        var command = new BsonDocument("aggregate", new BsonString(namespace.collection()))
                .append("pipeline", pipeline(spec))
                .append("cursor", new BsonDocument())
                .append("allowDiskUse", BsonBoolean.TRUE)
                .append("collation", spec.getDocument("collation", SIMPLE))
                .append("maxTimeMS", new BsonInt64(SECONDS_MAX * 1_000));
        try {
            return target.all(namespace.database(), command).stream()
                    .map(group -> group.asDocument().getArray("ids"))
                    .toList();
        } catch (Failure failure) {
            // What led here is to be told, not that it could not be told well.
            return List.of();
        }
    }

    /** Whether its keys are what stands in the fields, and a group finds that: not words, places on earth or in an array. */
    private static boolean isGrouped(BsonDocument key) {
        return key.values().stream().allMatch(BsonValue::isNumber)
                && key.keySet().stream().noneMatch(field -> PLACE.matcher(field).find());
    }

    private static BsonArray pipeline(BsonDocument spec) {
        var stages = new BsonArray();
        indexed(spec).ifPresent(filter -> stages.add(new BsonDocument("$match", filter)));
        var ids = new BsonDocument("input", new BsonString("$_id")).append("n", new BsonInt32(DOCUMENTS_MAX));
        stages.add(new BsonDocument(
                "$group",
                new BsonDocument("_id", key(spec))
                        .append("ids", new BsonDocument("$firstN", ids))
                        .append("count", new BsonDocument("$sum", new BsonInt32(1)))));
        stages.add(new BsonDocument("$match", new BsonDocument("count", new BsonDocument("$gt", new BsonInt32(1)))));
        stages.add(new BsonDocument("$limit", new BsonInt32(DOCUMENTS_MAX / 2)));
        return stages;
    }

    /** What an index takes for one key: a field that is missing is null. */
    private static BsonDocument key(BsonDocument spec) {
        var key = new BsonDocument();
        for (String field : spec.getDocument("key").keySet()) {
            var orNull = new BsonArray(List.of(new BsonString("$" + field), BsonNull.VALUE));
            // Of a dotted name a group cannot make a field.
            key.append("k" + key.size(), new BsonDocument("$ifNull", orNull));
        }
        return key;
    }

    /** Which documents are in the index at all. */
    private static Optional<BsonDocument> indexed(BsonDocument spec) {
        if (spec.containsKey("partialFilterExpression")) {
            return Optional.of(spec.getDocument("partialFilterExpression"));
        }
        if (!isSet(spec.get("sparse", BsonBoolean.FALSE))) {
            return Optional.empty();
        }
        List<BsonValue> any = new ArrayList<>();
        for (String field : spec.getDocument("key").keySet()) {
            any.add(new BsonDocument(field, new BsonDocument("$exists", BsonBoolean.TRUE)));
        }
        return Optional.of(new BsonDocument("$or", new BsonArray(any)));
    }

    /** An option of an index that was made long ago may be a number. */
    private static boolean isSet(BsonValue option) {
        return option.isBoolean()
                ? option.asBoolean().getValue()
                : option.isNumber() && option.asNumber().intValue() != 0;
    }
}
