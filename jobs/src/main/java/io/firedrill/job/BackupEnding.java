package io.firedrill.job;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Unit;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.OplogSpan;
import io.firedrill.backup.BackupPublisher;
import io.firedrill.evidence.Check;
import io.firedrill.evidence.Clocks;
import io.firedrill.mongo.OpTime;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** How every backup ends, whatever was read for it: each object looked at, the manifest last, both in the record. */
final class BackupEnding {
    private final StepRun run;
    private final BackupCatalog catalog;
    private final BackupPublisher publisher;
    private final Clocks clocks;

    BackupEnding(StepRun run, BackupCatalog catalog, Clocks clocks) {
        this.run = run;
        this.catalog = catalog;
        this.publisher = new BackupPublisher(catalog, run::checkpoint);
        this.clocks = clocks;
    }

    static List<String> units(BackupPlan plan) {
        return plan.units().stream().map(Unit::id).toList();
    }

    static Unit unit(BackupPlan plan, String id) {
        return plan.units().stream()
                .filter(unit -> unit.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** The moments at which anything was read, oldest first. */
    SortedSet<OpTime> moments(BackupPlan plan) {
        return publisher.moments(plan);
    }

    /** In one step: to look at a unit's objects takes less than to hand it to a worker. */
    void seal(BackupPlan plan) {
        publisher.seal(plan);
    }

    void publish(BackupPlan plan, Optional<OplogSpan> oplog) {
        Manifest manifest = publisher.publish(plan, oplog, clocks.now());
        run.log().backup(BackupJobConfig.facts(manifest, catalog));
        run.log()
                .note(
                        "encryption",
                        manifest.keys().isEmpty()
                                ? "none"
                                : "AES256_GCM_HKDF_1MB, keys " + String.join(", ", manifest.keys()));
        long segments = manifest.totals().segments();
        run.log()
                .check(Check.passed(
                        "stored",
                        "every object of the manifest found in the store with its size; new ones confirmed by checksum",
                        segments + " objects",
                        segments + " objects",
                        segments,
                        segments));
    }
}
