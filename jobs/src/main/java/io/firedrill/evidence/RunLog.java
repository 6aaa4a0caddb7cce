package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A run across its attempts, kept in the store while it is open, so that no crash takes its story along.
 *
 * <p>Facts may be noted from any thread; they become durable with the next phase that ends. Two processes must not work
 * on one run at a time: hold the lease.
 */
public final class RunLog {
    private final ObjectStore store;
    private final Clocks clocks;
    private final RunFolder folder;
    private final RunStart start;
    private final List<RunFolder.Attempt> attempts;
    private final List<Phase> earlierPhases;
    private final FactSheet sheet;
    private final Timeline timeline;
    private int phaseNumber;

    private RunLog(
            ObjectStore store,
            Clocks clocks,
            RunFolder folder,
            RunStart start,
            List<RunFolder.Attempt> attempts,
            long originNanos) {
        List<RunFolder.PhaseEnd> ends = folder.phases();
        RunFolder.Attempt attempt = attempts.getLast();
        this.store = store;
        this.clocks = clocks;
        this.folder = folder;
        this.start = start;
        this.attempts = List.copyOf(attempts);
        this.earlierPhases = ends.stream().map(RunFolder.PhaseEnd::phase).toList();
        this.sheet = new FactSheet(ends.isEmpty() ? Facts.NONE : ends.getLast().facts());
        this.timeline = new Timeline(clocks, this::keep, attempt.attempt(), attempt.startedAt(), originNanos);
    }

    /** The first attempt of a run, or the next one of a run of the same id that is still open. */
    public static RunLog begin(ObjectStore store, Clocks clocks, RunStart start) {
        Instant now = clocks.now();
        long nanos = clocks.nanos();
        var folder = new RunFolder(store, start.runId());
        RunFolder.Opening opening = folder.start(new RunFolder.Opening(start, now));
        List<RunFolder.Attempt> attempts = new ArrayList<>(folder.attempts());
        var attempt = new RunFolder.Attempt(attempts.size() + 1, now, start.host());
        if (!folder.attempt(attempt)) {
            throw new Failure(
                    FailureKind.LOCK_HELD,
                    "attempt %d of run %s was begun by another process".formatted(attempt.attempt(), start.runId()),
                    "Wait for the other process to end, or start a run of its own.");
        }
        attempts.add(attempt);
        return new RunLog(store, clocks, folder, opening.run(), attempts, nanos);
    }

    /**
     * The runs without an end, oldest first. A living process's run is among them: only who holds the lease may take
     * the others for dead.
     */
    public static List<RunLog> open(ObjectStore store, Clocks clocks) {
        return RunFolder.openRunIds(store).stream()
                .map(id -> new RunFolder(store, id))
                .flatMap(folder -> folder.start().stream().map(opening -> {
                    List<RunFolder.Attempt> attempts = folder.attempts(opening);
                    return new RunLog(store, clocks, folder, opening.run(), attempts, clocks.nanos());
                }))
                .toList();
    }

    /** Whether a run was begun and has no end yet. */
    public static boolean isOpen(ObjectStore store, String runId) {
        return new RunFolder(store, runId).start().isPresent();
    }

    /** What was known before the first step of the first attempt; later attempts are held to the same objectives. */
    public RunStart start() {
        return start;
    }

    public int attempt() {
        return attempts.getLast().attempt();
    }

    /** When the first attempt started. */
    public Instant startedAt() {
        return attempts.getFirst().startedAt();
    }

    /** When each process began that worked on it. */
    List<Instant> beginnings() {
        return attempts.stream().map(RunFolder.Attempt::startedAt).toList();
    }

    /** When it is known to have lived last: as its last phase ended, or as its last process began. */
    public Instant lastSign() {
        return new Recovery(attempts, phases(), Optional.empty()).lastSign(attempts.getLast());
    }

    public Timeline timeline() {
        return timeline;
    }

    /** The phases of all attempts in the order they ended. */
    public List<Phase> phases() {
        return Stream.concat(earlierPhases.stream(), timeline.phases().stream()).toList();
    }

    public void source(Party party) {
        sheet.source(party);
    }

    public void target(Party party, boolean emptyBefore) {
        sheet.target(party, emptyBefore);
    }

    public void backup(BackupFacts facts) {
        sheet.backup(facts);
    }

    /** Adds a check; one of the same id from an earlier attempt gives way to it. */
    public void check(Check check) {
        sheet.check(check);
    }

    /** Notes a collection; the last word about a namespace counts. */
    public void collection(CollectionFact fact) {
        sheet.collection(fact);
    }

    public void exclude(String namespace, String reason) {
        sheet.exclude(namespace, reason);
    }

    /** Says what was restored or read again of the backup, and under which names. */
    public void scope(Scope wanted) {
        sheet.scope(wanted);
    }

    /** Says which point in time is to be reached; the last word counts. */
    public void point(RecoveryPoint wanted) {
        sheet.point(wanted);
    }

