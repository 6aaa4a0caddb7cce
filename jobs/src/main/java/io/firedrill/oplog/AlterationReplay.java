package io.firedrill.oplog;

import io.firedrill.mongo.CollectionShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.bson.BsonDocument;

/** Replays what changes a collection but neither its name nor its being there: options, indexes, and being emptied. */
final class AlterationReplay {
    private final ReplayCatalog catalog;
    private final CatalogTarget target;
    private final Map<String, BiConsumer<CatalogEntry, CollectionShape>> known = Map.of(
            "collMod", this::collMod,
            "emptycapped", this::empty,
            "createIndexes", (entry, shape) -> index(entry, shape, List.of(IndexSpecs.created(entry.body()))),
            "commitIndexBuild", (entry, shape) -> index(entry, shape, IndexSpecs.committed(entry.body())),
            "dropIndexes", this::dropIndex,
            // An index is there from the moment at which its build is committed.
            "startIndexBuild", (entry, shape) -> {},
            "abortIndexBuild", (entry, shape) -> {});

    AlterationReplay(ReplayCatalog catalog, CatalogTarget target) {
        this.catalog = catalog;
        this.target = target;
    }

    boolean knows(String command) {
        return known.containsKey(command);
    }

    /** Of a collection that is part of the copy. */
    boolean apply(CatalogEntry entry) {
        BiConsumer<CatalogEntry, CollectionShape> change = known.get(entry.command());
        if (change == null) {
            throw Divergence.unknown(entry.entry(), entry.at());
        }
        change.accept(entry, catalog.shape(entry.uuid()).orElseThrow());
        return true;
    }

    private void empty(CatalogEntry entry, CollectionShape shape) {
        target.empty(entry, shape.namespace());
        catalog.collection(entry.uuid()).orElseThrow().expected().set(0);
    }

    /** What it changes of an index is only remembered: there is none yet. */
    private void collMod(CatalogEntry entry, CollectionShape shape) {
        if (CollectionOptions.unknown(entry.body()).isPresent()) {
            throw Divergence.unknown(entry.entry(), entry.at());
        }
        if (entry.body().containsKey("index")) {
            BsonDocument change = entry.body().getDocument("index");
            requireIndex(entry, shape, IndexSpecs.name(change));
            indexes(entry.uuid(), IndexSpecs.changed(shape.indexes(), change));
        }
        BsonDocument rest = CollectionOptions.copy(entry.body());
        rest.remove("index");
        if (rest.size() > 1) {
            rest.put("collMod", new org.bson.BsonString(shape.namespace().collection()));
            target.apply(entry, shape.namespace(), rest);
            catalog.alter(entry.uuid(), before -> changed(before, rest));
        }
    }

    private static CollectionShape changed(CollectionShape shape, BsonDocument collMod) {
        String mixed = "timeseriesBucketsMayHaveMixedSchemaData";
        return new CollectionShape(
                shape.namespace(),
                shape.kind(),
                shape.uuid(),
                CollectionOptions.changed(shape.options(), collMod),
                shape.indexes(),
                collMod.containsKey(mixed) ? collMod.getBoolean(mixed).getValue() : shape.mixedSchema());
    }

    private void index(CatalogEntry entry, CollectionShape shape, List<BsonDocument> specs) {
        List<BsonDocument> indexes = new ArrayList<>(shape.indexes());
        for (BsonDocument spec : specs) {
            if (IndexSpecs.find(indexes, IndexSpecs.name(spec)).isPresent()) {
                throw entry.diverges("the copy has an index %s already".formatted(IndexSpecs.name(spec)));
            }
            indexes.add(spec);
        }
        indexes(entry.uuid(), indexes);
    }

    private void dropIndex(CatalogEntry entry, CollectionShape shape) {
        String name = entry.body().getString("index").getValue();
        requireIndex(entry, shape, name);
        indexes(entry.uuid(), IndexSpecs.without(shape.indexes(), name));
    }

    private static void requireIndex(CatalogEntry entry, CollectionShape shape, String name) {
        if (IndexSpecs.find(shape.indexes(), name).isEmpty()) {
            throw entry.diverges("the copy has no index %s".formatted(name));
        }
    }

    private void indexes(UUID uuid, List<BsonDocument> indexes) {
        catalog.alter(
                uuid,
                shape -> new CollectionShape(
                        shape.namespace(), shape.kind(), shape.uuid(), shape.options(), indexes, shape.mixedSchema()));
    }

    /** A shape whose options are changed. */
    static CollectionShape with(CollectionShape shape, Consumer<BsonDocument> change) {
        BsonDocument options = CollectionOptions.copy(shape.options());
        change.accept(options);
        return new CollectionShape(
                shape.namespace(), shape.kind(), shape.uuid(), options, shape.indexes(), shape.mixedSchema());
    }
}
