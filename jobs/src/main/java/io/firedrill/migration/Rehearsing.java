package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.migration.StateWitness.Compared;
import io.firedrill.migration.StateWitness.Written;
import io.firedrill.migration.Trial.Moment;
import io.firedrill.mongo.Namespace;
import io.firedrill.verify.DatabaseState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;

/** What every part of a rehearsal needs: the tool, the copy, and who watches. */
final class Rehearsing {
    private final MigrationSource source;
    private final ChangeRunner runner;
    private final RehearsalStage stage;
    private final String database;
    private final RehearsalOptions options;
    private final Watch watch;
    private final StateWitness witness;
    private Optional<Duration> takeover = Optional.empty();

    Rehearsing(
            MigrationSource source,
            ChangeRunner runner,
            RehearsalStage stage,
            String database,
            RehearsalOptions options,
            Watch watch) {
        this.source = source;
        this.runner = runner;
        this.stage = stage;
        this.database = database;
        this.options = options;
        this.watch = watch;
        this.witness = new StateWitness(stage, database, runner.bookkeeping(), watch.lanes(), watch.checkpoint());
    }

    /**
     * What the run around a rehearsal gives it.
     *
     * @param nanoTime the monotonic clock
     * @param lanes how many collections are read at a time
     * @param checkpoint called often; throws when the rehearsal must not go on
     */
    record Watch(InstantSource clock, LongSupplier nanoTime, int lanes, Runnable checkpoint) {}

    /**
     * How a run of the tool ended.
     *
     * @param failure why it did not end by itself
     */
    record Ran(Optional<RunEnd> end, Optional<String> failure) {
        /**
         * Runs a change to its end. That a tool hangs or fails is what there is to find out.
         *
         * @param ours throws what is no finding about the change
         */
        static Ran of(Supplier<RunningChange> start, Consumer<Failure> ours) {
            try (RunningChange running = start.get()) {
                return new Ran(Optional.of(running.await()), Optional.empty());
            } catch (Failure failure) {
                ours.accept(failure);
                return new Ran(Optional.empty(), Optional.of(failure.text()));
            }
        }

        boolean endedWell() {
            return end.filter(each -> each.code() == 0).isPresent();
        }

        Duration took() {
            return end.map(RunEnd::took).orElse(Duration.ZERO);
        }

        /** What its process was kept from, which a rehearsal so does not show; empty if it was kept from nothing. */
        Optional<String> kept() {
            return end.filter(each -> !each.keptFrom().isEmpty()).map(RunEnd::kept);
        }

        /** For people. */
        String text() {
            return failure.or(() -> end.map(RunEnd::text)).orElse("did not end");
        }
    }

    /** Whether the tool has a lock at all. */
    boolean hasLock() {
        return source.artefact().findings().stream().noneMatch(finding -> finding.rule() == LintRule.NO_LOCK);
    }

    StateWitness witness() {
        return witness;
    }

    RehearsalOptions options() {
        return options;
    }

    String database() {
        return database;
    }

    Ran apply(Change change) {
        return Ran.of(() -> runner.apply(change, target()), this::rethrowIfOurs);
    }

    Ran revert(Change change) {
        return Ran.of(() -> runner.revert(change, target()), this::rethrowIfOurs);
    }

    /** Whether the tool has to be seen on the copy before it applies anything there. */
    boolean findsItsOwnWay() {
        return runner.findsItsOwnWay();
    }

    /** Where the tool has its lock, for people. */
    String lockCollection() {
        Bookkeeping books = runner.bookkeeping();
        return books.collections().stream()
                .filter(collection -> !collection.equals(books.changelog()))
                .collect(Collectors.joining(", "));
    }

    /** Somebody who reads and writes documents beside a change. */
    UserProbe probe(List<Namespace> touched) {
        return UserProbe.of(stage.deployment(), touched, watch.nanoTime());
    }

