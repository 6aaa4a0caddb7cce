package io.firedrill.oplog;

import io.firedrill.failure.Failure;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import java.util.UUID;
import org.bson.BsonDocument;

/**
 * An entry that says what was done to a collection.
 *
 * @param at when it became visible
 */
record CatalogEntry(OplogEntry entry, OpTime at) {
    String command() {
        return entry.command();
    }

    BsonDocument body() {
        return entry.object();
    }

    String database() {
        return Namespace.parse(entry.namespace()).database();
    }

    /** The collection that it is about, as the source called it. */
    Namespace subject() {
        return new Namespace(database(), body().getString(command()).getValue());
    }

    /** Whether it is about the definitions of a database's views. */
    boolean isAboutViews() {
        return body().isString(command())
                && !command().equals("renameCollection")
                && subject().isViews();
    }

    UUID uuid() {
        return entry.collection().orElseThrow(() -> Divergence.unknown(entry, at));
    }

    Failure diverges(String why) {
        return Divergence.of(
                "%s of %s".formatted(command(), body().isString(command()) ? about() : database()), at, why);
    }

    /** A rename gives whole names. */
    private String about() {
        return command().equals("renameCollection")
                ? body().getString(command()).getValue()
                : subject().toString();
    }
}