    /** Says what a rehearsal has found so far; the last word counts. */
    public void rehearsal(RehearsalFacts found) {
        sheet.rehearsal(found);
    }

    /** Says what has been done to the database so far; the last word counts. */
    public void release(ReleaseFacts done) {
        sheet.release(done);
    }

    /** What has been done to the database by what was noted last; empty where it is no release, or had not begun. */
    public Optional<ReleaseFacts> released() {
        return sheet.facts().release();
    }

    /** The deployment that it is about, as far as it got to know it. */
    public Optional<Party> sourceParty() {
        return sheet.facts().source();
    }

    /** Says what a reader might believe was tested and was not. */
    public void notTested(String what) {
        sheet.notTested(what);
    }

    public void note(String name, String value) {
        sheet.note(name, value);
    }

    public void disposal(String method, String result) {
        sheet.disposal(new Facts.Disposal(method, result));
    }

    /** The copy is verified and usable now: the recovery time ends here. Called again, the later moment counts. */
    public void ready() {
        sheet.ready(new Facts.Ready(attempt(), timeline.moment()));
    }

    /** What the run would come to if it ended now, for callers whose exit code depends on it. */
    public Outcome outcome(@Nullable Throwable failure) {
        return closing(failure, OptionalInt.empty()).verdict().outcome();
    }

    public RunRecord finish(LedgerWriter ledger, @Nullable Throwable failure, int exitCode) {
        return close(ledger, closing(failure, OptionalInt.of(exitCode))).run();
    }

    /** Ends the run with an exit code that depends on its outcome. */
    public LedgerWriter.Appended finish(
            LedgerWriter ledger, @Nullable Throwable failure, ToIntFunction<Outcome> exitCode) {
        return close(ledger, closing(failure, OptionalInt.of(exitCode.applyAsInt(outcome(failure)))));
    }

    /** Ends a run whose process died. One that died after its record was stored is only taken off the list. */
    public RunRecord abandon(LedgerWriter ledger) {
        Optional<RunRecord> stored = ledger.ledger().ofRun(start.runId(), startedAt());
        if (stored.isPresent()) {
            folder.delete();
            return stored.get();
        }
        var death = new Failure(
                FailureKind.ABORTED,
                "the process ended without a word",
                "Look into the log of its host for the reason, such as a kill or a lack of memory, and run it again.");
        Closing now = closing(death, OptionalInt.empty());
        Instant lastSign = now.recovery().lastSign(attempts.getLast());
        return close(
                        ledger,
                        new Closing(
                                start,
                                attempts,
                                phases(),
                                now.facts(),
                                lastSign,
                                now.recordedAt(),
                                death,
                                OptionalInt.empty()))
                .run();
    }

    private Closing closing(@Nullable Throwable failure, OptionalInt exitCode) {
        return new Closing(
                start, attempts, phases(), sheet.facts(), timeline.moment(), clocks.now(), failure, exitCode);
    }

    /** Record first, for it alone is evidence; the report can be made from it again. */
    private LedgerWriter.Appended close(LedgerWriter ledger, Closing closing) {
        LedgerWriter.Appended appended;
        try {
            appended = ledger.append(RecordFormat.statement(closing));
        } catch (RuntimeException notStored) {
            throw notStored("the record of run " + start.runId(), closing.failure(), notStored);
        }
        leave();
        storeReport(appended, closing.failure());
        return appended;
    }

    private void storeReport(LedgerWriter.Appended appended, @Nullable Throwable failure) {
        RunRecord record = appended.run();
        try {
            byte[] page = HtmlReport.render(record, appended.checkpoint()).getBytes(StandardCharsets.UTF_8);
            store.create(ObjectKey.of(record.reportKey()), Content.of(page));
        } catch (RuntimeException notStored) {
            throw notStored("the report of record " + record.key(), failure, notStored);
        }
    }

    /** A run left on the list of open ones does no harm: the next run finds its record and takes it off. */
    private void leave() {
        try {
            folder.delete();
        } catch (Failure kept) {
            note("open-objects-kept", kept.text());
        }
    }

    private Failure notStored(String what, @Nullable Throwable original, RuntimeException cause) {
        String why = Failure.in(cause).map(Failure::text).orElse(cause.toString());
        var failure = new Failure(
                FailureKind.EVIDENCE_NOT_STORED,
                "%s could not be stored in %s: %s".formatted(what, store.location(), Redaction.of(why)),
                "Whatever the run did, count it as not done until its evidence is stored; mend the store and run it again.",
                cause);
        if (original != null) {
            failure.addSuppressed(original);
        }
        return failure;
    }

    private void keep(Phase phase) {
        int number;
        synchronized (this) {
            number = ++phaseNumber;
        }
        folder.phase(attempt(), number, new RunFolder.PhaseEnd(phase, sheet.facts()));
    }
}
