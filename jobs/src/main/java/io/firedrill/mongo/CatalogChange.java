package io.firedrill.mongo;

import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * An oplog entry that changes what a deployment holds apart from documents: a collection, a view or an index.
 *
 * @param operation as the oplog calls it, like {@code renameCollection}
 * @param subject the namespace, and for a rename where it went; or a database
 */
public record CatalogChange(String operation, String subject, OpTime at) {

    static CatalogChange of(BsonDocument entry) {
        OpTime at = OpTime.of(entry.getTimestamp("ts"));
        String namespace = entry.getString("ns").getValue();
        if (!entry.getString("op").getValue().equals("c")) {
            return new CatalogChange("a view's definition", namespace, at);
        }
        BsonDocument command = entry.getDocument("o");
        if (command.containsKey("applyOps")) {
            BsonDocument inner = nested(command.getArray("applyOps"));
            return of(inner.getString("ns").getValue(), inner.getDocument("o"), at);
        }
        return of(namespace, command, at);
    }

    private static CatalogChange of(String namespace, BsonDocument command, OpTime at) {
        String database = namespace.substring(0, namespace.indexOf('.'));
        String operation = command.getFirstKey();
        if (operation.equals("renameCollection")) {
            String from = command.getString(operation).getValue();
            String to = command.getString("to").getValue();
            return new CatalogChange(operation, from + " to " + to, at);
        }
        boolean whole = !command.isString(operation);
        return new CatalogChange(
                operation,
                whole ? database : database + "." + command.getString(operation).getValue(),
                at);
    }

    private static BsonDocument nested(BsonArray operations) {
        return operations.stream()
                .map(BsonValue::asDocument)
                .filter(operation -> operation.getString("op").getValue().equals("c"))
                .findFirst()
                .orElseThrow();
    }

    /** As messages name it: {@code drop of shop.orders at 1790000000,3}. */
    @Override
    public String toString() {
        return "%s of %s at %s".formatted(operation, subject, at);
    }
}
