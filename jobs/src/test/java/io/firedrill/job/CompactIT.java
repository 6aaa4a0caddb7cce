package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.OplogArchive.OldSlice;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.evidence.Outcome;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.RecoveryTarget;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.retention.RetentionPolicy;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.Compacting;
import io.firedrill.testing.EventfulHistory;
import io.firedrill.testing.EveryWrite;
import io.firedrill.testing.Follower;
import io.firedrill.testing.HandmadeArchive;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A backup out of an older one and the archive, made in a mongod of our own. What the source was at its moment, another mongod
 * says that applied the source's oplog up to that entry.
 */
class CompactIT {
    @TempDir
    Path directory;

    private final long seed = System.nanoTime();

    @Test
    void aSyntheticBackupIsTheSourceAtItsMomentAndEverythingGoesOnFromIt() {
        try (MongodServer sourceServer = MongodServer.replicaSet("source");
                MongodServer stagingServer = MongodServer.replicaSet("staging");
                var follower = new Follower(sourceServer);
                Deployment source = sourceServer.deployment("source");
                Deployment staging = stagingServer.deployment("staging");
                EveryWrite writes = new EveryWrite(sourceServer, seed).filled();
                var history = new EventfulHistory(sourceServer, seed).filled();
                ObjectStore store = ObjectStores.directory(directory.resolve("store"));
                var recovery = new Recovery(store)) {
            calm(sourceServer);
            OpTime begin = source.fence("begin");
            Manifest base = backup(recovery, source, 1);
            history.happen(1);
            writes.burst(45);
            OpTime moment = lastWrite(sourceServer, base.consistencyPoint(), source.fence("about the moment"));
            history.happen(1);
            writes.burst(10);
            OpTime end = source.fence("the end");
            OplogTimeline timeline = new HandmadeArchive(recovery.catalog()).archive(sourceServer, begin, end, 100);

            Manifest made = new Compacting(recovery, directory.resolve("room")).made(new RecoveryTarget.At(moment));
            assertThat(made.consistencyPoint()).isEqualTo(moment);
            assertThat(made.synthetic().orElseThrow().base()).isEqualTo(base.id());
            follower.advance(moment);
            requirePlan(recovery, made, base, follower);
            forget(recovery, timeline, made, moment);
            restores(recovery, staging, made.id(), stagingServer, follower);
            follower.advance(end);
            Ended later = recovery.restoreTo(staging, new RecoveryTarget.At(end), "later");
            requireEqual(later, made.id(), staging, stagingServer, follower);

            BackupId second = made.id().next(Instant.now(), 2);
            Ended next = recovery.backup(source, second, Set.of());
            assertThat(next.failure()).isNull();
            Manifest ordinary = recovery.catalog().manifest(second);
            assertThat(ordinary.synthetic()).isEmpty();
            assertThat(ordinary.totals().segmentsReused()).isGreaterThanOrEqualTo(3);
            var notes = next.record().json().path("notes");
            assertThat(notes.path("segments-untouched").asString("0"))
                    .as(notes.toString())
                    .isNotEqualTo("0");
            follower.advance(ordinary.consistencyPoint());
            restores(recovery, staging, second, stagingServer, follower);
        }
    }

    private static Manifest backup(Recovery recovery, Deployment source, int number) {
        Ended ended = recovery.backup(source, id(number), Set.of());
        assertThat(ended.failure()).isNull();
        return recovery.catalog().manifest(recovery.catalog().newestSealed().orElseThrow());
    }

    /** The follower was told the identities with every entry that creates anything. */
    private static Map<Namespace, UUID> identities(Follower follower) {
        var identities = new TreeMap<Namespace, UUID>();
        try (Deployment server = follower.server().deployment("follower")) {
            new CatalogReader(server)
                    .read().stream()
                            .filter(shape -> !shape.namespace().isSystem())
                            .forEach(shape -> shape.uuid().ifPresent(uuid -> identities.put(shape.namespace(), uuid)));
        }
        return identities;
    }

