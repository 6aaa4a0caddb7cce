package io.firedrill.oplog;

import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Segment;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DocumentCount;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What of an oplog is replayed, and where to. */
public final class ReplayScope {
    static final Set<String> INTERNAL = Set.of("admin", "config", "local", CatalogReader.OWN_DATABASE);

    /** Of {@code $out}, of {@code convertToCapped} and of a rename to another database. */
    private static final Pattern TEMPORARY =
            Pattern.compile("tmp\\.agg_out\\..*|tmp\\w{5}\\.(convertToCapped\\..*|renameCollection)", Pattern.DOTALL);

    private final OpTime at;
    private final Set<String> databases = new HashSet<>();
    private final ReplayCatalog catalog = new ReplayCatalog();
    private final Set<String> excluded = new HashSet<>();
    private final Function<Namespace, Optional<Namespace>> names;
    private final boolean renaming;
    private CreationNotice notice = (_, _) -> {};

    /**
     * Of everything that is not in the plan's list of what was left out, under the names of the source.
     *
     * @param plan of what is restored, under the names of the target
     * @param segments that go with it
     */
    public ReplayScope(BackupPlan plan, List<Segment> segments) {
        this(plan, segments, Optional::of, false);
    }

    /**
     * @param names what a collection or view of the source that is created meanwhile is called in the target; empty where it
     *     is not wanted there
     */
    public ReplayScope(BackupPlan plan, List<Segment> segments, Function<Namespace, Optional<Namespace>> names) {
        this(plan, segments, names, true);
    }

    private ReplayScope(
            BackupPlan plan, List<Segment> segments, Function<Namespace, Optional<Namespace>> names, boolean renaming) {
        this.at = plan.at();
        this.names = names;
        this.renaming = renaming;
        Map<Integer, List<Segment>> byCollection = new HashMap<>();
        segments.forEach(segment -> byCollection
                .computeIfAbsent(segment.collection(), none -> new ArrayList<>())
                .add(segment));
        for (int i = 0; i < plan.collections().size(); i++) {
            CollectionShape shape = plan.collections().get(i);
            databases.add(shape.namespace().database());
            if (!shape.hasDocuments()) {
                catalog.putView(shape);
            } else if (!shape.namespace().isAccess()) {
                catalog.put(shape, ReplayedCollection.of(shape, byCollection.getOrDefault(i, List.of())));
            }
        }
        plan.excluded().forEach(left -> excluded.add(left.namespace()));
    }

    /** The collections and views with their options and indexes: before a replay those of the plan, then what became of them. */
    public List<CollectionShape> shapes() {
        return catalog.shapes();
    }

    /** How many documents each collection must have come to, by what was loaded and what was replayed. */
    public Map<Namespace, Long> documents() {
        return catalog.collections()
                .collect(Collectors.toMap(
                        ReplayedCollection::namespace,
                        collection -> collection.expected().get()));
    }

    /** A collection that removes its oldest documents by itself must have come to as many as the source had. */
    public void requireCounts(Deployment target) {
        catalog.collections().filter(ReplayedCollection::capped).forEach(collection -> {
            long found = DocumentCount.of(target, collection.namespace());
            if (found != collection.expected().get()) {
                throw new Failure(
                        FailureKind.VERIFICATION_FAILED,
                        "capped collection %s holds %d documents after the replay instead of %d"
                                .formatted(
                                        collection.namespace(),
                                        found,
                                        collection.expected().get()),
                        "Do not use this copy: clean staging, restore again, and then another backup.");
            }
        });
    }

    /** Has somebody told of what the replay creates. */
    public ReplayScope telling(CreationNotice wanted) {
        notice = wanted;
        return this;
    }

    CreationNotice notice() {
        return notice;
    }

    ReplayCatalog catalog() {
        return catalog;
    }

    /** Whether the backup was read later, so that it shows the effect. */
    boolean isBefore(OpTime visible) {
        return visible.compareTo(at) <= 0;
    }

    /** Whether a database is the server's or ours, and never part of a backup. */
    boolean isInternal(String database) {
        return INTERNAL.contains(database);
    }

    /** Whether names of the source may have others in the target. */
    boolean isRenaming() {
        return renaming;
    }

    /** The collection that an operation changes; empty where it is not part of the backup. */
    Optional<ReplayedCollection> find(OplogEntry operation) {
        return operation.collection().flatMap(catalog::collection);
    }

    /** What a collection or view of the source is called in the target; empty where it is left out. */
    Optional<Namespace> target(Namespace source) {
        if (isLeftOut(source.toString())) {
            return Optional.empty();
        }
        Optional<Namespace> name = names.apply(source);
        boolean mayBecomePart = isTemporary(source) && databases.contains(source.database());
        return name.isEmpty() && mayBecomePart ? Optional.of(source) : name;
    }

    /** Whether the server fills it to rename it in the end: nobody selects it, and what it is renamed to may be selected. */
    static boolean isTemporary(Namespace source) {
        return TEMPORARY.matcher(source.collection()).matches();
    }

    /** Whether it is no wonder that a collection is not part of the backup. */
    boolean isLeftOut(String namespace) {
        Namespace name = Namespace.parse(namespace);
        return isInternal(name.database())
                || excluded.contains(namespace)
                || excluded.contains(name.owner().toString());
    }
}
