package io.firedrill.oplog;

import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;

/** Replays whatever is not about a document of a collection: which collections, indexes and views there are, and what they are. */
final class Definitions {
    private final ReplayScope scope;
    private final CatalogReplay collections;
    private final ViewReplay views;

    /**
     * @param barrier ends when all earlier operations are in the target
     */
    Definitions(ReplayScope scope, Deployment target, Runnable barrier) {
        var catalog = new CatalogTarget(target, scope.notice(), barrier);
        this.scope = scope;
        this.collections = new CatalogReplay(scope, catalog);
        this.views = new ViewReplay(scope, catalog);
    }

    /** What came of an entry. */
    enum Effect {
        DONE,
        /** The backup was read later. */
        BEFORE,
        LEFT_OUT,
        /** It is known to change nothing. */
        NONE
    }

    Effect command(OplogEntry entry, OpTime at) {
        var command = new CatalogEntry(entry, at);
        if (scope.isInternal(command.database())) {
            return Effect.LEFT_OUT;
        }
        if (scope.isBefore(at)) {
            return Effect.BEFORE;
        }
        // The server comparing its members.
        if (entry.command().equals("dbCheck")) {
            return Effect.NONE;
        }
        if (command.isAboutViews()) {
            views.applyToList(command);
            return Effect.DONE;
        }
        return done(collections.apply(command));
    }

    /** A write into what is no collection of the copy. */
    Effect write(OplogEntry entry, OpTime at) {
        Namespace namespace = Namespace.parse(entry.namespace());
        if (scope.isInternal(namespace.database())) {
            return Effect.LEFT_OUT;
        }
        if (scope.isBefore(at)) {
            return Effect.BEFORE;
        }
        if (namespace.isViews()) {
            return done(views.apply(entry, at));
        }
        if (scope.target(namespace).isPresent()) {
            throw Divergence.of(
                    "'%s' of %s".formatted(entry.kind(), entry.namespace()), at, "the copy holds no such collection");
        }
        return Effect.LEFT_OUT;
    }

    private static Effect done(boolean done) {
        return done ? Effect.DONE : Effect.LEFT_OUT;
    }
}
