package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.RunTrace;
import io.firedrill.storage.Leases.HeldLease;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells how things stand, from the store alone: each source by itself, and the worst of them for all. */
final class StatusReader {
    private static final Set<RunKind> READS_A_SOURCE = EnumSet.of(RunKind.BACKUP, RunKind.SEAL, RunKind.ARCHIVE);

    private final Workspace workspace;
    private final @Nullable String only;
    private final List<String> stored;
    private final Glance glance;
    private final Instant now;

    /** Looks at every source; at the one that is set, first. */
    StatusReader(Workspace workspace) {
        this(workspace, new Glance(workspace), null);
    }

    /**
     * The same of one source.
     *
     * @param whole of the runs of every source
     */
    StatusReader(Workspace workspace, Glance whole, @Nullable String only) {
        this.workspace = workspace;
        this.only = only;
        this.stored = BackupCatalog.sources(workspace.store());
        this.now = workspace.clocks().now();
        this.glance = only == null ? whole : whole.of(only, isAlone(whole, only));
    }

    private boolean isAlone(Glance whole, String source) {
        return Stream.concat(stored.stream(), recent(whole).stream()).allMatch(source::equals);
    }

    /** The look at the ledger that it rests on. */
    Glance glance() {
        return glance;
    }

    /** The moment that ages are counted to. */
    Instant now() {
        return now;
    }

    /** Of the source that is looked at, or that is set, else of all; the newest first. */
    List<BackupLine> backups() {
        @Nullable String named = only == null ? workspace.settings().sourceName() : only;
        return (named == null ? stored : List.of(named))
                .stream()
                        .flatMap(source -> new BackupLines(workspace, glance, source).all().stream())
                        .sorted(Comparator.comparing(BackupLine::backupId).reversed())
                        .toList();
    }

    StatusResult read() {
        List<RunLog> open = RunLog.open(workspace.store(), workspace.clocks());
        var schedule = new StatusSchedule(workspace.settings().schedule(), glance.allTraces(), open, now);
        List<SourceStatus> sources = sources(schedule);
        boolean several = sources.size() > 1;
        var verdict = new StatusVerdict();
        var results = new ArrayList<StatusResult.OfSource>();
        for (SourceStatus source : sources) {
            var own = new StatusVerdict(several ? source.source() + ": " : "");
            new StatusWeighing(source, schedule, several).weigh(own);
            results.add(source.result(own.state()));
            verdict.add(own);
        }
        store(verdict, schedule, open, several);
        results.sort(Comparator.comparing((StatusResult.OfSource each) -> isNamed(each))
                .thenComparing(each -> StatusVerdict.State.valueOf(each.state()))
                .reversed());
        return new StatusTotal(verdict, sources, results, schedule).result(open.size());
    }

    private boolean isNamed(StatusResult.OfSource result) {
        return result.source().equals(workspace.settings().sourceName());
    }

    /** What is of no single source. */
    private void store(StatusVerdict verdict, StatusSchedule schedule, List<RunLog> open, boolean several) {
        if (several) {
            schedule.weigh(verdict, ""::equals);
        }
        schedule.weighRecords(verdict, only);
        long dead = dead(open);
        verdict.attention(dead > 0, Figures.count(dead, "run") + " died and left no record", StatusWeighing.RECONCILE);
        var uncounted = new ArrayList<>(glance.uncounted().entrySet());
        if (!uncounted.isEmpty()) {
            String more = uncounted.size() == 1 ? "" : ", and %d more do not count".formatted(uncounted.size() - 1);
            verdict.attention(
                    true,
                    "record %d %s%s"
                            .formatted(
                                    uncounted.getFirst().getKey(),
                                    uncounted.getFirst().getValue(),
                                    more),
                    "Run 'firedrill evidence verify', or a newer Firedrill if that knows it.");
        }
    }

    /** The one that is set first; in the order of their names those that are stored, that a schedule names, or that ran lately. */
    private List<SourceStatus> sources(StatusSchedule schedule) {
        var names = new LinkedHashSet<String>();
        if (only != null) {
            names.add(only);
        } else {
            Optional.ofNullable(workspace.settings().sourceName()).ifPresent(names::add);
            var others = new TreeSet<>(stored);
            others.addAll(recent(glance));
            others.addAll(schedule.sources());
            names.addAll(others);
        }
        if (names.isEmpty()) {
            names.add("");
        }
        boolean several = names.size() > 1;
        return names.stream()
                .map(name -> new SourceStatus(
                        workspace, name, stored.contains(name), only == null ? glance.of(name, !several) : glance, now))
                .toList();
    }

    /** Sources that somebody read in the last thirty days: one that never came to a backup is no less a source. */
    private List<String> recent(Glance whole) {
        Instant since = now.minus(StatusSchedule.LATELY);
        return whole.allTraces().stream()
                .filter(trace -> READS_A_SOURCE.contains(trace.kind()))
                .filter(trace -> trace.at().isAfter(since) && !trace.source().isEmpty())
                .map(RunTrace::source)
                .distinct()
                .toList();
    }

    /** Runs that nobody works on any more, and that nobody went on with in time. */
    private long dead(List<RunLog> open) {
        Duration grace = workspace.settings().due().grace();
        return open.stream()
                .filter(run -> now.isAfter(run.lastSign().plus(grace)))
                .filter(run -> Optional.ofNullable(run.start().parameters().get(RecordedRun.LEASE))
                        .flatMap(workspace.leases()::current)
                        .isEmpty())
                .count();
    }

    /** Who holds the lock for backups of a source. */
    static Optional<HeldLease> lock(Workspace workspace, String source) {
        return workspace.leases().current("backup-" + source);
    }

    static String describe(HeldLease lease) {
        return "%s by run %s on %s since %s"
                .formatted(
                        lease.holder().command(),
                        lease.holder().runId(),
                        lease.holder().host(),
                        lease.holder().since());
    }
}
