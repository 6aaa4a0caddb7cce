package io.firedrill.oplog;

import io.firedrill.mongo.CatalogWriter;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import java.util.Optional;
import java.util.UUID;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;

/** The collections of a target as a replay changes them: it looks before it does, since mongod would let much pass. */
final class CatalogTarget {
    private final CatalogWriter writer;
    private final CreationNotice notice;
    private final Runnable barrier;

    /**
     * @param barrier ends when all earlier operations are in the target
     */
    CatalogTarget(Deployment target, CreationNotice notice, Runnable barrier) {
        this.writer = new CatalogWriter(target);
        this.notice = notice;
        this.barrier = barrier;
    }

    void create(CatalogEntry entry, Namespace name) {
        requireFree(entry, name);
        barrier.run();
        // Known before it is there: whoever cleans up finds it by its identity, whatever it is called then.
        UUID identity = UUID.randomUUID();
        notice.creating(name, Optional.of(identity));
        writer.apply(name.database(), identity, naming(entry, name));
    }

    void drop(CatalogEntry entry, Namespace name) {
        apply(entry, name, naming(entry, name));
    }

    /** Drops what is renamed to something that is left out. */
    void dropInstead(CatalogEntry entry, Namespace name) {
        apply(entry, name, new BsonDocument("drop", new BsonString(name.collection())));
    }

    /** Applies a command to the collection that has a name here. */
    void apply(CatalogEntry entry, Namespace name, BsonDocument command) {
        barrier.run();
        writer.apply(name.database(), identity(entry, name), command);
    }

    void empty(CatalogEntry entry, Namespace name) {
        barrier.run();
        requireThere(entry, name);
        writer.empty(name);
    }

    void rename(CatalogEntry entry, Namespace from, Namespace to) {
        BsonDocument command = CollectionOptions.copy(entry.body());
        command.put("renameCollection", new BsonString(from.toString()));
        command.put("to", new BsonString(to.toString()));
        if (command.containsKey("dropTarget")) {
            command.put("dropTarget", new BsonBinary(identity(entry, to)));
        } else {
            requireFree(entry, to);
        }
        apply(entry, from, command);
    }

    boolean holds(Namespace name) {
        return writer.find(name).isPresent();
    }

    void requireEmpty(CatalogEntry entry, String database) {
        if (!writer.isEmpty(database)) {
            throw entry.diverges("the target holds something in it that the source did not");
        }
    }

    void createViews(CatalogEntry entry) {
        requireFree(entry, Namespace.views(entry.database()));
        createViews(entry.database());
    }

    private void createViews(String database) {
        var index = new BsonDocument("v", new BsonInt32(2))
                .append("key", new BsonDocument("_id", new BsonInt32(1)))
                .append("name", new BsonString("_id_"));
        var create = new BsonDocument(
                        "create", new BsonString(Namespace.views(database).collection()))
                .append("idIndex", index);
        writer.apply(database, UUID.randomUUID(), create);
    }

    /** There is none where the source's was empty when it was read. */
    void dropViews(CatalogEntry entry) {
        writer.find(Namespace.views(entry.database()))
                .flatMap(CatalogWriter.Present::uuid)
                .ifPresent(uuid -> writer.apply(entry.database(), uuid, entry.body()));
    }

    void insertView(Namespace view, BsonDocument definition) {
        if (!holds(Namespace.views(view.database()))) {
            createViews(view.database());
        }
        notice.creating(view, Optional.empty());
        writer.applyToViews("i", view, definition);
    }

    void updateView(Namespace view, BsonDocument definition) {
        writer.applyToViews("u", view, definition);
    }

    void deleteView(Namespace view) {
        writer.applyToViews("d", view, new BsonDocument("_id", new BsonString(view.toString())));
    }

    private static BsonDocument naming(CatalogEntry entry, Namespace name) {
        BsonDocument command = CollectionOptions.copy(entry.body());
        command.put(entry.command(), new BsonString(name.collection()));
        return command;
    }

    private void requireFree(CatalogEntry entry, Namespace name) {
        if (holds(name)) {
            throw entry.diverges("the target holds a collection or view %s already".formatted(name));
        }
    }

    private void requireThere(CatalogEntry entry, Namespace name) {
        UUID _ = identity(entry, name);
    }

    private UUID identity(CatalogEntry entry, Namespace name) {
        return writer.find(name)
                .flatMap(CatalogWriter.Present::uuid)
                .orElseThrow(() -> entry.diverges("the target holds no collection %s".formatted(name)));
    }
}
