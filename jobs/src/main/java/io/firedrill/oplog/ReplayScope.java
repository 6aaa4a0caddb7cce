package io.firedrill.oplog;

import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Segment;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DocumentCount;
import io.firedrill.mongo.Namespace;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** What of an oplog is replayed, and where to: a collection is its UUID, whatever its name. */
public final class ReplayScope {
    private static final Set<String> INTERNAL = Set.of("admin", "config", "local");

    private final Map<UUID, ReplayedCollection> collections = new HashMap<>();
    private final Set<String> excluded = new HashSet<>();
    private final List<CollectionShape> shapes;

    /**
     * @param plan of what is restored, under the names of the target
     * @param segments that go with it
     */
    public ReplayScope(BackupPlan plan, List<Segment> segments) {
        this.shapes = plan.data();
        Map<Integer, List<Segment>> byCollection = new HashMap<>();
        segments.forEach(segment -> byCollection
                .computeIfAbsent(segment.collection(), none -> new java.util.ArrayList<>())
                .add(segment));
        for (int i = 0; i < plan.collections().size(); i++) {
            CollectionShape shape = plan.collections().get(i);
            if (shape.hasDocuments() && !shape.namespace().isAccess()) {
                collections.put(
                        shape.uuid().orElseThrow(),
                        ReplayedCollection.of(shape, byCollection.getOrDefault(i, List.of())));
            }
        }
        plan.excluded().forEach(left -> excluded.add(left.namespace()));
    }

    /** The collections and views that the target has to have after the replay, with options and indexes. */
    public List<CollectionShape> shapes() {
        return shapes;
    }

    /** A collection that removes its oldest documents by itself must have come to as many as the source had. */
    public void requireCounts(Deployment target) {
        for (ReplayedCollection collection : collections.values()) {
            long found = collection.capped() ? DocumentCount.of(target, collection.namespace()) : 0;
            if (collection.capped() && found != collection.expected().get()) {
                throw new Failure(
                        FailureKind.VERIFICATION_FAILED,
                        "capped collection %s holds %d documents after the replay instead of %d"
                                .formatted(
                                        collection.namespace(),
                                        found,
                                        collection.expected().get()),
                        "Do not use this copy: clean staging, restore again, and then another backup.");
            }
        }
    }

    /** The collection that an operation changes; empty where it is not part of the backup. */
    Optional<ReplayedCollection> find(OplogEntry operation) {
        return operation.collection().map(collections::get);
    }

    /** Whether it is no wonder that a collection is not part of the backup. */
    boolean isLeftOut(String namespace) {
        Namespace name = Namespace.parse(namespace);
        return INTERNAL.contains(name.database())
                || excluded.contains(namespace)
                || excluded.contains(name.owner().toString());
    }
}
