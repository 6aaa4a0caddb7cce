package io.firedrill.archive;

import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Namespace;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/** The collections that a view or an encrypted collection names in its definition. */
final class References {
    private static final List<String> STATE_COLLECTIONS = List.of("escCollection", "eccCollection", "ecocCollection");

    private final String database;
    private final List<Reference> found = new ArrayList<>();

    private References(String database) {
        this.database = database;
    }

    /**
     * A name in a definition.
     *
     * @param fixed whether it says the database too; else that of the one that names it is meant, wherever it lies
     */
    record Reference(Namespace name, boolean fixed) {}

    static List<Reference> of(CollectionShape shape) {
        var references = new References(shape.namespace().database());
        BsonDocument options = shape.options();
        if (shape.isView()) {
            references.add(options.get("viewOn"));
            references.walk(options.get("pipeline"));
        }
        if (isEncrypted(shape)) {
            BsonDocument fields = options.getDocument("encryptedFields");
            STATE_COLLECTIONS.forEach(name -> references.add(fields.get(name)));
        }
        return references.found;
    }

    static boolean isEncrypted(CollectionShape shape) {
        return shape.options().isDocument("encryptedFields");
    }

    /** Stages may stand in stages; what only looks like one is taken for one, which is on the safe side. */
    private void walk(@Nullable BsonValue value) {
        if (value == null) {
            return;
        }
        if (value.isArray()) {
            value.asArray().forEach(this::walk);
        } else if (value.isDocument()) {
            value.asDocument().forEach((key, inner) -> {
                switch (key) {
                    case "$lookup", "$graphLookup" -> addField(inner, "from");
                    case "$unionWith", "$out" -> add(inner);
                    case "$merge" -> {
                        add(inner);
                        addField(inner, "into");
                    }
                    default -> {}
                }
                walk(inner);
            });
        }
    }

    private void addField(BsonValue stage, String field) {
        if (stage.isDocument()) {
            add(stage.asDocument().get(field));
        }
    }

    /** A name, or a document with {@code coll} and perhaps {@code db}. */
    private void add(@Nullable BsonValue name) {
        if (name == null) {
            return;
        }
        if (name.isString()) {
            add(database, name.asString().getValue(), false);
        } else if (name.isDocument() && name.asDocument().isString("coll")) {
            boolean fixed = name.asDocument().isString("db");
            String other = fixed ? name.asDocument().getString("db").getValue() : database;
            add(other, name.asDocument().getString("coll").getValue(), fixed);
        }
    }

    private void add(String other, String collection, boolean fixed) {
        try {
            found.add(new Reference(new Namespace(other, collection), fixed));
        } catch (IllegalArgumentException _) {
            // Text that no collection can be called by is none's name.
        }
    }
}
