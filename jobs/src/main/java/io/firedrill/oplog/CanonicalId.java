package io.firedrill.oplog;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonJavaScriptWithScope;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * One value for all {@code _id}s that a server takes for the same: {@code 1}, {@code 1.0} and a decimal {@code 1.00} are one
 * document's, and what happens to it has to happen in its order. Different ids may share a value; that costs speed only.
 */
final class CanonicalId {
    private CanonicalId() {}

    static BsonValue of(BsonValue id) {
        return switch (id.getBsonType()) {
            case INT32, INT64, DOUBLE, DECIMAL128 -> number(id);
            case SYMBOL -> new BsonString(id.asSymbol().getSymbol());
            case DOCUMENT -> document(id.asDocument());
            case JAVASCRIPT_WITH_SCOPE ->
                new BsonJavaScriptWithScope(
                        id.asJavaScriptWithScope().getCode(),
                        document(id.asJavaScriptWithScope().getScope()));
            case ARRAY ->
                new BsonArray(id.asArray().stream().map(CanonicalId::of).toList());
            default -> id;
        };
    }

    private static BsonValue number(BsonValue id) {
        double value = id.isDecimal128()
                ? Double.parseDouble(id.asDecimal128().getValue().toString())
                : id.asNumber().doubleValue();
        // There is one zero.
        return new BsonDouble(value == 0 ? 0 : value);
    }

    private static BsonDocument document(BsonDocument id) {
        var canonical = new BsonDocument();
        id.forEach((name, value) -> canonical.append(name, of(value)));
        return canonical;
    }
}
