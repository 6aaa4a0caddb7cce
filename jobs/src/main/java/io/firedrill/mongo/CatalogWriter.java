package io.firedrill.mongo;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.UuidRepresentation;

/**
 * Does to a target's collections what a source's oplog says was done to them. mongod applies the entry itself, as a secondary
 * does, so that options which no command of a client may give come out too. mongod is lenient about it (a collection that is
 * there is moved out of the way, one that is not need not be dropped), so the caller has to look before.
 */
public final class CatalogWriter {
    private static final BsonDocument SOON = new BsonDocument("w", new BsonInt32(1)).append("j", BsonBoolean.FALSE);

    private final Deployment target;

    public CatalogWriter(Deployment target) {
        this.target = target;
    }

    /**
     * What lies under a name.
     *
     * @param uuid empty for a view
     */
    public record Present(Optional<UUID> uuid) {}

    /** What lies under a name; empty where nothing does. */
    public Optional<Present> find(Namespace namespace) {
        var command = new BsonDocument("listCollections", new BsonInt32(1))
                .append("filter", new BsonDocument("name", new BsonString(namespace.collection())));
        return target.all(namespace.database(), command).stream()
                .map(entry -> entry.asDocument().getDocument("info"))
                .map(info -> new Present(
                        info.containsKey("uuid")
                                ? Optional.of(info.getBinary("uuid").asUuid())
                                : Optional.empty()))
                .findFirst();
    }

    /** Whether a database holds anything at all. */
    public boolean isEmpty(String database) {
        var command = new BsonDocument("listCollections", new BsonInt32(1)).append("nameOnly", BsonBoolean.TRUE);
        return target.all(database, command).isEmpty();
    }

    /**
     * Applies one command.
     *
     * @param uuid of the collection that it is about: for {@code create} the one that it gets
     */
    public void apply(String database, UUID uuid, BsonDocument command) {
        apply(new BsonDocument("op", new BsonString("c"))
                .append("ns", new BsonString(database + ".$cmd"))
                .append("ui", new BsonBinary(uuid, UuidRepresentation.STANDARD))
                .append("o", command));
    }

    /**
     * Removes all documents of a collection. Entries of {@code emptycapped} are refused by a server that asks for passwords
     * and has no such command, as none outside of a test has.
     */
    public void empty(Namespace namespace) {
        var all = new BsonDocument("q", new BsonDocument()).append("limit", new BsonInt32(0));
        WriteErrors.require(
                target,
                namespace,
                target.run(
                        namespace.database(),
                        new BsonDocument("delete", new BsonString(namespace.collection()))
                                .append("deletes", new BsonArray(List.of(all)))
                                .append("writeConcern", SOON)));
    }

    /**
     * Applies one write to the definition of a view, which is a document of a collection of the server's own.
     *
     * @param kind {@code i}, {@code u} or {@code d}
     */
    public void applyToViews(String kind, Namespace view, BsonDocument definition) {
        apply(new BsonDocument("op", new BsonString(kind))
                .append("ns", new BsonString(Namespace.views(view.database()).toString()))
                .append("o2", new BsonDocument("_id", new BsonString(view.toString())))
                .append("o", definition));
    }

    private void apply(BsonDocument entry) {
        target.run(
                "admin",
                new BsonDocument("applyOps", new BsonArray(List.of(entry)))
                        .append("allowAtomic", BsonBoolean.FALSE)
                        .append("alwaysUpsert", BsonBoolean.FALSE)
                        .append("writeConcern", SOON));
    }
}
