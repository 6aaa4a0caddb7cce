package io.firedrill.restore;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.Principals;
import io.firedrill.restore.StagingMarker.Created;
import io.firedrill.restore.StagingMarker.Principal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;

/** Drops what the marker says Firedrill created in a target, and nothing else. */
public final class StagingCleaner {
    private final Deployment target;
    private final StagingMarker marker;

    public StagingCleaner(Deployment target, StagingMarker marker) {
        this.target = target;
        this.marker = marker;
    }

    /**
     * What would be dropped: collections of the recorded identity, recorded views, and what a run was about to create when
     * it died. A collection of the same name that somebody else created in the meantime is not among them.
     */
    public List<Namespace> dropped() {
        if (marker.read().isEmpty()) {
            throw new Failure(
                    FailureKind.TARGET_REFUSED,
                    "%s %s carries no marker of a restore".formatted(target.role(), target.hosts()),
                    "There is nothing here that Firedrill restored, so nothing that it may drop.");
        }
        Map<Namespace, CollectionShape> present = new CatalogReader(target)
                .read().stream().collect(Collectors.toMap(CollectionShape::namespace, shape -> shape));
        List<Created> created = marker.allCreated();
        Set<Namespace> known = created.stream().map(Created::namespace).collect(Collectors.toSet());
        Stream<Namespace> unconfirmed = marker.allPlanned().stream()
                .filter(planned -> !known.contains(planned))
                .filter(planned ->
                        present.containsKey(planned) && !present.get(planned).isView());
        Stream<Namespace> ours =
                created.stream().filter(each -> isStillOurs(each, present)).map(Created::namespace);
        return Stream.of(
                        ours,
                        unconfirmed,
                        marker.isReplaying() ? replayed(created, present) : Stream.<Namespace>empty())
                .flatMap(names -> names)
                .distinct()
                .toList();
    }

    /** A replay renames what was loaded and creates what was not: whatever it is called now, its identity says whose it is. */
    private Stream<Namespace> replayed(List<Created> loaded, Map<Namespace, CollectionShape> present) {
        List<Created> made = marker.allReplayed();
        Set<UUID> identities = Stream.concat(loaded.stream(), made.stream())
                .flatMap(each -> each.uuid().stream())
                .collect(Collectors.toSet());
        Stream<Namespace> collections = present.values().stream()
                .filter(shape -> shape.uuid().filter(identities::contains).isPresent())
                .map(CollectionShape::namespace)
                // Buckets go with their time series.
                .filter(name -> !name.isBuckets() || !present.containsKey(name.owner()));
        Stream<Namespace> views = made.stream()
                .map(Created::namespace)
                .filter(name -> present.containsKey(name) && present.get(name).isView());
        return Stream.concat(collections, views);
    }

    /** The users and roles that would be dropped: those that we created, unless somebody made them anew since. */
    public List<Principal> principals() {
        return marker.allPrincipals().stream().filter(this::isStillOurs).toList();
    }

    private boolean isStillOurs(Principal created) {
        var present = new Principals(target).find(created.namespace(), List.of(created.id()));
        return present.values().stream()
                .map(document -> Principal.of(created.namespace(), document))
                .anyMatch(created::equals);
    }

    /** Drops it, then the marker; a repeated call after a crash goes on. */
    public List<Namespace> clean() {
        List<Namespace> ours = dropped();
        // First, so that nobody can sign in with a restored password while the rest is dropped.
        principals().forEach(principal -> new Principals(target).remove(principal.namespace(), principal.id()));
        StagingMarker.Mark mark = marker.read().orElseThrow();
        boolean ttlMonitor = mark.ttlMonitor();
        marker.write(mark.in(StagingMarker.State.CLEANING));
        ours.forEach(this::drop);
        dropBareDatabases();
        if (ttlMonitor) {
            new TtlMonitor(target).set(true);
        }
        marker.remove();
        return ours;
    }

    /**
     * Drops what was restored and keeps the claim: what a replay has left that was cut off where nobody knows which of its last
     * writes were done can neither be gone on with nor be told from what it should be.
     */
    public void startOver() {
        dropped().forEach(this::drop);
        // A replay that creates the list of views anew must not meet the one that its forerunner left behind.
        dropBareDatabases();
        marker.startOver();
    }

    private static boolean isStillOurs(Created created, Map<Namespace, CollectionShape> present) {
        CollectionShape shape = present.get(created.namespace());
        return shape != null && shape.uuid().equals(created.uuid());
    }

    private void drop(Namespace namespace) {
        boolean undroppable = namespace.isStoredFunctions();
        target.run(
                namespace.database(),
                undroppable ? emptying(namespace) : new BsonDocument("drop", new BsonString(namespace.collection())));
    }

    /** The server drops stored functions only together with their database. */
    private static BsonDocument emptying(Namespace namespace) {
        var all = new BsonDocument("q", new BsonDocument()).append("limit", new BsonInt32(0));
        return new BsonDocument("delete", new BsonString(namespace.collection()))
                .append("deletes", new BsonArray(List.of(all)));
    }

    /** All that were ever ours: an attempt that was cut off may have left a database that is bare by now. */
    private void dropBareDatabases() {
        Set<Namespace> all = Stream.of(marker.allCreated(), marker.allReplayed())
                .flatMap(created -> created.stream().map(Created::namespace))
                .collect(Collectors.toCollection(HashSet::new));
        all.addAll(marker.allPlanned());
        all.stream()
                .map(Namespace::database)
                .collect(Collectors.toCollection(TreeSet::new))
                .forEach(database -> dropIfBare(database, all));
    }

    /** What is left when all is dropped is the server's own list of views, and stored functions that were ours. */
    private void dropIfBare(String database, Set<Namespace> ours) {
        boolean bare = new CatalogReader(target)
                .read(database).stream()
                        .map(CollectionShape::namespace)
                        .allMatch(name -> name.collection().equals("system.views")
                                || (name.isStoredFunctions() && ours.contains(name)));
        if (bare) {
            target.run(database, new BsonDocument("dropDatabase", new BsonInt32(1)));
        }
    }
}
