package io.firedrill.oplog;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.ArchivedMoments.Chosen;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Finds the way to a moment, or says which moments there is a way to. Writes nothing. */
public final class RecoveryPlanner {
    private final BackupCatalog catalog;
    private final LongSupplier seeds;

    /**
     * @param seeds asked for a seed where a moment is to be chosen at random and none was given
     */
    public RecoveryPlanner(BackupCatalog catalog, LongSupplier seeds) {
        this.catalog = catalog;
        this.seeds = seeds;
    }

    /** What is left to us to choose. */
    private record Moment(RecoveryWindow window, OpTime until, String chosen) {}

    /**
     * Finds the way.
     *
     * @param base the backup to begin with; empty for the one from which the way is the shortest
     */
    public RecoveryPlan plan(RecoveryTarget target, Optional<BackupId> base) {
        List<RecoveryWindow> windows = windows(base);
        Moment moment = moment(target, windows);
        return new RecoveryPlan(
                target, moment.window, moment.window.baseFor(moment.until), moment.until, moment.chosen);
    }

    private List<RecoveryWindow> windows(Optional<BackupId> base) {
        base.ifPresent(catalog::manifest);
        List<RecoveryWindow> windows = new RecoveryWindows(catalog)
                .all().stream()
                        .flatMap(window ->
                                base.isEmpty() ? Optional.of(window).stream() : window.only(base.get()).stream())
                        .toList();
        if (windows.isEmpty()) {
            throw new Failure(
                    FailureKind.TARGET_UNREACHABLE,
                    "no point in time of source '%s' can be restored: %s lies in an archived oplog"
                            .formatted(
                                    catalog.source(),
                                    base.map(id -> "the backup " + id + " not one that")
                                            .orElse("no sealed backup")),
                    "Archive the oplog with 'firedrill oplog archive', and back up while it runs; without --at a backup is restored as it is.");
        }
        return windows;
    }

    private Moment moment(RecoveryTarget target, List<RecoveryWindow> windows) {
        return switch (target) {
            case RecoveryTarget.Latest _ -> {
                RecoveryWindow newest = windows.getLast();
                yield new Moment(newest, newest.to(), beyond(newest));
            }
            case RecoveryTarget.At _, RecoveryTarget.Before _, RecoveryTarget.EndOfSecond _ ->
                found(windows, target.until().orElseThrow());
            case RecoveryTarget.AnyMoment any -> {
                Chosen chosen = new ArchivedMoments(catalog.oplog())
                        .any(windows, any.seed().orElseGet(seeds));
                yield new Moment(chosen.window(), chosen.until(), chosen.why());
            }
            case RecoveryTarget.BeforeLastDrop _ -> {
                Chosen chosen = new ArchivedMoments(catalog.oplog()).beforeLastDrop(windows.getLast());
                yield new Moment(chosen.window(), chosen.until(), chosen.why());
            }
        };
    }

    /** A newer timeline without a backup does not count, and whoever asks for the latest moment may not know of it. */
    private String beyond(RecoveryWindow newest) {
        OplogTimeline last = catalog.oplog().timelines().getLast();
        return last.number() == newest.timeline().number()
                ? ""
                : "the archive goes on after a gap, from %s, and no sealed backup lies there yet"
                        .formatted(last.begin());
    }

    private Moment found(List<RecoveryWindow> windows, OpTime until) {
        List<RecoveryWindow> holding =
                windows.stream().filter(window -> window.holds(until)).toList();
        if (holding.size() == 1) {
            return new Moment(holding.getFirst(), until, "");
        }
        var nearest = new NearestMoments(windows);
        throw holding.isEmpty() ? nearest.unreachable(until) : nearest.ambiguous(until, holding);
    }
}
