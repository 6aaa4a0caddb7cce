package io.firedrill.job;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.Seal;
import io.firedrill.backup.SealTaker;
import io.firedrill.evidence.Check;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;

/**
 * Seal: take it, read it back from the store, note what it cost. No job of Spring Batch: a seal that was cut off is of no use to
 * the next attempt, which has another moment.
 */
public final class SealRun {
    private final StepRun run;
    private final SealTaker taker;
    private final BackupCatalog catalog;

    public SealRun(StepRun run, SealTaker taker, BackupCatalog catalog) {
        this.run = run;
        this.taker = taker;
        this.catalog = catalog;
    }

    public Seal take() {
        Seal seal = run.log().timeline().measure("seal", false, () -> {
            run.progress().begin("seal", 0);
            Seal taken = taker.take("seal " + run.log().start().runId(), run::checkpoint, run.progress()::advance);
            run.progress().end();
            return taken;
        });
        note(seal);
        run.log().timeline().measure("check", false, () -> check(seal));
        return seal;
    }

    private void note(Seal seal) {
        Seal.Cost cost = seal.cost();
        run.log().source(BackupJobConfig.party("source", seal.identity()));
        seal.excluded().forEach(left -> run.log().exclude(left.namespace(), left.reason()));
        run.log().note("sealed-at", "%s, %s".formatted(seal.at(), seal.at().instant()));
        run.log()
                .note(
                        "sealed",
                        "%d collections and views, %d documents, %d bytes, %d digests"
                                .formatted(
                                        seal.collections().size(),
                                        seal.documents(),
                                        seal.bytes(),
                                        seal.ranges().size()));
        run.log()
                .note(
                        "cost",
                        "%d bytes read in %d ms; meanwhile %d operations wrote, in %d ms together"
                                .formatted(
                                        cost.bytesRead(),
                                        cost.elapsed().toMillis(),
                                        cost.writes(),
                                        cost.writeTime().toMillis()));
        run.log().notTested("that the source can be brought back to this moment: a drill to it proves that");
    }

    /** A seal that cannot be read is found out now, and not when somebody needs it. */
    private void check(Seal seal) {
        String object = catalog.seals().key(seal.at()).value();
        run.log().note("object", object);
        boolean same = catalog.seals()
                .at(seal.at())
                .filter(stored -> stored.ranges().equals(seal.ranges())
                        && stored.collections().equals(seal.collections()))
                .isPresent();
        if (!same) {
            throw new Failure(
                    FailureKind.BACKUP_DAMAGED,
                    "%s is not what was written there".formatted(object),
                    "Take another seal, and find out what changes the store.");
        }
        long digests = seal.ranges().size();
        run.log()
                .check(Check.passed(
                        "stored",
                        "the seal was read back from the store, its digests and definitions compared with what was written",
                        digests + " equal digests",
                        digests + " equal digests",
                        digests,
                        digests));
    }
}
