package io.firedrill.job;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.evidence.Check;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.restore.RestoreSource;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.batch.core.job.Job;

/** Verify: re-read and re-hash what lies in the store, go on past what is damaged so as to name all of it, judge. */
public final class VerifyJobConfig {
    private final Steps steps;
    private final StepRun run;
    private final BackupCatalog catalog;
    private final RestoreSource source;
    private final List<String> units;
    private final AtomicLong objects = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final Queue<String> damaged = new ConcurrentLinkedQueue<>();

    /**
     * @param units to read: all of the backup's, or a sample
     */
    public VerifyJobConfig(Steps steps, StepRun run, BackupCatalog catalog, RestoreSource source, List<String> units) {
        this.steps = steps;
        this.run = run;
        this.catalog = catalog;
        this.source = source;
        this.units = List.copyOf(units);
    }

    public Job job() {
        return steps.job("verify")
                .start(steps.once("select", this::select))
                .next(steps.each("check", () -> units, () -> 0L, this::check))
                .next(steps.once("judge", this::judge))
                .build();
    }

    public List<String> damaged() {
        return List.copyOf(damaged);
    }

    public long objectsSound() {
        return objects.get();
    }

    public long bytesRead() {
        return bytes.get();
    }

    private void select() {
        run.log().source(BackupJobConfig.party("source", source.plan().identity()));
        run.log().backup(BackupJobConfig.facts(source.manifest(), catalog));
        run.log().notTested("that this backup can be restored: a drill proves it");
    }

    private void check(String unit) {
        damaging(() -> objects.addAndGet(source.check(unit, some -> {
            bytes.addAndGet(some);
            run.progress().advance(some);
        })));
    }

    /** Goes on past what is damaged, so as to name all of it. */
    private void damaging(Runnable look) {
        try {
            look.run();
        } catch (Failure failure) {
            if (failure.kind() != FailureKind.BACKUP_DAMAGED) {
                throw failure;
            }
            damaged.add(failure.text());
        }
    }

    private void judge() {
        damaging(() -> objects.addAndGet(source.checkOplog(bytes::addAndGet)));
        String method = "SHA-256 over every stored object";
        String sound = "%d sound objects, %d damaged".formatted(objects.get(), damaged.size());
        if (damaged.isEmpty()) {
            run.log().check(Check.passed("objects", method, "0 damaged", sound, objects.get(), objects.get()));
            return;
        }
        long population = objects.get() + damaged.size();
        run.log()
                .check(Check.failed(
                        "objects", method, "0 damaged", sound, objects.get(), population, String.join("; ", damaged)));
        throw new Failure(
                FailureKind.BACKUP_DAMAGED,
                String.join("; ", damaged),
                "Back up again now, and find out what changed the store.");
    }
}
