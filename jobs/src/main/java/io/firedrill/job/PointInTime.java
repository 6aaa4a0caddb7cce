package io.firedrill.job;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.Seal;
import io.firedrill.archive.Selection;
import io.firedrill.evidence.Check;
import io.firedrill.evidence.RecoveryPoint;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.ChainCheck;
import io.firedrill.oplog.CheckedChain;
import io.firedrill.oplog.OplogLog;
import io.firedrill.oplog.RecoveryPlan;
import io.firedrill.oplog.RecoveryTarget;
import io.firedrill.verify.SealComparison;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The moment that a restore is after: the way there is checked before the first write, and kept for the replay. */
public final class PointInTime {
    private final BackupCatalog catalog;
    private final RecoveryPlan plan;
    private final StepRun run;
    private final Lazy<CheckedChain> chain;
    private String proof = RecoveryPoint.OPEN;

    public PointInTime(BackupCatalog catalog, RecoveryPlan plan, StepRun run) {
        this.catalog = catalog;
        this.plan = plan;
        this.run = run;
        this.chain = new Lazy<>(() -> new ChainCheck(catalog, plan, run::checkpoint).check(run.progress()::advance));
    }

    /** Reads the archived oplog through that is needed; what is wrong with it is thrown. */
    public void check() {
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

    /** The way to it. */
    RecoveryPlan plan() {
        return plan;
    }

    /** How many entries of the archive lead from the backup to it. */
    public long entries() {
        return chain.get().entries();
    }

    /** What was read through to get there. */
    CheckedChain chain() {
        return chain.get();
    }

    /** What shows that it was reached. */
    String proof() {
        return proof;
    }

    /** What is replayed after the backup's own oplog. */
    List<OplogLog> logs() {
        return chain.get().logs();
    }

    /** The cluster time of the last entry that counts. */
    OpTime reached() {
        return chain.get().reached();
    }

    /**
     * Proves the point where the source was sealed at just this one, and puts it into the record with the kind of its proof.
     *
     * @param selection of the collections that were restored, under the names of the source
     */
    void prove(Deployment target, Selection selection, boolean renamed) {
        Optional<Seal> seal =
                renamed ? Optional.empty() : catalog.seals().at(reached()).map(found -> found.only(selection::takes));
        if (seal.isEmpty()) {
            run.log()
                    .notTested(
                            "the point itself against the source: no seal of it is stored; what was loaded was proven, and every entry since found what it must find");
            note(RecoveryPoint.STRICT_REPLAY);
            return;
        }
        boolean whole = true;
        for (Check check :
                new SealComparison(run.lanes(), run::checkpoint, run.progress()::advance).check(target, seal.get())) {
            whole &= note(check);
        }
        note(
                whole
                        ? RecoveryPoint.SEAL
                        : RecoveryPoint.STRICT_REPLAY + "; by a seal but for what is named as not tested");
    }

    /** What a seal does not hold, strict replay has proven: it is named, and no doubt about the rest. */
    private boolean note(Check check) {
        if (check.result() == Check.Result.SKIPPED) {
            run.log().notTested("%s: %s".formatted(check.id(), check.detail()));
            return false;
        }
        run.log().check(check);
        RestoreJobConfig.requirePassed(check);
        return true;
    }

    /** Puts the point into the record, with the kind of its proof. */
    private void note(String shown) {
        proof = shown;
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
