package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.Holder;
import io.firedrill.storage.Lease;
import io.firedrill.storage.Leases;
import io.firedrill.storage.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Leaves a record of what left none: runs whose process died, and slots of the schedule at which nothing began; and writes down
 * the schedule that is in force, so that a later one hides nothing.
 *
 * <p>Doing it again, or twice at once, records nothing twice: it holds a lease, and looks at what is recorded already.
 */
public final class Reconciliation {
    /** The parameter of a run that names the lease it works under. */
    private static final String LEASE = "lease";

    private final Ledger ledger;
    private final ObjectStore store;
    private final Clocks clocks;
    private final Leases leases;
    private final CronCalendar calendar;
    private final Optional<Schedule> wanted;
    private final Duration grace;
    private final List<VerifyingKey> roots;

    /**
     * @param wanted the schedule that is set; empty: whichever was recorded last stays in force
     * @param roots keys of which one has to have signed the ledger; none: the first record's key is trusted because it was first
     * @param grace for how long somebody may go on with a run whose process died
     */
    public Reconciliation(
            Ledger ledger,
            Clocks clocks,
            Leases leases,
            CronCalendar calendar,
            Optional<Schedule> wanted,
            Duration grace,
            List<VerifyingKey> roots) {
        this.ledger = ledger;
        this.store = ledger.files().store();
        this.clocks = clocks;
        this.leases = leases;
        this.calendar = calendar;
        this.wanted = wanted;
        this.grace = grace;
        this.roots = roots;
    }

    /**
     * What there is to record.
     *
     * @param dead runs whose process died, and that nobody went on with in time
     * @param open runs that have no record yet and may still get one by themselves
     * @param missed slots without a record
     * @param schedule the one that is set, where it is not the one that was recorded last
     */
    public record Findings(
            List<RunLog> dead,
            List<RunLog> open,
            List<Population.Judged> missed,
            Optional<Schedule.Recorded> schedule) {}

    /** What was recorded: the runs that died, and what was written besides. */
    public record Recorded(
            List<RunRecord> aborted,
            List<RunRecord> missed,
            Optional<RunRecord> schedule,
            Optional<Checkpoint> checkpoint) {}

    /** Looks, and writes nothing. */
    public Findings findings() {
        Instant now = clocks.now();
        List<RunTrace> traces = new ArrayList<>(ledger.traces(roots));
        List<RunLog> runs = RunLog.open(store, clocks);
        List<RunLog> dead = runs.stream().filter(run -> isDead(run, now)).toList();
        // A dead run began all the same, and meets its slot.
        runs.forEach(run -> traces.add(RunTrace.of(run)));
        return new Findings(
                dead,
                runs.stream().filter(run -> !dead.contains(run)).toList(),
                Population.of(traces, calendar, Period.ALWAYS, now).unrecorded(),
                change(traces, now));
    }

    private Optional<Schedule.Recorded> change(List<RunTrace> traces, Instant now) {
        return wanted.filter(schedule -> !Population.isInForce(traces, schedule))
                .map(schedule -> new Schedule.Recorded(schedule, now));
    }

    /** Nobody holds its lease, and nobody went on with it for as long as a run may be late. */
    private boolean isDead(RunLog run, Instant now) {
        Optional<String> lease = lease(run);
        boolean given = now.isAfter(run.lastSign().plus(grace));
        return given && lease.flatMap(leases::current).isEmpty();
    }

    private static Optional<String> lease(RunLog run) {
        return Optional.ofNullable(run.start().parameters().get(LEASE));
    }

    /**
     * Records what it finds.
     *
     * @param start what is known of a run of this kind before its first step
     */
    public Recorded record(LedgerWriter writer, Function<RunKind, RunStart> start) {
        Holder me = Holder.ofThisProcess(start.apply(RunKind.RECONCILE).runId(), "RECONCILE", clocks.now());
        try (Lease held = leases.acquire("evidence-" + ledger.id(), me)) {
            var records = new MissedRecords(writer, clocks, start);
            var aborted = new ArrayList<RunRecord>();
            for (RunLog run : findings().dead()) {
                held.check();
                abandon(run, writer, me).ifPresent(aborted::add);
            }
            // Looked at again, for what has a record now is not missed.
            Findings left = findings();
            var missed = new ArrayList<RunRecord>();
            for (Population.Judged slot : left.missed()) {
                held.check();
                missed.add(records.missed(slot.slot()));
            }
            held.check();
            Optional<RunRecord> schedule = left.schedule().map(records::schedule);
            return new Recorded(aborted, missed, schedule, records.checkpoint());
        }
    }

    /** Whoever holds the lease of a run knows that no process works on it; somebody who has just taken it closes it themselves. */
    private Optional<RunRecord> abandon(RunLog run, LedgerWriter writer, Holder me) {
        if (lease(run).isEmpty()) {
            return Optional.of(run.abandon(writer));
        }
        try (Lease held = leases.acquire(lease(run).get(), me)) {
            held.check();
            return RunLog.isOpen(store, run.start().runId()) ? Optional.of(run.abandon(writer)) : Optional.empty();
        } catch (Failure taken) {
            if (taken.kind() != FailureKind.LOCK_HELD) {
                throw taken;
            }
            return Optional.empty();
        }
    }
}
