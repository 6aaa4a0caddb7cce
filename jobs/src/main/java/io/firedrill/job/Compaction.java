package io.firedrill.job;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.PassedOver;
import io.firedrill.oplog.RecoveryPlan;
import io.firedrill.oplog.RecoveryWindow.Base;
import java.util.Optional;

/** What is to be made of which backup and which piece of the archive: looked at before anything is started. */
public final class Compaction {
    private final RecoveryPlan plan;
    private final PointInTime moment;

    public Compaction(BackupCatalog catalog, RecoveryPlan plan, StepRun run) {
        this.plan = plan;
        this.moment = new PointInTime(catalog, plan, run);
    }

    PointInTime moment() {
        return moment;
    }

    /** The cluster time of what would be made. */
    public OpTime reached() {
        return moment.reached();
    }

    /** How many entries of the archived oplog lead there. */
    public long entries() {
        return moment.entries();
    }

    /** In how many slices they lie. */
    public long slices() {
        return moment.chain().slices();
    }

    /** How many bytes of raw entries these slices hold. */
    public long bytes() {
        return moment.logs().stream()
                .flatMap(log -> log.span().slices().stream())
                .mapToLong(slice -> slice.stored().bytesRaw())
                .sum();
    }

    /**
     * Reads the way through, and refuses a moment that a copy would not show as the source was.
     *
     * @param random makes the id unlike any other
     * @return the id of the backup to be made, which sorts by what it shows and not by when it is made; empty where the base
     *     shows that moment already
     */
    public Optional<BackupId> look(int random) {
        moment.check();
        if (moment.entries() == 0) {
            return Optional.empty();
        }
        requireShown(moment.chain().passedOver());
        BackupId id = plan.base().backup().next(reached().instant(), random);
        requireInOrder(id);
        return Optional.of(id);
    }

    private void requireShown(PassedOver passed) {
        passed.version().ifPresent(at -> {
            throw new Failure(
                    FailureKind.SOURCE_UNSUITABLE,
                    "the source's feature compatibility version was changed at %s: what that did to its files, no oplog tells"
                            .formatted(at),
                    "Compact to a moment before %s, with --to; after that only a backup of the source itself will do."
                            .formatted(at));
        });
        passed.prepared().ifPresent(at -> {
            throw new Failure(
                    FailureKind.SOURCE_UNSUITABLE,
                    "a transaction that was prepared at %s is not decided at %s".formatted(at, reached()),
                    "Compact to a moment before %s or a little later, with --to.".formatted(at));
        });
    }

    /** Whoever takes the newest backup by its id must not get an older state than another one has. */
    private void requireInOrder(BackupId id) {
        Optional<Base> later = plan.window().bases().stream()
                .filter(base -> base.at().compareTo(reached()) > 0)
                .filter(base -> base.backup().compareTo(id) < 0)
                .findFirst();
        if (later.isPresent()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "at %s backup %s was being read, which shows %s"
                            .formatted(
                                    reached(), later.get().backup(), later.get().at()),
                    "Compact to a moment before that backup was begun, with --to; restores to later moments begin with it anyway.");
        }
    }
}
