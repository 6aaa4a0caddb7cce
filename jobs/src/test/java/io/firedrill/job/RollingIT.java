package io.firedrill.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoCommandException;
import com.mongodb.client.MongoClient;
import io.firedrill.archive.Manifest;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.EveryWrite;
import io.firedrill.testing.Follower;
import io.firedrill.testing.MoneyMover;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import io.firedrill.testing.SteppedStore;
import io.firedrill.testing.SteppedStore.Operation;
import io.firedrill.testing.TestKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Backups that take longer than their source keeps its history, while it is written in every way: each range at a moment of
 * its own, the oplog of the span beside it, and restored they are the source at one moment. What that was, mongod says: by
 * its own dbHash of that moment as far as it can show it, and another one that applied the oplog from its first entry on.
 */
@Timeout(value = 2, unit = TimeUnit.HOURS)
class RollingIT {
    /** For CI; the whole with {@code -Dfiredrill.rolling.rounds=20 -Dfiredrill.rolling.window=5 -Dfiredrill.rolling.seconds=60}. */
    private static final int ROUNDS = Integer.getInteger("firedrill.rolling.rounds", 2);

    private static final int WINDOW_SECONDS = Integer.getInteger("firedrill.rolling.window", 1);
    private static final int BACKUP_SECONDS = Integer.getInteger("firedrill.rolling.seconds", 3);
    private static final int LONG_WINDOW_SECONDS = 600;

    @TempDir
    Path directory;

    private final AtomicInteger segments = new AtomicInteger();
    private volatile boolean forgetful;

    @Test
    void aBackupLongerThanTheHistoryOfItsSourceIsStillTheSourceAtOneMoment() {
        long seed = System.nanoTime();
        try (MongodServer sourceServer = MongodServer.replicaSet("source", "--setParameter", "enableTestCommands=1");
                MongodServer stagingServer = MongodServer.replicaSet("staging");
                var follower = new Follower(sourceServer);
                Deployment source = sourceServer.deployment("source");
                Deployment staging = stagingServer.deployment("staging");
                MoneyMover money = new MoneyMover(sourceServer, seed).filled().started();
                EveryWrite writes = new EveryWrite(sourceServer, seed).filled().started();
                ObjectStore store = slow(sourceServer);
                var recovery = new Recovery(store)) {
            TestKeys keys = TestKeys.make();
            int asked = 0;
            for (int round = 1; round <= ROUNDS; round++) {
                // In odd rounds the backup knows how long it has; in even ones it has to find out.
                forgetful = round % 2 == 0;
                segments.set(0);
                window(sourceServer, forgetful ? LONG_WINDOW_SECONDS : WINDOW_SECONDS);
                long begin = System.nanoTime();
                // In even rounds it is encrypted too, and the oplog with it.
                recovery.with(forgetful ? keys.ofBackup() : keys.ofRestore());
                Manifest manifest = recovery.backup(source, round);
                recovery.with(keys.ofRestore());
                assertThat(manifest.keys().isEmpty()).isEqualTo(!forgetful);
                window(sourceServer, LONG_WINDOW_SECONDS);
                double seconds = (System.nanoTime() - begin) / 1e9;
                asked += isShown(sourceServer, manifest.consistencyPoint()) ? 1 : 0;
                String which = "round %d with seed %d".formatted(round, seed);
                Set<OpTime> moments = moments(recovery, manifest);
                assertThat(moments).as(which).hasSizeGreaterThan(1);
                assertThat(new String(recovery.catalog().readManifest(manifest.id()), UTF_8))
                        .as("a reader that knows only segments must refuse it")
                        .startsWith(forgetful ? "FIREDRILL manifest 4\n" : "FIREDRILL manifest 3\n");

                List<String> hashes = hashesAt(sourceServer, manifest.consistencyPoint());
                follower.advance(manifest.consistencyPoint());
                if (round == 1) {
                    stopAfterReplay(recovery, staging, "r" + round);
                }
                Ended ended = recovery.restore(staging, "latest", "r" + round);
                System.out.printf(
                        "rolling backup %d: %.1f s, %d moments, %s%n",
                        round,
                        seconds,
                        moments.size(),
                        ended.record().json().path("notes").path("replayed").asString(""));
                assertThat(ended.failure()).as(which).isNull();
                assertThat(ended.record().json().path("notes").has("resumed"))
                        .as(which)
                        .isEqualTo(round == 1);
                follower.assertEqual(stagingServer, which);
                assertThat(MoneyMover.sum(stagingServer)).as(which).isEqualTo(MoneyMover.SUM);
                if (!hashes.isEmpty()) {
                    assertThat(hashes(stagingServer)).as(which).isEqualTo(hashes);
                }
                assertThat(recovery.verify("latest").failure()).as(which).isNull();
                new StagingCleaner(staging, new StagingMarker(staging)).clean();
                assertThat(money.transfers()).isPositive();
                assertThat(writes.rounds()).isPositive();
            }
            assertThatADamagedSliceIsFound(recovery, staging);
            System.out.printf("rolling backups: %d of %d rounds asked dbHash of the moment itself%n", asked, ROUNDS);
            assertThat(asked)
                    .as("rounds in which the source still showed the moment")
                    .isPositive();
        }
    }

