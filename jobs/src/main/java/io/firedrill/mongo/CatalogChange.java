package io.firedrill.mongo;

import java.util.List;
import java.util.stream.Collectors;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;

/**
 * An oplog entry that changes what a deployment holds apart from documents: a collection, a view or an index; or who may do
 * what with it.
 *
 * @param operation as the oplog calls it, like {@code renameCollection}
 * @param namespaces what it is about, and for a rename what became of it; none for a whole database, whose collections are
 *     dropped each by an entry of its own
 */
public record CatalogChange(String operation, String database, List<Namespace> namespaces, OpTime at) {
    public CatalogChange {
        namespaces = List.copyOf(namespaces);
    }

    static CatalogChange of(BsonDocument entry) {
        OpTime at = OpTime.of(entry.getTimestamp("ts"));
        String namespace = entry.getString("ns").getValue();
        if (!entry.getString("op").getValue().equals("c")) {
            Namespace holder = Namespace.parse(namespace);
            String what = holder.isAccess() ? "a change" : "a view's definition";
            return new CatalogChange(what, holder.database(), List.of(holder), at);
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
            Namespace from = Namespace.parse(command.getString(operation).getValue());
            Namespace to = Namespace.parse(command.getString("to").getValue());
            return new CatalogChange(operation, database, List.of(from, to), at);
        }
        List<Namespace> subject = command.isString(operation)
                ? List.of(new Namespace(database, command.getString(operation).getValue()))
                : List.of();
        return new CatalogChange(operation, database, subject, at);
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
        String subject = namespaces.isEmpty()
                ? database
                : namespaces.stream().map(Namespace::toString).collect(Collectors.joining(" to "));
        return "%s of %s at %s".formatted(operation, subject, at);
    }
}
