package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import io.firedrill.archive.BackupId;
import io.firedrill.evidence.Outcome;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.retention.RetentionPolicy;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import io.firedrill.testing.SteppedStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Retention and real backups of a real server at work on one store at the same time, without a lease between them. */
class PruneIT {
    private static final int SEEDS = 6;
    private static final Duration GRACE = Duration.ofDays(1);
    private static final RetentionPolicy KEEP_ONE =
            new RetentionPolicy(1, Map.of(), Duration.ZERO, Duration.ofDays(2), GRACE);
    private static final Instant START = Instant.parse("2026-11-25T12:00:00Z");
    private static final Set<FailureKind> FAIR =
            Set.of(FailureKind.LOCK_HELD, FailureKind.LOCK_LOST, FailureKind.BACKUP_DAMAGED);

    private static MongodServer sourceServer;
    private static MongodServer stagingServer;
    private static Deployment source;
    private static Deployment staging;

    @TempDir
    Path directory;

    @BeforeAll
    static void start() {
        sourceServer = MongodServer.replicaSet("source");
        stagingServer = MongodServer.replicaSet("staging");
        source = sourceServer.deployment("source");
        staging = stagingServer.deployment("staging");
        try (MongoClient client = sourceServer.client()) {
            List<Document> orders = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                orders.add(new Document("_id", i).append("v", 1).append("text", "order " + i + " ".repeat(200)));
            }
            client.getDatabase("shop").getCollection("orders").insertMany(orders);
        }
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
        sourceServer.close();
        stagingServer.close();
    }

    @Test
    void noSegmentOfASealedBackupIsLostWhereverTheOtherRunComesIn() throws Exception {
        for (int seed = 1; seed <= SEEDS; seed++) {
            Path root = directory.resolve("store-" + seed);
            try (ObjectStore store = ObjectStores.directory(root);
                    var undisturbed = new Recovery(store)) {
                race(seed, store, undisturbed);
                if (seed == SEEDS) {
                    restoreAndCompare(undisturbed);
                }
            }
        }
    }

    /** The data goes back to what only the backup that is being deleted has: the new backup meets its segments. */
    private static void race(int seed, ObjectStore store, Recovery undisturbed) throws Exception {
        Instant later = START.plus(GRACE);
        value(1);
        backup(undisturbed, BackupId.of(START.minusSeconds(20), 1));
        value(2);
        backup(undisturbed, BackupId.of(START.minusSeconds(10), 2));
        assertThat(undisturbed.prune(KEEP_ONE, START).failure()).isNull();
        value(1);

        var random = new Random(seed);
        boolean backupFirst = seed % 2 == 0;
        var other = new AtomicReference<Ended>();
        Runnable prune = () -> other.set(undisturbed.prune(KEEP_ONE, later));
        Runnable backup = () -> other.set(undisturbed.backup(source, BackupId.of(later, 3), Set.of()));
        ObjectStore disturbed = within(store, random.nextInt(90), backupFirst ? prune : backup);
        Ended first;
        try (var recovery = new Recovery(disturbed)) {
            first = backupFirst
                    ? recovery.backup(source, BackupId.of(later, 3), Set.of())
                    : recovery.prune(KEEP_ONE, later);
        }
        for (Ended ended : List.of(first, other.get())) {
            assertThat(ended.failure() == null
                            || Failure.in(ended.failure())
                                    .map(Failure::kind)
                                    .filter(FAIR::contains)
                                    .isPresent())
                    .as("seed %d: %s", seed, ended.failure())
                    .isTrue();
        }
        requireSound(seed, undisturbed);
        Instant afterwards = later.plus(Duration.ofHours(2));
        assertThat(undisturbed.prune(KEEP_ONE, afterwards).failure())
                .as("seed %d", seed)
                .isNull();
        backup(undisturbed, BackupId.of(afterwards, 4));
        requireSound(seed, undisturbed);
    }

    /** Every object of every sealed backup is read and hashed. */
    private static void requireSound(int seed, Recovery recovery) {
        for (BackupId id : recovery.catalog().ids()) {
            if (recovery.catalog().isSealed(id)) {
                Ended ended = recovery.verify(id.value());
                assertThat(ended.record().outcome())
                        .as("seed %d, backup %s: %s", seed, id, ended.failure())
                        .isEqualTo(Outcome.PASSED);
            }
        }
    }

    private static void restoreAndCompare(Recovery recovery) {
        assertThat(recovery.restore(staging, "latest", "after-prune").failure()).isNull();
        assertThat(stagingServer.dbHash("shop")).isEqualTo(sourceServer.dbHash("shop"));
        new StagingCleaner(staging, new StagingMarker(staging)).clean();
    }

    private static void backup(Recovery recovery, BackupId id) {
        assertThat(recovery.backup(source, id, Set.of()).failure()).isNull();
    }

    private static void value(int value) {
        try (MongoClient client = sourceServer.client()) {
            MongoCollection<Document> orders = client.getDatabase("shop").getCollection("orders");
            orders.updateMany(
                    new Document("_id", new Document("$gte", 1_000)), new Document("$set", new Document("v", value)));
        }
    }

    /** A view of the store in which another run happens, from beginning to end, before the so-many-th operation. */
    private static ObjectStore within(ObjectStore store, int operation, Runnable run) {
        var left = new AtomicInteger(operation);
        return new SteppedStore(store, (next, key) -> {
            boolean ofArchive = key.startsWith("sources/");
            if (ofArchive && left.getAndDecrement() == 0) {
                // A thread of its own: Batch would find the transaction of the step that is under way.
                var thread = new Thread(run, "other-run");
                thread.start();
                try {
                    thread.join();
                } catch (InterruptedException thrown) {
                    throw new IllegalStateException(thrown);
                }
            }
        });
    }
}
