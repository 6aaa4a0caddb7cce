package io.firedrill.runner;

import io.firedrill.evidence.CronCalendar;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import io.firedrill.monitoring.Metric;
import io.firedrill.monitoring.Sample;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Measures one source: what its status says, and what the records behind that status tell. */
final class SourceMetrics {
    /** Far enough ahead to meet every gap of a schedule that knows weekdays. */
    private static final int SLOTS = 64;

    private final Workspace workspace;
    private final String source;
    private final StatusReader reader;
    private final StatusResult status;
    private final Samples samples;
    private final CronCalendar calendar = new UnixCron();

    /** @param whole a look at the ledger, of every source */
    SourceMetrics(Workspace workspace, Glance whole, String source) {
        this.workspace = workspace;
        this.source = source;
        this.reader = new StatusReader(workspace, whole, source);
        this.status = reader.read();
        this.samples = Samples.of(source);
    }

    List<Sample> samples() {
        samples.add(Metric.STATUS, level(StatusVerdict.State.valueOf(status.state())));
        backups();
        schedule();
        status.archives().forEach(this::archive);
        recoverable();
        new DrillMetrics(reader.glance(), samples).add(status.lastDrill());
        runs();
        samples.add(
                Metric.LOCK_HELD_SINCE,
                StatusReader.lock(workspace, source).map(lease -> lease.holder().since()));
        return samples.all();
    }

    private static double level(StatusVerdict.State state) {
        return switch (state) {
            case OK -> 0;
            case ATTENTION -> 1;
            case FAILING -> 2;
        };
    }

    private void backups() {
        @Nullable BackupLine last = status.lastBackup();
        if (last != null) {
            samples.add(Metric.BACKUP_LAST_SUCCESS, Samples.unixSeconds(last.createdAt()));
            samples.addCount(Metric.BACKUP_SIZE, last.bytesRaw());
        }
        List<BackupLine> all = reader.backups();
        for (String state : BackupLine.STATES) {
            long count = all.stream().filter(line -> line.state().equals(state)).count();
            samples.addCount(Metric.BACKUPS, count, state);
        }
        samples.add(
                Metric.FIRST_RECOVERABLE,
                all.stream()
                        .map(BackupLine::consistencyPoint)
                        .filter(Objects::nonNull)
                        .map(point -> Instant.ofEpochSecond(point.t()))
                        .min(Comparator.naturalOrder()));
    }

    private void recoverable() {
        StatusResult.@Nullable Recoverable newest = status.recoverable();
        if (newest != null) {
            samples.add(Metric.LAST_RECOVERABLE, Samples.unixSeconds(newest.at()));
        }
        @Nullable Duration target = workspace.settings().rpoTarget();
        if (target != null) {
            samples.add(Metric.RPO_TARGET, RecordedRun.seconds(target));
        }
        samples.add(Metric.VERIFIED_POINT, reader.glance().newestProof().flatMap(RunRecord::consistencyTime));
    }

    private void archive(ArchiveStatus archive) {
        samples.addCount(Metric.OPLOG_LAST_CAPTURED, archive.archivedTo().t());
        samples.addCount(Metric.OPLOG_GAPS, archive.gaps().size());
        samples.addMeasured(Metric.RPO_ACTUAL, archive.rpoSeconds());
        @Nullable Long window = archive.oplogWindowSeconds();
        if (window != null) {
            samples.addCount(Metric.OPLOG_WINDOW, window);
        }
        samples.add(
                Metric.OPLOG_WINDOW_WANTED,
                RecordedRun.seconds(workspace.settings().archive().wantedWindow()));
    }

    /** Entries of one kind are one expectation: their slots are looked at together. */
    private void schedule() {
        Map<String, List<StatusResult.DueRun>> byKind = status.schedule().stream()
                .filter(due -> due.source().isEmpty() || due.source().equals(source))
                .collect(Collectors.groupingBy(StatusResult.DueRun::kind, TreeMap::new, Collectors.toList()));
        byKind.forEach((kind, entries) -> {
            interval(entries).ifPresent(gap -> samples.add(Metric.EXPECTED_INTERVAL, RecordedRun.seconds(gap), kind));
            if (entries.stream().anyMatch(entry -> !entry.last().isEmpty())) {
                boolean missed = entries.stream().anyMatch(entry -> entry.last().equals("MISSED"));
                samples.add(Metric.LAST_RUN_MISSED, missed ? 1 : 0, kind);
            }
            samples.addCount(Metric.MISSED_RUNS, missed(kind, true), kind, "yes");
            samples.addCount(Metric.MISSED_RUNS, missed(kind, false), kind, "no");
        });
    }

    private Optional<Duration> interval(List<StatusResult.DueRun> entries) {
        Instant[] slots = entries.stream()
                .flatMap(entry -> slots(entry.cron()))
                .distinct()
                .sorted()
                .limit(SLOTS)
                .toArray(Instant[]::new);
        return IntStream.range(1, slots.length)
                .mapToObj(i -> Duration.between(slots[i - 1], slots[i]))
                .max(Comparator.naturalOrder());
    }

    private Stream<Instant> slots(String cron) {
        return Stream.iterate(
                        calendar.next(cron, reader.now()),
                        Optional::isPresent,
                        slot -> slot.flatMap(at -> calendar.next(cron, at)))
                .flatMap(Optional::stream)
                .limit(SLOTS);
    }

    private long missed(String kind, boolean recorded) {
        return status.missed().stream()
                .filter(each -> each.kind().equals(kind) && !each.record().isEmpty() == recorded)
                .filter(each -> each.source().isEmpty() || each.source().equals(source))
                .count();
    }

    private void runs() {
        Arrays.stream(RunKind.values())
                .filter(kind -> kind != RunKind.MISSED)
                .flatMap(kind -> reader.glance().newest(kind).stream())
                .forEach(run -> {
                    samples.add(Metric.RUN_EXIT_CODE, run.exitCode(), run.kind().word());
                    samples.add(
                            Metric.RUN_LAST_END,
                            Samples.unixSeconds(run.finishedAt()),
                            run.kind().word());
                });
    }
}
