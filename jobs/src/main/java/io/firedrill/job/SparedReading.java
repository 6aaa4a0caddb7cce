package io.firedrill.job;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Notice;
import io.firedrill.backup.KnownSegments;
import io.firedrill.backup.ReadGate;
import io.firedrill.backup.Reread;
import io.firedrill.backup.Untouched;
import io.firedrill.backup.UntouchedRanges;
import io.firedrill.evidence.Check;
import io.firedrill.evidence.Clocks;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.oplog.DeltaLimits;

/**
 * Spares the source what has not changed since the last backup: finds it, reads a share of it all the same, and says in the
 * record what came of it. One difference, and nothing is spared any more until a person says so.
 */
final class SparedReading {
    /** Of the untouched segments, read to prove that they are. */
    static final double SHARE = 0.05;

    private static final String CHECK = "untouched";
    private static final String METHOD =
            "a share of the segments that no oplog entry has touched, or few, read again; digests compared";

    private final StepRun run;
    private final Deployment reader;
    private final BackupCatalog catalog;
    private final ReadGate gate;
    private final Clocks clocks;

    SparedReading(StepRun run, Deployment reader, BackupCatalog catalog, ReadGate gate, Clocks clocks) {
        this.run = run;
        this.reader = reader;
        this.catalog = catalog;
        this.gate = gate;
        this.clocks = clocks;
    }

    Untouched find(BackupPlan plan, KnownSegments known, DeltaLimits limits, double share) {
        Untouched found = new UntouchedRanges(reader, catalog, known, limits, run::checkpoint).of(plan);
        if (found.isNone()) {
            return noted(found, 0);
        }
        Reread.Result result =
                new Reread(reader, plan, found, catalog.segments(), gate, run::checkpoint).compare(share);
        if (result.different().isPresent()) {
            return noted(doubted(plan, found, result, result.different().get()), result.bytes());
        }
        if (result.unreadable().isPresent()) {
            return noted(
                    Untouched.none("%s could not be read again"
                            .formatted(result.unreadable().get())),
                    result.bytes());
        }
        run.log()
                .check(Check.passed(
                        CHECK,
                        METHOD,
                        "%d of %d segments equal"
                                .formatted(
                                        result.asked(),
                                        found.segments() + found.deltas().size()),
                        "%d equal".formatted(result.equal()),
                        result.equal(),
                        result.asked()));
        return noted(found, result.bytes());
    }

    private Untouched doubted(BackupPlan plan, Untouched found, Reread.Result result, String first) {
        String what =
                "%d of %d segments read again are not what they were, though no oplog entry has touched them but those known; the first: %s"
                        .formatted(result.asked() - result.equal(), result.asked(), first);
        catalog.doubts()
                .put(plan.id(), new Notice(true, clocks.now(), run.log().start().operator(), what));
        run.log()
                .check(Check.failed(
                        CHECK,
                        METHOD,
                        "%d of %d segments equal"
                                .formatted(
                                        result.asked(),
                                        found.segments() + found.deltas().size()),
                        "%d equal".formatted(result.equal()),
                        result.equal(),
                        result.asked(),
                        what + ". This backup reads everything, and so do the next ones."));
        requireNothingTaken(plan);
        return Untouched.none(what);
    }

    /** What an earlier attempt at this backup has taken over unread cannot be taken back: another backup can. */
    private void requireNothingTaken(BackupPlan plan) {
        boolean taken = plan.units().stream()
                .flatMap(unit -> catalog.part(plan.id(), unit.id()).stream())
                .flatMap(part -> part.segments().stream())
                .map(segment -> plan.collections().get(segment.collection()))
                .anyMatch(shape -> !shape.isCapped());
        if (taken) {
            throw new Failure(
                    FailureKind.SOURCE_CHANGED,
                    "backup %s was cut off, and what it had taken over unread has changed".formatted(plan.id()),
                    "Start it again: it begins anew and reads everything.");
        }
    }

    private Untouched noted(Untouched found, long bytesReread) {
        run.log().note("untouched", (found.isNone() ? "none: " : "") + found.story());
        run.log().note("bytes-reread", Long.toString(bytesReread));
        noteSpared(run, found);
        return found;
    }

    /** Once more when all is read: a delta may have turned out not to be worth while. */
    static void noteSpared(StepRun run, Untouched found) {
        run.log().note("segments-untouched", Long.toString(found.segments()));
        run.log().note("segments-changed", Long.toString(found.deltas().size()));
        run.log().note("documents-looked-up", Long.toString(found.ids()));
        run.log().note("bytes-spared", Long.toString(found.bytes()));
    }
}