    /** The oplog is as much the backup as its segments are: damage is found before the first write, and it goes with the rest. */
    private void assertThatADamagedSliceIsFound(Recovery recovery, Deployment staging) {
        ObjectKey slice =
                recovery
                        .catalog()
                        .objects()
                        .besideManifest(recovery.catalog().newestSealed().orElseThrow())
                        .stream()
                        .filter(key -> key.value().contains("/oplog/"))
                        .findFirst()
                        .orElseThrow();
        flipLastByte(directory.resolve(slice.value()));

        assertThat(kindOf(recovery.verify("latest"))).contains(FailureKind.BACKUP_DAMAGED);
        assertThat(kindOf(recovery.restore(staging, "latest", "damaged"))).contains(FailureKind.BACKUP_DAMAGED);
        assertThat(new StagingMarker(staging).read()).isEmpty();
    }

    private static void flipLastByte(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length - 1] ^= 1;
            Files.write(file, bytes);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static Optional<FailureKind> kindOf(Ended ended) {
        return Failure.in(ended.failure()).map(Failure::kind);
    }

    /** What a replay has written counts when it is cut off: the next attempt goes on. */
    private static void stopAfterReplay(Recovery recovery, Deployment staging, String runId) {
        var marker = new StagingMarker(staging);
        var looks = new AtomicInteger();
        recovery.stopWhen(() -> marker.isReplaying() && looks.incrementAndGet() > 1);
        Ended stopped = recovery.restore(staging, "latest", runId);
        recovery.stopWhen(() -> false);
        assertThat(kindOf(stopped)).contains(FailureKind.ABORTED);
        assertThat(marker.isReplaying()).isTrue();
    }

    private static Set<OpTime> moments(Recovery recovery, Manifest manifest) {
        var moments = new TreeSet<OpTime>();
        manifest.parts()
                .forEach(ref -> recovery.catalog()
                        .part(manifest, ref)
                        .segments()
                        .forEach(segment -> moments.add(segment.at())));
        return moments;
    }

    private static List<String> databases() {
        return Stream.concat(MoneyMover.DATABASES.stream(), Stream.of("every")).toList();
    }

    private static List<String> hashes(MongodServer server) {
        return databases().stream().map(server::dbHash).toList();
    }

    private static boolean isShown(MongodServer server, OpTime at) {
        return !hashesAt(server, at).isEmpty();
    }

    /** The server's own digests at a moment; none if it has forgotten it by now. */
    private static List<String> hashesAt(MongodServer server, OpTime at) {
        var command = new Document("dbHash", 1).append("$_internalReadAtClusterTime", at.timestamp());
        try (MongoClient client = server.client()) {
            return databases().stream()
                    .map(name -> client.getDatabase(name).runCommand(command).getString("md5"))
                    .toList();
        } catch (MongoCommandException forgotten) {
            assertThat(forgotten.getErrorCode()).isEqualTo(239);
            return List.of();
        }
    }

    private static void window(MongodServer server, int seconds) {
        try (MongoClient client = server.client()) {
            client.getDatabase("admin")
                    .runCommand(new Document("setParameter", 1).append("minSnapshotHistoryWindowInSeconds", seconds));
        }
    }

    /** A store that takes its time over each of the first segments, as many as fill the time that the backup is to take. */
    private ObjectStore slow(MongodServer source) {
        int many = 20;
        long each = BACKUP_SECONDS * 1_000_000_000L / many;
        return new SteppedStore(ObjectStores.directory(directory), (operation, key) -> {
            if (operation != Operation.CREATE) {
                return;
            }
            if (key.contains("/segments/") && segments.incrementAndGet() <= 2 * many) {
                if (forgetful && segments.get() == 2) {
                    window(source, WINDOW_SECONDS);
                }
                if (segments.get() == many) {
                    // What is to be compared later must not be forgotten.
                    window(source, LONG_WINDOW_SECONDS);
                }
                long deadline = System.nanoTime() + each;
                while (System.nanoTime() < deadline) {
                    Thread.onSpinWait();
                }
            }
        });
    }
}