    private void requirePlan(Recovery recovery, Manifest made, Manifest base, Follower follower) {
        BackupPlan plan = recovery.catalog().plan(made);
        var identities = new TreeMap<Namespace, UUID>();
        plan.data().forEach(shape -> shape.uuid().ifPresent(uuid -> identities.put(shape.namespace(), uuid)));
        assertThat(identities)
                .as("seed %d", seed)
                .isEqualTo(identities(follower))
                .isNotEmpty();
        assertThat(plan.identity()).isEqualTo(recovery.catalog().plan(base).identity());
        assertThat(plan.at()).isEqualTo(made.consistencyPoint());
        assertThat(plan.synthetic()).isEqualTo(made.synthetic());
        assertThat(plan.collections())
                .extracting(shape -> shape.namespace().database())
                .doesNotContain(CatalogReader.OWN_DATABASE);
    }

    private void restores(Recovery recovery, Deployment staging, BackupId id, MongodServer server, Follower then) {
        requireEqual(recovery.restore(staging, id.value(), "r" + System.nanoTime()), id, staging, server, then);
    }

    private void requireEqual(
            Ended ended, BackupId from, Deployment staging, MongodServer stagingServer, Follower follower) {
        assertThat(ended.failure()).as("seed %d", seed).isNull();
        assertThat(ended.record().outcome()).isEqualTo(Outcome.PASSED);
        assertThat(ended.record().backupId()).contains(from.value());
        follower.assertEqual(stagingServer, "seed %d".formatted(seed));
        new StagingCleaner(staging, new StagingMarker(staging)).clean();
    }

    /** As retention does when their time is over: the base, and every slice that ends before the moment. */
    private static void forget(Recovery recovery, OplogTimeline timeline, Manifest made, OpTime moment) {
        var policy = new RetentionPolicy(1, Map.of(), Duration.ZERO, Duration.ZERO, Duration.ZERO);
        assertThat(recovery.prune(policy, Instant.now()).failure()).isNull();
        assertThat(recovery.prune(policy, Instant.now()).failure()).isNull();
        assertThat(recovery.catalog().ids()).containsExactly(made.id());
        List<OldSlice> old = recovery.catalog().oplog().olderThan(timeline, moment);
        assertThat(old).isNotEmpty();
        old.stream()
                .flatMap(slice -> slice.objects().stream())
                .forEach(recovery.catalog().objects()::delete);
    }

    /** A moment that one entry less would not show, and in no transaction: of such a one the next backup would have to read everything. */
    private static OpTime lastWrite(MongodServer server, OpTime after, OpTime until) {
        List<BsonDocument> entries = HandmadeArchive.entries(server, after, until);
        return entries.reversed().stream()
                .filter(entry ->
                        Set.of("i", "u", "d").contains(entry.getString("op").getValue()))
                .filter(entry -> entry.getString("ns").getValue().startsWith("every."))
                .map(CompactIT::timeOf)
                .filter(moment -> entries.stream().noneMatch(entry -> isBegunBefore(moment, entry)))
                .findFirst()
                .orElseThrow();
    }

    /** Whether an entry ends, or goes on with, a transaction that had an entry at a moment or before it. */
    private static boolean isBegunBefore(OpTime moment, BsonDocument entry) {
        return entry.getString("op").getValue().equals("c")
                && entry.isDocument("prevOpTime")
                && entry.getDocument("prevOpTime").getTimestamp("ts").getValue() != 0
                && OpTime.of(entry.getDocument("prevOpTime").getTimestamp("ts")).compareTo(moment) <= 0
                && timeOf(entry).compareTo(moment) > 0;
    }

    private static OpTime timeOf(BsonDocument entry) {
        return OpTime.of(entry.getTimestamp("ts"));
    }

    /** A collection of several segments that nobody touches any more. */
    private static void calm(MongodServer server) {
        try (MongoClient client = server.client()) {
            client.getDatabase("calm")
                    .getCollection("calm")
                    .insertMany(IntStream.range(0, 400)
                            .mapToObj(i -> new Document("_id", i).append("text", "calm ".repeat(200)))
                            .toList());
        }
    }

    /** Ids sort by time, so these have to be of this day, as those of the command are. */
    private static BackupId id(int number) {
        return BackupId.of(Instant.now(), number);
    }
}
