package io.firedrill.job;

import static com.mongodb.client.model.Filters.eq;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.model.Updates;
import io.firedrill.archive.Segment;
import io.firedrill.backup.KnownSegments;
import io.firedrill.backup.UntouchedRanges;
import io.firedrill.evidence.Outcome;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.Deployment;
import io.firedrill.oplog.DeltaLimits;
import io.firedrill.restore.StagingMarker;
import io.firedrill.retention.RetentionPolicy;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import io.firedrill.testing.SpoiledArchive;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.BsonInt32;
import org.junit.jupiter.api.Test;

/** What is spoiled, hidden, deleted or cut off beside deltas is found, as it is beside whole segments. */
class DeltaFailuresIT extends DeltaFixture {
    @Test
    void aTamperedBaseAndATamperedDeltaAreRefusedBeforeTheFirstWrite() throws Exception {
        backedUp();
        changeEverywhere(1);
        backedUp();
        Segment segment = segments().get(3);
        try (Deployment staging = stagingServer.deployment("staging")) {
            for (Segment object : segment.objects()) {
                Path file = fileOf(object);
                byte[] good = Files.readAllBytes(file);
                byte[] bad = good.clone();
                bad[bad.length / 2] ^= 1;
                Files.write(file, bad);

                Ended ended = recovery.restore(staging, "latest", "tampered-" + object.sha256());

                assertThat(Failure.in(ended.failure()).map(Failure::kind)).contains(FailureKind.BACKUP_DAMAGED);
                assertThat(recovery.verify("latest").failure()).hasMessageContaining(object.sha256());
                assertThat(new StagingMarker(staging).read()).isEmpty();
                assertThat(new CatalogReader(staging).databases()).isEmpty();
                Files.write(file, good);
            }
        }
        requireRestoresToSource();
    }

    @Test
    void aBaseThatOnlyDeltasReferToOutlivesTheBackupThatWroteIt() {
        var keepOne = new RetentionPolicy(1, Map.of(), Duration.ZERO, Duration.ofDays(2), Duration.ZERO);
        backedUp();
        changeEverywhere(1);
        backedUp();
        changeEverywhere(2);
        backedUp();
        Instant now = Instant.parse("2026-06-01T00:00:00Z");
        assertThat(recovery.prune(keepOne, now).failure()).isNull();
        assertThat(recovery.prune(keepOne, now.plus(Duration.ofDays(1))).failure())
                .isNull();
        assertThat(recovery.prune(keepOne, now.plus(Duration.ofDays(3))).failure())
                .isNull();

        assertThat(recovery.catalog().ids()).containsExactly(Recovery.id(number));
        Set<String> needed = new HashSet<>();
        segments().forEach(segment -> segment.objects().forEach(object -> needed.add(object.address())));
        assertThat(recovery.catalog().objects().segments().keySet()).containsAll(needed);
        requireRestoresToSource();
    }

    @Test
    void aBackupThatWasCutOffGoesOnWithItsDeltas() {
        backedUp();
        changeEverywhere(1);
        var looks = new AtomicInteger();
        recovery.stopWhen(() -> looks.incrementAndGet() > 25);
        Ended stopped = recovery.backup(source, Recovery.id(++number), Set.of());
        assertThat(stopped.failure()).isNotNull();
        int done = recovery.catalog().objects().unitsDone(Recovery.id(number)).size();
        recovery.stopWhen(() -> false);
        changeEverywhere(2);

        Ended ended = recovery.backup(source, Recovery.id(number), Set.of());

        assertThat(ended.failure()).as("after %d units", done).isNull();
        assertThat(segments()).allSatisfy(segment -> assertThat(segment.delta()).isPresent());
        requireRestoresTo(text -> text.equals("changed 1"));
    }

    /** Between the range's known changes, one that the oplog does not show. */
    @Test
    void aChangeHiddenBesideKnownOnesIsFoundByTheProofAndNothingIsTrustedFromThenOn() {
        SpoiledArchive archive = SpoiledArchive.begun(recovery.catalog().oplog(), source);
        backedUp();
        orders.updateOne(eq("_id", 8), Updates.set("n", 1));
        orders.updateOne(eq("_id", 14), Updates.set("n", 1));
        archive.advance(entry -> !isWriteTo(entry, 14), 1);
        recovery.rereading(1);

        Ended caught = recovery.backup(source, Recovery.id(++number), Set.of());

        assertThat(caught.failure()).isNull();
        assertThat(caught.record().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(check(caught.record()).path("detail").asString("")).contains("1 of", "shop.orders");
        assertThat(note(caught.record(), "segments-changed")).isEqualTo("0");
        assertThat(segments()).allSatisfy(segment -> assertThat(segment.delta()).isEmpty());
        assertThat(recovery.catalog().doubts().standing()).containsOnlyKeys(Recovery.id(number));
        requireRestoresToSource();
    }

    /** Without the proof the sabotage would do harm: else the test above would test nothing. */
    @Test
    void aHiddenChangeWouldOtherwiseBeLost() {
        SpoiledArchive archive = SpoiledArchive.begun(recovery.catalog().oplog(), source);
        backedUp();
        List<Segment> before = segments();
        orders.updateOne(eq("_id", 8), Updates.set("n", 1));
        orders.updateOne(eq("_id", 14), Updates.set("n", 1));
        archive.advance(entry -> !isWriteTo(entry, 14), 1);

        var plan = recovery.catalog().plan(recovery.catalog().manifest(Recovery.id(number)));
        var found = new UntouchedRanges(
                        source,
                        recovery.catalog(),
                        KnownSegments.of(recovery.catalog()),
                        new DeltaLimits(0.1, 0, 100_000),
                        () -> {})
                .of(at(plan));

        assertThat(found.deltas().values()).singleElement().satisfies(delta -> {
            assertThat(delta.base().sha256()).isEqualTo(before.getFirst().sha256());
            assertThat(delta.ids()).containsExactly(new BsonInt32(8));
        });
    }

    @Test
    void aBaseThatHasRottedInTheStoreIsFoundByTheProofAndNotBuiltOn() throws Exception {
        backedUp();
        Path file = fileOf(segments().getFirst());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        orders.updateOne(eq("_id", 8), Updates.set("n", 1));
        recovery.rereading(1);

        Ended caught = recovery.backup(source, Recovery.id(++number), Set.of());

        assertThat(caught.record().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(segments()).allSatisfy(segment -> assertThat(segment.delta()).isEmpty());
        requireRestoresToSource();
    }
}
