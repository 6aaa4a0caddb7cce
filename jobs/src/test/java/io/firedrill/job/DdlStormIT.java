package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.BackupId;
import io.firedrill.archive.Manifest;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.DdlStorm;
import io.firedrill.testing.Follower;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import io.firedrill.testing.SteppedStore;
import io.firedrill.testing.SteppedStore.Operation;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Collections are renamed, replaced, recreated, altered and dropped while backups run: each backup is exactly the source at
 * its moment, or is refused with the name of what came in its way. What the source held at that moment, its own oplog says:
 * another mongod applied it from its first entry up to there.
 */
class DdlStormIT {
    /** As many as CI has time for; all 50 with {@code -Dfiredrill.storm.backups=50}. */
    private static final int BACKUPS = Integer.getInteger("firedrill.storm.backups", 10);

    private static final int BACKUPS_MAX = Math.max(60, BACKUPS);
    private static final int PAUSE_MILLIS = 75;
    private static final int ATTEMPTS_MAX = 5;

    @TempDir
    Path directory;

    private int sealedAtOnce;
    private int sealedLater;
    private int refused;
    private long changesDuring;

    @Test
    void aBackupInAStormIsExactOrRefusedAndNeverWrong() {
        long seed = System.nanoTime();
        try (MongodServer sourceServer = MongodServer.replicaSet("source");
                MongodServer stagingServer = MongodServer.replicaSet("staging");
                var follower = new Follower(sourceServer);
                Deployment source = sourceServer.deployment("source");
                Deployment staging = stagingServer.deployment("staging");
                DdlStorm storm = new DdlStorm(sourceServer, seed).filled().started(PAUSE_MILLIS);
                ObjectStore store = letting(storm, new Random(seed));
                var recovery = new Recovery(store)) {
            BackupId id = BackupId.of(Instant.EPOCH, 0);
            for (int number = 1; number <= BACKUPS || (number <= BACKUPS_MAX && !hasSeenAll(storm)); number++) {
                id = id.next(Instant.EPOCH, number);
                long before = storm.count();
                Optional<BackupId> sealedBefore = recovery.catalog().newestSealed();
                // Every fourth has no second chance.
                Ended ended = recovery.backupInAttempts(source, id, number % 4 == 0 ? 1 : ATTEMPTS_MAX);
                changesDuring += storm.count() - before;
                if (number % BACKUPS == 0 && sealedAtOnce == 0) {
                    storm.calmDown();
                }
                if (ended.failure() == null) {
                    count(ended);
                    id = recovery.catalog().newestSealed().orElseThrow();
                    Manifest manifest = recovery.catalog().manifest(id);
                    follower.advance(manifest.consistencyPoint());
                    assertThat(recovery.restore(staging, "latest", "r" + number).failure())
                            .as("restore %d with seed %d", number, seed)
                            .isNull();
                    follower.assertEqual(stagingServer, "backup %d with seed %d".formatted(number, seed));
                    new StagingCleaner(staging, new StagingMarker(staging)).clean();
                } else {
                    requireNamed(ended, "backup %d with seed %d".formatted(number, seed));
                    assertThat(recovery.catalog().newestSealed()).isEqualTo(sealedBefore);
                    id = recovery.catalog().ids().stream().reduce(id, (_, last) -> last);
                }
            }
            System.out.printf(
                    "DDL storm: %d sealed at once, %d after another attempt, %d refused; %d changes meanwhile, in all %s%n",
                    sealedAtOnce, sealedLater, refused, changesDuring, storm.done());
            assertThat(hasSeenAll(storm)).as("all kinds of changes and of ends").isTrue();
            assertThat(changesDuring).as("changes during backups").isGreaterThan(sealedAtOnce + sealedLater + refused);
        }
    }

    private boolean hasSeenAll(DdlStorm storm) {
        return sealedAtOnce > 0
                && sealedLater > 0
                && refused > 0
                && storm.done().size() == DdlStorm.Kind.values().length;
    }

    private void count(Ended ended) {
        boolean atOnce = !ended.record().json().toString().contains("attempt 1");
        sealedAtOnce += atOnce ? 1 : 0;
        sealedLater += atOnce ? 0 : 1;
    }

    private void requireNamed(Ended ended, String which) {
        Failure failure = Failure.in(ended.failure()).orElseThrow(() -> new AssertionError(which, ended.failure()));
        assertThat(failure.kind()).as(which + failure.text()).isEqualTo(FailureKind.SOURCE_CHANGED);
        assertThat(failure.text()).as(which).containsPattern("(of|by|on) (storm|fleeting)|of \\w+ of (storm|fleeting)");
        refused++;
    }

    /** A store that sometimes lets the storm go on before it stores a segment: as a large backup would, for hours. */
    private ObjectStore letting(DdlStorm storm, Random random) {
        Set<Operation> slow = Set.of(Operation.CREATE);
        return new SteppedStore(ObjectStores.directory(directory), (operation, key) -> {
            boolean waits;
            synchronized (random) {
                waits = random.nextInt(4) == 0;
            }
            if (slow.contains(operation) && key.contains("/segments/") && waits) {
                long before = storm.count();
                // Not for long: the storm itself may wait for what a backup has locked.
                long deadline = System.nanoTime() + 250_000_000L;
                while (storm.count() == before && System.nanoTime() < deadline) {
                    Thread.onSpinWait();
                }
            }
        });
    }
}
