package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupPlan.Excluded;
import io.firedrill.archive.Seal;
import io.firedrill.archive.Seals;
import io.firedrill.backup.Coverage;
import io.firedrill.backup.SealTaker;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.job.SealRun;
import io.firedrill.job.StepRun;
import io.firedrill.mongo.Deployment;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A seal, wired: settings to the reading of the source, and what came of it to the record. */
final class Sealing {
    private final RunContext context;
    private final Workspace workspace;
    private final Deployment source;
    private final BackupCatalog catalog;

    Sealing(RunContext context, Workspace workspace, Deployment source, BackupCatalog catalog) {
        this.context = context;
        this.workspace = workspace;
        this.source = source;
        this.catalog = catalog;
    }

    SealResult rehearse() {
        try (var reading = new SourceReading(source, workspace, (_, _) -> {})) {
            SealTaker.Draft draft = taker(reading).draft("seal");
            return new SealResult(
                    catalog.source(),
                    true,
                    Results.point(draft.at()),
                    draft.at().instant(),
                    draft.collections(),
                    0,
                    draft.bytesEstimated(),
                    0,
                    0,
                    new SealResult.Cost(reading.description(), 0, 0),
                    notSealed(draft.excluded()),
                    "",
                    "",
                    "");
        }
    }

    /**
     * Takes one.
     *
     * @param newSource the id of the replica set that is accepted as the source; empty for none
     */
    SealResult take(String newSource) {
        return take(new RecordedRun(context, workspace, RunKind.SEAL), newSource);
    }

    /** One that an archiver takes beside its work; empty if it would say what the newest says. */
    Optional<SealResult> takeIfNeeded(String archiveRun) {
        return isRepeated()
                ? Optional.empty()
                : Optional.of(take(new RecordedRun(context, workspace, RunKind.SEAL).with("archiver", archiveRun), ""));
    }

    private boolean isRepeated() {
        Optional<Seal> newest = readable(catalog.seals());
        try (var reading = new SourceReading(source, workspace, (_, _) -> {})) {
            return newest.filter(seal -> taker(reading).isRepeated(seal, "seal"))
                    .isPresent();
        }
    }

    /** One that cannot be read proves nothing: another is needed, and says so itself if it cannot be written. */
    private static Optional<Seal> readable(Seals seals) {
        try {
            return seals.newest();
        } catch (Failure failure) {
            if (failure.kind() == FailureKind.BACKUP_DAMAGED || failure.kind() == FailureKind.KEY_MISSING) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private SealResult take(RecordedRun recorded, String newSource) {
        var taken = new AtomicReference<Seal>();
        RunRecord record = recorded.execute(
                () -> "seal-" + catalog.source(), Optional::empty, run -> taken.set(take(run, newSource)));
        return result(taken.get(), record, recorded.reportFile(record));
    }

    private Seal take(StepRun run, String newSource) {
        new SourceSuccession(workspace, catalog).settle(source.identity(), newSource, run.log());
        try (var reading = new SourceReading(source, workspace, run.log()::note)) {
            return new SealRun(run, taker(reading), catalog).take();
        }
    }

    private SealTaker taker(SourceReading reading) {
        return new SealTaker(
                source,
                new SealTaker.Reading(reading.member(), reading.description(), reading.gate()),
                catalog,
                new Coverage(workspace.settings().exclude()),
                SealTaker.BYTES_TARGET,
                workspace.clocks().wall(),
                workspace.clocks().ticker());
    }

    private SealResult result(Seal seal, RunRecord record, Path report) {
        return new SealResult(
                seal.source(),
                false,
                Results.point(seal.at()),
                seal.at().instant(),
                seal.collections().size(),
                seal.documents(),
                seal.cost().bytesRead(),
                seal.ranges().size(),
                RecordedRun.seconds(seal.cost().elapsed()),
                cost(seal.cost()),
                notSealed(seal.excluded()),
                catalog.seals().key(seal.at()).value(),
                record.key(),
                report.toString());
    }

    private static SealResult.Cost cost(Seal.Cost cost) {
        double millis = cost.writes() == 0 ? 0 : cost.writeTime().toNanos() / 1e6 / cost.writes();
        return new SealResult.Cost(cost.readFrom(), cost.writes(), millis);
    }

    private static List<SealResult.NotSealed> notSealed(List<Excluded> excluded) {
        return excluded.stream()
                .map(left -> new SealResult.NotSealed(left.namespace(), left.reason()))
                .toList();
    }
}
