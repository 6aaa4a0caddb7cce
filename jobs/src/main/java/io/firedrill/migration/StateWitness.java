package io.firedrill.migration;

import io.firedrill.migration.RehearsalStage.Shelf;
import io.firedrill.migration.Trial.Moment;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.CollectionWrites;
import io.firedrill.oplog.OplogWrites;
import io.firedrill.verify.CollectionComparison;
import io.firedrill.verify.CollectionDifferences;
import io.firedrill.verify.DatabaseState;
import io.firedrill.verify.DocumentDifference;
import io.firedrill.verify.DocumentDifferences;
import io.firedrill.verify.Level;
import io.firedrill.verify.StateComparison;
import io.firedrill.verify.StateReader;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says what the copy holds and what was written to it: by digest, and by the server's own oplog. */
final class StateWitness {
    private static final int COLLECTIONS_NAMED_MAX = 3;

    private final RehearsalStage stage;
    private final Set<Namespace> books;
    private final Namespace changelog;
    private final int lanes;
    private final Runnable checkpoint;
    private @Nullable DatabaseState known;
    private @Nullable OpTime knownAt;

    /**
     * @param lanes how many collections are read at a time
     * @param checkpoint called between collections; throws when the rehearsal must not go on
     */
    StateWitness(RehearsalStage stage, String database, Bookkeeping bookkeeping, int lanes, Runnable checkpoint) {
        this.stage = stage;
        this.books = bookkeeping.collections().stream()
                .map(collection -> new Namespace(database, collection))
                .collect(Collectors.toUnmodifiableSet());
        this.changelog = new Namespace(database, bookkeeping.changelog());
        this.lanes = lanes;
        this.checkpoint = checkpoint;
    }

    /**
     * What was written since the copy was last looked at, without what the tool writes for itself.
     *
     * @param since when the copy was last looked at
     * @param until when that was told: what came later is not in it
     * @param withRow whether one transaction wrote all of it and to the tool's change log: no crash leaves the one without the
     *     other
     * @param statements definitions that were made or changed, as "createIndexes shop.orders"
     */
    record Written(
            OpTime since,
            OpTime until,
            Set<Namespace> namespaces,
            long operations,
            long documents,
            long bytes,
            List<String> statements,
            boolean withRow) {
        static Written of(OpTime since, OpTime until, OplogWrites writes, Namespace changelog) {
            List<String> statements = writes.data().entrySet().stream()
                    .flatMap(entry -> entry.getValue().commands().entrySet().stream()
                            .map(command -> statement(command.getKey(), command.getValue(), entry.getKey())))
                    .toList();
            long documents = writes.data().values().stream()
                    .mapToLong(CollectionWrites::documents)
                    .sum();
            return new Written(
                    since,
                    until,
                    writes.touched(),
                    writes.operations(),
                    documents,
                    writes.bytes(),
                    statements,
                    writes.together().contains(changelog));
        }

        private static String statement(String command, long times, Namespace namespace) {
            return times == 1
                    ? "%s %s".formatted(command, namespace)
                    : "%s %s (%d times)".formatted(command, namespace, times);
        }

        /** The collections that are not in a database, by their names. */
        List<String> outside(String database) {
            return namespaces.stream()
                    .filter(namespace -> !namespace.database().equals(database))
                    .map(Object::toString)
                    .toList();
        }

        boolean isNothing() {
            return namespaces.isEmpty();
        }

        /** In words. */
        String text() {
            return isNothing()
                    ? "nothing"
                    : "%d operations on %d documents%s"
                            .formatted(
                                    operations,
                                    documents,
                                    statements.isEmpty() ? "" : ", and " + String.join(", ", statements));
        }
    }

    /** How the copy stands against a moment. */
    record Compared(StateComparison comparison) {
        boolean isEqual() {
            return comparison.level() != Level.DIFFERENT;
        }

        boolean isExact() {
            return comparison.level() == Level.EXACT;
        }

        /** In words, without any value. */
        String text() {
            List<CollectionComparison> differing = comparison.differing();
            if (differing.isEmpty()) {
                String again = comparison.recreated().stream()
                        .map(each -> each.namespace().toString())
                        .collect(Collectors.joining(", "));
                return again.isEmpty()
                        ? "all collections are equal by digest"
                        : "all collections are equal by digest; made anew, which ends change streams: " + again;
            }
            String named = differing.stream()
                    .limit(COLLECTIONS_NAMED_MAX)
                    .map(CollectionComparison::toString)
                    .collect(Collectors.joining("; "));
            int more = differing.size() - COLLECTIONS_NAMED_MAX;
            return more > 0 ? "%s; and %d more".formatted(named, more) : named;
        }
    }

    Written written() {
        OpTime since = Objects.requireNonNull(knownAt);
        OpTime until = now();
        return Written.of(since, until, OplogWrites.between(stage.deployment(), since, until, books), changelog);
    }

    /** How many documents break a validator. */
    Validators validators(String database) {
        return Validators.of(stage.deployment(), database);
    }

    private OpTime now() {
        return stage.deployment().fence("rehearsal");
    }

    /** What is there now, with everything read. */
    DatabaseState readAll() {
        return know(now(), reader().read());
    }

    /** What is there now; read is what was written to. */
    DatabaseState look(Written written) {
        return know(written.until(), reader().readAgain(Objects.requireNonNull(known), written.namespaces()));
    }

    /** @param at before it was read: what is written meanwhile is read again the next time */
    private DatabaseState know(OpTime at, DatabaseState found) {
        known = found;
        knownAt = at;
        return found;
    }

    /** Puts the copy back to a moment. */
    void putBack(Moment moment) {
        moment.kept().putBack();
        know(now(), moment.state());
    }

    /** How what is there now stands against a moment. */
    Compared compare(Moment moment) {
        return new Compared(StateComparison.between(moment.state(), look(written())));
    }

    private StateReader reader() {
        List<String> databases = new CatalogReader(stage.deployment()).databases();
        return new StateReader(stage.deployment(), databases, books, lanes, checkpoint);
    }

    /** The first documents that differ, by id and path. */
    List<String> differences(Moment moment, Compared compared) {
        if (compared.isEqual()) {
            return List.of();
        }
        try (Shelf shelf = moment.kept().open()) {
            return new DocumentDifferences(shelf.deployment(), stage.deployment(), checkpoint)
                    .find(compared.comparison()).stream()
                            .flatMap(StateWitness::lines)
                            .toList();
        }
    }

    private static Stream<String> lines(CollectionDifferences found) {
        Stream<String> documents =
                found.documents().stream().map((DocumentDifference each) -> "%s %s".formatted(found.namespace(), each));
        return found.more()
                ? Stream.concat(documents, Stream.of("%s: and more".formatted(found.namespace())))
                : documents;
    }
}
