package io.firedrill.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.archive.BackupId;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.SteppedStore;
import io.firedrill.testing.SteppedStore.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The windows between two operations that random orders hardly ever hit, each opened on purpose. */
class PruneWindowsTest {
    private static final BackupId RACING = BackupId.of(PruneContract.LATER, 7);

    @TempDir
    private Path directory;

    private ObjectStore store = ObjectStores.directory(Path.of("never used"));

    @BeforeEach
    void oneBackupIsMarkedAndAnotherStays() {
        store = ObjectStores.directory(directory.resolve("store"));
        var archive = new ArchiveForTests(store);
        archive.backup(PruneContract.FIRST, List.of("a", "b"));
        archive.backup(PruneContract.SECOND, List.of("b"));
        PruneContract.prune(store, PruneContract.keepLast(1), PruneContract.NOW);
    }

    @Test
    void whatIsSealedBetweenTheDecisionAndTheSweepIsSpared() throws Exception {
        PruneContract.prune(
                before(Operation.CREATE, "/begun", () -> new ArchiveForTests(store).backup(RACING, List.of("a"))),
                PruneContract.keepLast(1),
                PruneContract.LATER);
        assertThat(whole()).contains(RACING.value());
    }

    /** The part is written after the sweep's last look, and the sweep ends before the backup looks for sweeps. */
    @Test
    void aSweepThatEndsBetweenABackupsLooksIsNotOverlooked() throws Exception {
        var paused = new CountDownLatch(1);
        var resume = new CountDownLatch(1);
        var failure = new AtomicReference<@Nullable Throwable>();
        ObjectStore ofBackup = before(Operation.LIST, "/sweeps/", () -> {
            paused.countDown();
            await(resume);
        });
        var backup = new Thread(() -> {
            try {
                new ArchiveForTests(ofBackup).backup(RACING, List.of("a"));
            } catch (Failure thrown) {
                failure.set(thrown);
            }
        });
        ObjectStore ofPrune = before(Operation.DELETE, "/segments/", () -> {
            backup.start();
            await(paused);
        });
        PruneContract.prune(ofPrune, PruneContract.keepLast(1), PruneContract.LATER);
        resume.countDown();
        backup.join();
        assertThat(Failure.in(failure.get()).map(Failure::kind)).contains(FailureKind.BACKUP_DAMAGED);
        assertThat(whole()).doesNotContain(RACING.value());
    }

    @Test
    void aLeftoverThatIsSweptWhileItSealsTakesItsManifestBack() throws Exception {
        BackupId leftover = BackupId.of(PruneContract.NOW.minus(Duration.ofDays(5)), 6);
        new ArchiveForTests(store).leaveUnsealed(leftover, List.of("y"));
        ObjectStore ofLeftover = before(Operation.CREATE, leftover + "/manifest", () -> {
            PruneContract.prune(store, PruneContract.keepLast(1), PruneContract.LATER);
            PruneContract.prune(store, PruneContract.keepLast(1), PruneContract.LATER.plus(PruneContract.GRACE));
        });
        Failure failure =
                catchThrowableOfType(Failure.class, () -> new ArchiveForTests(ofLeftover).finish(leftover, 1));
        assertThat(failure.kind()).isEqualTo(FailureKind.LOCK_LOST);
        assertThat(whole()).containsExactly(PruneContract.SECOND.value());
    }

    @Test
    void aLeftoverThatIsSealedBeforeItsMarkIsDueIsABackup() throws Exception {
        BackupId leftover = BackupId.of(PruneContract.NOW.minus(Duration.ofDays(5)), 6);
        new ArchiveForTests(store).leaveUnsealed(leftover, List.of("y"));
        PruneContract.prune(
                before(Operation.CREATE, "/marks/" + leftover, () -> new ArchiveForTests(store).finish(leftover, 1)),
                PruneContract.keepLast(2),
                PruneContract.LATER);
        PruneContract.prune(store, PruneContract.keepLast(2), PruneContract.LATER.plus(PruneContract.GRACE));
        assertThat(whole()).contains(leftover.value());
    }

    private List<String> whole() throws Exception {
        return ArchiveForTests.requireWhole(directory.resolve("store"), new ArchiveForTests(store).catalog());
    }

    /** A view of the store in which something happens once, just before an operation. */
    private ObjectStore before(Operation operation, String key, Runnable happens) {
        boolean[] happened = {false};
        return new SteppedStore(store, (next, name) -> {
            if (!happened[0] && next == operation && name.contains(key)) {
                happened[0] = true;
                happens.run();
            }
        });
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException thrown) {
            throw new IllegalStateException(thrown);
        }
    }
}
