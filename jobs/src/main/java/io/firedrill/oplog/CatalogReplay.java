package io.firedrill.oplog;

import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Namespace;
import java.util.Optional;
import java.util.UUID;
import org.bson.BsonDocument;

/**
 * Replays what was done to collections, strictly: what is created must not be there, and what is dropped, renamed or altered
 * must. Everything done to documents before has to be in the target by then.
 */
final class CatalogReplay {
    private final ReplayScope scope;
    private final ReplayCatalog catalog;
    private final CatalogTarget target;
    private final AlterationReplay alterations;

    CatalogReplay(ReplayScope scope, CatalogTarget target) {
        this.scope = scope;
        this.catalog = scope.catalog();
        this.target = target;
        this.alterations = new AlterationReplay(catalog, target);
    }

    /** Whether anything was done; not if the collection is left out. */
    boolean apply(CatalogEntry entry) {
        return switch (entry.command()) {
            case "create" -> create(entry);
            case "drop" -> drop(entry);
            case "renameCollection" -> rename(entry);
            case "dropDatabase" -> dropDatabase(entry);
            default -> isKnown(entry) && alterations.apply(entry);
        };
    }

    private boolean create(CatalogEntry entry) {
        Optional<Namespace> name = scope.target(entry.subject());
        if (name.isEmpty()) {
            return false;
        }
        requireFree(entry, name.get());
        target.create(entry, name.get());
        catalog.create(new CollectionShape(
                name.get(),
                CollectionShape.Kind.COLLECTION,
                Optional.of(entry.uuid()),
                CollectionOptions.of(entry.body()),
                IndexSpecs.of(entry.body()),
                false));
        return true;
    }

    private boolean drop(CatalogEntry entry) {
        if (!isKnown(entry)) {
            return false;
        }
        target.drop(entry, shape(entry).namespace());
        catalog.drop(entry.uuid());
        return true;
    }

    private boolean rename(CatalogEntry entry) {
        Optional<CollectionShape> moved = catalog.shape(entry.uuid());
        Optional<Namespace> to =
                scope.target(Namespace.parse(entry.body().getString("to").getValue()));
        if (moved.isEmpty() && to.isEmpty()) {
            return false;
        }
        Namespace from =
                Namespace.parse(entry.body().getString("renameCollection").getValue());
        if (moved.isPresent() && to.isEmpty() && ReplayScope.isTemporary(from)) {
            target.dropInstead(entry, moved.get().namespace());
            catalog.drop(entry.uuid());
            return false;
        }
        if (moved.isEmpty() || to.isEmpty()) {
            throw entry.diverges("of its two names one is part of what is restored and the other is not");
        }
        BsonDocument body = entry.body();
        if (body.isBinary("dropTarget")) {
            replace(entry, body.getBinary("dropTarget").asUuid(), to.get());
        } else {
            requireFree(entry, to.get());
        }
        target.rename(entry, moved.get().namespace(), to.get());
        boolean temporary =
                body.containsKey("stayTemp") && body.getBoolean("stayTemp").getValue();
        catalog.alter(
                entry.uuid(),
                shape -> AlterationReplay.with(shape.named(to.get()), options -> {
                    if (!temporary) {
                        options.remove("temp");
                    }
                }));
        return true;
    }

    private void replace(CatalogEntry entry, UUID replaced, Namespace name) {
        if (!catalog.named(name).equals(Optional.of(replaced))) {
            throw entry.diverges("the copy does not hold the collection that it replaces");
        }
        catalog.drop(replaced);
    }

    /** The server has dropped the collections one by one before, and what is empty is no database. */
    private boolean dropDatabase(CatalogEntry entry) {
        if (scope.isRenaming()) {
            return true;
        }
        if (!catalog.isEmpty(entry.database())) {
            throw entry.diverges("the copy holds a collection or view of it that was not dropped before");
        }
        target.requireEmpty(entry, entry.database());
        return true;
    }

    /** Whether it is about a collection that is part of the copy; what is no part of it must be so for a reason. */
    private boolean isKnown(CatalogEntry entry) {
        if (entry.entry().collection().flatMap(catalog::shape).isPresent()) {
            return true;
        }
        if (!alterations.knows(entry.command()) && !entry.command().equals("drop")) {
            throw Divergence.unknown(entry.entry(), entry.at());
        }
        if (scope.target(entry.subject()).isPresent()) {
            throw entry.diverges("the copy holds no such collection");
        }
        return false;
    }

    private CollectionShape shape(CatalogEntry entry) {
        return catalog.shape(entry.uuid()).orElseThrow();
    }

    private void requireFree(CatalogEntry entry, Namespace name) {
        if (catalog.isTaken(name)) {
            throw entry.diverges("the copy holds a collection or view %s already".formatted(name));
        }
    }
}