    /** A change to be run through a proxy. */
    TrialSubject subject(Change change) {
        return new TrialSubject(runner, change, stage.port(), target(), watch.nanoTime());
    }

    void checkpoint() {
        watch.checkpoint().run();
    }

    /** What ends a rehearsal is no finding about a change. */
    void rethrowIfOurs(Failure failure) {
        checkpoint();
        boolean ours = failure.kind() == FailureKind.LOCK_LOST
                || failure.kind() == FailureKind.ABORTED
                // What cannot be started at all, such as without Node, is no finding about a change either.
                || failure.kind() == FailureKind.CONFIGURATION_INVALID;
        if (ours) {
            throw failure;
        }
    }

    Optional<Duration> takeover() {
        return takeover;
    }

    void tookOverIn(Duration seen) {
        takeover = Optional.of(seen);
    }

    /**
     * Takes away what a dead runner holds: its lock, and its transaction, which the server would end by itself before a lock of a
     * minute has passed.
     */
    void unlock() {
        stage.deployment().run("admin", new BsonDocument("killAllSessions", new BsonArray()));
        Bookkeeping books = runner.bookkeeping();
        books.collections().stream()
                .filter(collection -> !collection.equals(books.changelog()))
                .forEach(collection -> delete(collection, new BsonDocument()));
    }

    private RunTarget target() {
        return new RunTarget(stage.uri(), database, options.limit(), options.stamp()).confine();
    }

    /** What the tool's next run would run, in its order. */
    List<Change> pending() {
        return standing().changes().stream()
                .filter(JudgedChange::willRun)
                .map(JudgedChange::change)
                .toList();
    }

    /** How a change stands by the tool's own rules. */
    JudgedChange standing(Change change) {
        return standing().of(change);
    }

    private Standing standing() {
        return source.standing(Optional.of(new MigrationDatabase(stage.deployment(), database, watch.clock())));
    }

    /** Whether a change is recorded as applied. */
    boolean isApplied(Change change) {
        return standing(change).state().isApplied();
    }

    /** Whether the tool's next run would run a change. */
    boolean willRun(Change change) {
        return standing(change).willRun();
    }

    /** Where the copy has come to, so that it can be put back to it. */
    Moment keep(DatabaseState state) {
        return new Moment(state, stage.keep());
    }

    /** How the copy stands against a moment. */
    Compared compare(Moment moment) {
        return witness.compare(moment);
    }

    /** Puts the copy back to a moment. */
    void putBack(Moment moment) {
        witness.putBack(moment);
    }

    /** Where the tool has its rows. */
    String changelog() {
        return runner.bookkeeping().changelog();
    }

    /** How many rows the tool has of a change. */
    int rows(Change change) {
        var find = new BsonDocument("find", new BsonString(runner.bookkeeping().changelog()))
                .append("filter", runner.bookkeeping().rowsOf(change));
        return stage.deployment().all(database, find).size();
    }

    /** The rows of all other changes, as they stand now. */
    OthersRows othersRows(Change change) {
        return OthersRows.of(stage.deployment(), database, runner.bookkeeping(), change);
    }

    /** What has become of them by what was written, each in words; without what the tool does by itself. */
    List<String> othersAltered(OthersRows before, Change change, Written written) {
        Set<BsonValue> own = new ToolsOwnRows(stage.deployment(), database, runner.bookkeeping())
                .between(written.since(), written.until());
        return before.differences(othersRows(change), own);
    }

    /** As after a crash between the work and the row. */
    void forget(Change change) {
        delete(runner.bookkeeping().changelog(), runner.bookkeeping().rowsOf(change));
    }

    private void delete(String collection, BsonDocument filter) {
        var delete = new BsonDocument("q", filter).append("limit", new BsonInt32(0));
        stage.deployment()
                .run(
                        database,
                        new BsonDocument("delete", new BsonString(collection))
                                .append("deletes", new BsonArray(List.of(delete))));
    }
}
