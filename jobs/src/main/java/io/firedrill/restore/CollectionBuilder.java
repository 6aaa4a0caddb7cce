package io.firedrill.restore;

import io.firedrill.archive.BackupPlan;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.IndexBuild;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.Requests;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;

/** Makes the collections, views and indexes of a plan in a target, with the very options that the server once gave. */
public final class CollectionBuilder {
    /** Options of indexes that must not be there while documents are loaded. */
    private static final List<String> LATE = List.of("unique", "prepareUnique", "expireAfterSeconds");

    private final Deployment target;
    private final StagingMarker marker;
    private final Set<Namespace> indexed = ConcurrentHashMap.newKeySet();

    public CollectionBuilder(Deployment target, StagingMarker marker) {
        this.target = target;
        this.marker = marker;
    }

    /**
     * Creates all collections, empty; those that an earlier attempt created stay.
     *
     * @param small which of them hold so little that indexes cost more to build than to keep up to date
     */
    public void createCollections(BackupPlan plan, Predicate<CollectionShape> small) {
        Map<Namespace, UUID> there = present(plan);
        // Buckets come with their time series.
        List<CollectionShape> missing = plan.data().stream()
                .filter(shape -> !shape.isView() && !shape.namespace().isBuckets())
                .filter(shape -> !there.containsKey(shape.namespace()))
                .toList();
        marker.planned(missing.stream().map(CollectionShape::namespace).toList());
        Requests.all(missing, shape -> {
            create(shape);
            return small.test(shape) && isIndexedEarly(shape) && indexEarly(shape);
        });
        // Asked again, once: the identity of what was created, so that cleaning can tell it from what others create.
        marker.created(present(plan).entrySet().stream()
                .map(found -> new StagingMarker.Created(found.getKey(), Optional.of(found.getValue())))
                .toList());
    }

    /** Creates all views among some shapes. Last of all, since nothing is ever loaded through them. */
    public void createViews(List<CollectionShape> shapes) {
        Set<Namespace> there = databasesOf(shapes).stream()
                .flatMap(database -> new CatalogReader(target).read(database).stream())
                .filter(CollectionShape::isView)
                .map(CollectionShape::namespace)
                .collect(Collectors.toSet());
        for (CollectionShape shape : ViewOrder.of(shapes)) {
            if (!there.contains(shape.namespace())) {
                marker.created(List.of(new StagingMarker.Created(shape.namespace(), Optional.empty())));
                create(shape);
            }
        }
    }

    /**
     * On an empty collection an index is made at once, on one with documents it is built: by far slower where there are few.
     * Unique ones come after the data, which may violate them; those that let documents expire do too.
     */
    private static boolean isIndexedEarly(CollectionShape shape) {
        return shape.hasDocuments()
                && shape.indexes().stream()
                        .filter(CollectionBuilder::isBuilt)
                        .noneMatch(spec -> LATE.stream().anyMatch(spec::containsKey));
    }

    private boolean indexEarly(CollectionShape shape) {
        createIndexes(shape);
        return indexed.add(shape.namespace());
    }

    /** Builds all indexes of one collection in one command, which reads the collection once. */
    public void createIndexes(CollectionShape shape) {
        if (indexed.contains(shape.namespace())) {
            return;
        }
        if (shape.mixedSchema()) {
            markMixedSchema(shape.namespace().owner());
        }
        List<BsonDocument> specs = shape.indexes().stream()
                .filter(CollectionBuilder::isBuilt)
                .map(spec -> collated(shape, spec))
                .toList();
        if (specs.isEmpty()) {
            return;
        }
        new IndexBuild(target, shape.namespace()).run(specs).ifPresent(key -> {
            throw new SharedKeys(target, shape.namespace(), meant(specs, key)).failure();
        });
    }

    /** The unique ones with this key; several may have it, with filters or collations of their own. */
    private static List<BsonDocument> meant(List<BsonDocument> specs, BsonDocument key) {
        List<BsonDocument> unique =
                specs.stream().filter(spec -> spec.containsKey("unique")).toList();
        List<BsonDocument> equal = unique.stream()
                .filter(spec -> spec.getDocument("key").equals(key))
                .toList();
        return equal.isEmpty() ? unique : equal;
    }

    /** A simple collation is not listed, but must be said: an index without one takes that of its collection. */
    private static BsonDocument collated(CollectionShape shape, BsonDocument spec) {
        if (!shape.isCollated() || spec.containsKey("collation")) {
            return spec;
        }
        var explicit = new BsonDocument();
        spec.forEach(explicit::append);
        return explicit.append("collation", new BsonDocument("locale", new BsonString("simple")));
    }

    /** The index on {@code _id} comes with the collection, and the clustered one is the collection. */
    private static boolean isBuilt(BsonDocument spec) {
        return !spec.getString("name").getValue().equals("_id_") && !spec.containsKey("clustered");
    }

    /** Without the mark, the server would trust the bounds of such buckets and leave measurements out of answers. */
    private void markMixedSchema(Namespace timeSeries) {
        target.run(
                timeSeries.database(),
                new BsonDocument("collMod", new BsonString(timeSeries.collection()))
                        .append("timeseriesBucketsMayHaveMixedSchemaData", BsonBoolean.TRUE));
    }

    /** Not waiting for the journal each time: the marker's next write does, and makes what came before it durable too. */
    private static BsonDocument soon() {
        return new BsonDocument("w", new BsonInt32(1)).append("j", BsonBoolean.FALSE);
    }

    private void create(CollectionShape shape) {
        var command =
                new BsonDocument("create", new BsonString(shape.namespace().collection()));
        shape.options().forEach(command::append);
        command.append("writeConcern", soon());
        target.run(shape.namespace().database(), command);
    }

    private Map<Namespace, UUID> present(BackupPlan plan) {
        Set<Namespace> planned = plan.data().stream()
                .map(CollectionShape::namespace)
                .filter(name -> !name.isBuckets())
                .collect(Collectors.toSet());
        Map<Namespace, UUID> found = new HashMap<>();
        for (String database : databasesOf(plan.data())) {
            found.putAll(new CatalogReader(target).uuids(database));
        }
        found.keySet().retainAll(planned);
        return found;
    }

    private static Set<String> databasesOf(List<CollectionShape> shapes) {
        return shapes.stream()
                .map(shape -> shape.namespace().database())
                .collect(Collectors.toCollection(java.util.TreeSet::new));
    }
}
