package io.firedrill.job;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.evidence.Check;
import io.firedrill.evidence.RecoveryPoint;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.ChainCheck;
import io.firedrill.oplog.CheckedChain;
import io.firedrill.oplog.OplogLog;
import io.firedrill.oplog.RecoveryPlan;
import io.firedrill.oplog.RecoveryTarget;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The moment that a restore is after: the way there is checked before the first write, and kept for the replay. */
final class PointInTime {
    private final RecoveryPlan plan;
    private final StepRun run;
    private final Lazy<CheckedChain> chain;

    PointInTime(BackupCatalog catalog, RecoveryPlan plan, StepRun run) {
        this.plan = plan;
        this.run = run;
        this.chain = new Lazy<>(() -> new ChainCheck(catalog, plan, run::checkpoint).check(run.progress()::advance));
    }

    /** Reads the archived oplog through that is needed; what is wrong with it is thrown. */
    void check() {
        CheckedChain checked = chain.get();
        String sound = "%d sound slices, %d entries".formatted(checked.slices(), checked.entries());
        run.log()
                .check(Check.passed(
                        "chain",
                        "every slice of the archived oplog from the backup to the point, by its digests, and every entry in its order, before the first write to the target",
                        sound,
                        sound,
                        checked.slices(),
                        checked.slices()));
        note(RecoveryPoint.OPEN);
    }

    /** What is replayed after the backup's own oplog. */
    List<OplogLog> logs() {
        return chain.get().logs();
    }

    /** The cluster time of the last entry that counts. */
    OpTime reached() {
        return chain.get().reached();
    }

    /** Puts the point into the record, with the kind of its proof. */
    void note(String proof) {
        CheckedChain checked = chain.get();
        run.log()
                .point(new RecoveryPoint(
                        plan.asked().toString(),
                        plan.chosen(),
                        plan.until().toString(),
                        checked.reached().toString(),
                        checked.reached().instant(),
                        checked.reachedAt(),
                        plan.window().timeline().number(),
                        checked.entries(),
                        proof,
                        incident()));
    }

    /** Whoever asks for the latest moment has lost what came after it until now; else the moment is what counts. */
    private Optional<Instant> incident() {
        return plan.asked() instanceof RecoveryTarget.Latest
                ? Optional.empty()
                : Optional.of(plan.until().instant());
    }
}
