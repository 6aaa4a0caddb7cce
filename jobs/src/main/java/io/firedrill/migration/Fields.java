package io.firedrill.migration;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.bson.BsonDocument;
import org.bson.BsonNull;
import org.bson.BsonValue;

/** Reads rows that others wrote: a field that is missing or of another type than usual is one that says nothing. */
final class Fields {
    private Fields() {}

    static String text(BsonDocument row, String field) {
        return value(row, field).isString() ? value(row, field).asString().getValue() : "";
    }

    static Optional<Instant> instant(BsonDocument row, String field) {
        return value(row, field).isDateTime()
                ? Optional.of(
                        Instant.ofEpochMilli(value(row, field).asDateTime().getValue()))
                : Optional.empty();
    }

    static OptionalLong number(BsonDocument row, String field) {
        return value(row, field).isNumber()
                ? OptionalLong.of(value(row, field).asNumber().longValue())
                : OptionalLong.empty();
    }

    static boolean isTrue(BsonDocument row, String field) {
        return value(row, field).isBoolean() && value(row, field).asBoolean().getValue();
    }

    /** When it was inserted, by whoever made its ObjectId. */
    static Optional<Instant> created(BsonDocument row) {
        return value(row, "_id").isObjectId()
                ? Optional.of(Instant.ofEpochSecond(Integer.toUnsignedLong(
                        value(row, "_id").asObjectId().getValue().getTimestamp())))
                : Optional.empty();
    }

    private static BsonValue value(BsonDocument row, String field) {
        return row.get(field, BsonNull.VALUE);
    }
}
