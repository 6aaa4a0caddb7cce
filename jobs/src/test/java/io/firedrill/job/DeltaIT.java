package io.firedrill.job;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.lt;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import com.mongodb.client.model.Collation;
import com.mongodb.client.model.CreateCollectionOptions;
import com.mongodb.client.model.Updates;
import io.firedrill.archive.ArchiveKeys;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.Segment;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.RunRecord;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.RecoveryTarget;
import io.firedrill.restore.StagingMarker;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import io.firedrill.testing.SpoiledArchive;
import io.firedrill.testing.TestKeys;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A backup that looks up the documents that have changed holds what a whole reading would have. */
class DeltaIT extends DeltaFixture {
    @Test
    void changesStrewnOverAllRangesAreLookedUpAndNoRangeIsReadWholeButForTheProof() throws Exception {
        backedUp();
        changeEverywhere(1);

        long before = documentsReturned();
        RunRecord record = backedUp();

        assertThat(documentsReturned() - before)
                .as("documents that the source returned, of %d", DOCUMENTS)
                .isLessThan(DOCUMENTS / 4);
        assertThat(segments())
                .hasSizeGreaterThan(15)
                .allSatisfy(segment -> assertThat(segment.delta()).isPresent());
        assertThat(note(record, "segments-changed"))
                .isEqualTo(Integer.toString(segments().size()));
        assertThat(check(record).path("matched").asInt()).isEqualTo(1);
        Manifest manifest = recovery.catalog().manifest(Recovery.id(number));
        assertThat(segments()).extracting(Segment::at).containsOnly(manifest.consistencyPoint());
        assertThat(manifest.totals().documents()).isEqualTo(orders.countDocuments());
        assertThat(recovery.verify(Recovery.id(number).value()).record().outcome())
                .isEqualTo(Outcome.PASSED);
        requireWhatAWholeReadingGives();
        requireRestoresToSource();
    }

    @Test
    void aDeltaStandsOnAWholeSegmentHoweverManyBackupsThereAreInBetween() throws Exception {
        backedUp();
        List<String> bases = segments().stream().map(Segment::sha256).toList();
        long seed = System.nanoTime();
        System.out.println("deltas on deltas, seed " + seed);
        var random = new Random(seed);
        for (int backup = 0; backup < 4; backup++) {
            for (int i = 0; i < 40; i++) {
                write(random);
            }
            backedUp();
            assertThat(segments()).extracting(Segment::sha256).isEqualTo(bases);
            assertThat(segments())
                    .allSatisfy(segment -> segment.delta()
                            .ifPresent(
                                    delta -> assertThat(delta.object().delta()).isEmpty()));
            requireWhatAWholeReadingGives();
        }
        requireRestoresToSource();
    }

    /** Insert, change and remove, by any number's type, alone and in a transaction. */
    private void write(Random random) {
        int id = random.nextInt(2 * DOCUMENTS + 10) - 5;
        Object sameId = random.nextBoolean() ? id : random.nextBoolean() ? (Object) (long) id : (double) id;
        switch (random.nextInt(4)) {
            case 0 -> orders.deleteOne(eq("_id", sameId));
            case 1 -> {
                orders.deleteOne(eq("_id", sameId));
                orders.insertOne(new Document("_id", sameId).append("new", random.nextInt()));
            }
            case 2 -> {
                try (ClientSession session = client.startSession()) {
                    session.withTransaction(() -> {
                        orders.deleteOne(session, eq("_id", id));
                        orders.insertOne(session, new Document("_id", id).append("in", "transaction"));
                        return 0;
                    });
                }
            }
            default -> orders.updateOne(eq("_id", sameId), Updates.set("n", random.nextInt()));
        }
    }

    @Test
    void aRangeThatHasChangedTooMuchIsReadWholeAndStandsForItself() {
        backedUp();
        changeEverywhere(1);
        backedUp();
        orders.updateMany(lt("_id", 400), Updates.set("n", 1));

        backedUp();

        assertThat(segments().getFirst().delta()).isEmpty();
        assertThat(segments().getLast().delta()).isPresent();
        requireRestoresToSource();
    }

    @Test
    void aRangeOfWhichLittleIsLeftIsReadWhole() {
        backedUp();
        orders.deleteMany(gte("_id", 20));

        backedUp();

        assertThat(segments()).allSatisfy(segment -> assertThat(segment.delta()).isEmpty());
        requireRestoresToSource();
    }

    @Test
    void documentsThatHaveBecomeLargeAreReadWithTheirRange() {
        backedUp();
        orders.updateOne(eq("_id", 14), Updates.set("text", "x".repeat(100_000)));

        backedUp();

        assertThat(segments().getFirst().delta()).isEmpty();
        requireRestoresToSource();
    }

    /** Two in one unit: the first has its delta before the second turns out to need to be read whole. */
    @Test
    void aDeltaMadeBeforeItsUnitWasGivenUpCountsAsUploaded() throws Exception {
        var database = client.getDatabase("shop");
        for (String name : List.of("pair", "twin")) {
            database.getCollection(name)
                    .insertMany(IntStream.range(0, 50)
                            .mapToObj(i -> new Document("_id", i).append("text", "x".repeat(100)))
                            .toList());
        }
        backedUp();
        database.getCollection("pair").updateOne(eq("_id", 7), Updates.set("text", "changed"));
        database.getCollection("twin").updateOne(eq("_id", 7), Updates.set("text", "y".repeat(30_000)));
        long before = bytesOfSegments();

        backedUp();

        Manifest manifest = recovery.catalog().manifest(Recovery.id(number));
        BackupPlan plan = recovery.catalog().plan(manifest);
        assertThat(plan.units())
                .anySatisfy(unit -> assertThat(unit.ranges())
                        .extracting(range -> plan.collections()
                                .get(range.collection())
                                .namespace()
                                .collection())
                        .containsExactly("pair", "twin"));
        assertThat(segmentsOf("shop.pair"))
                .allSatisfy(segment -> assertThat(segment.delta()).isPresent());
        assertThat(segmentsOf("shop.twin"))
                .allSatisfy(segment -> assertThat(segment.delta()).isEmpty());
        assertThat(manifest.totals().bytesUploaded()).isEqualTo(bytesOfSegments() - before);
        requireRestoresToSource();
    }

    private long bytesOfSegments() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> file.toString().contains("/segments/"))
                    .map(Path::toFile)
                    .filter(File::isFile)
                    .mapToLong(File::length)
                    .sum();
        }
    }

    @Test
    void aCollectionWithACollationAndACappedOneHaveNoDeltas() {
        var options = new CreateCollectionOptions()
                .collation(Collation.builder().locale("en").build());
        client.getDatabase("shop").createCollection("words", options);
        client.getDatabase("shop")
                .createCollection(
                        "ring", new CreateCollectionOptions().capped(true).sizeInBytes(1 << 20));
        for (String name : List.of("words", "ring")) {
            client.getDatabase("shop")
                    .getCollection(name)
                    .insertMany(IntStream.range(0, 100)
                            .mapToObj(i -> new Document("_id", "word " + i).append("text", "x".repeat(300)))
                            .toList());
        }
        backedUp();
        for (String name : List.of("words", "ring")) {
            client.getDatabase("shop")
                    .getCollection(name)
                    .updateOne(eq("_id", "word 5"), Updates.set("text", "y".repeat(300)));
        }

        backedUp();

        assertThat(segmentsOf("shop.words"))
                .allSatisfy(segment -> assertThat(segment.delta()).isEmpty());
        assertThat(segmentsOf("shop.ring"))
                .allSatisfy(segment -> assertThat(segment.delta()).isEmpty());
        requireRestoresToSource();
    }

    @Test
    void aBackupThatCannotOpenWhatItWritesMakesNone() {
        var keys = TestKeys.make();
        recovery.with(keys.ofBackup());
        backedUp();
        changeEverywhere(1);

        backedUp();

        assertThat(segments()).allSatisfy(segment -> assertThat(segment.delta()).isEmpty());
        recovery.with(keys.ofRestore());
        requireRestoresToSource();
    }

    @Test
    void aStoreThatIsEncryptedFromNowOnTakesNothingOverFromDeltasInTheClear() {
        backedUp();
        changeEverywhere(1);
        backedUp();
        var keys = TestKeys.make();
        recovery.with(keys.ofBackup());

        backedUp();

        assertThat(segments()).allSatisfy(segment -> {
            assertThat(segment.delta()).isEmpty();
            assertThat(segment.sealed()).isPresent();
        });
        recovery.with(keys.ofRestore());
        requireRestoresToSource();
        recovery.with(ArchiveKeys.NONE);
    }

    /** What somebody asks of a server by applyOps is in the oplog as it was asked, not as it came about. */
    @Test
    void rangesThatApplyOpsWasUsedOnAreReadWhole() {
        backedUp();
        client.getDatabase("admin").runCommand(Document.parse("""
                {applyOps: [{op: 'i', ns: 'shop.orders', o: {_id: 14, text: 'replaced'}},
                            {op: 'd', ns: 'shop.orders', o: {_id: 1999999}}]}
                """));

        backedUp();

        assertThat(segments()).allSatisfy(segment -> assertThat(segment.delta()).isEmpty());
        requireRestoresToSource();
    }

    @Test
    void theArchiveIsReplayedOnTopOfDeltas() {
        SpoiledArchive archive = SpoiledArchive.begun(recovery.catalog().oplog(), source);
        backedUp();
        changeEverywhere(1);
        archive.advance();
        backedUp();
        changeEverywhere(2);
        orders.deleteOne(eq("_id", 2));
        OpTime end = source.fence("end");
        archive.advance();

        try (Deployment staging = stagingServer.deployment("staging")) {
            Ended ended = recovery.restoreTo(staging, new RecoveryTarget.At(end), "replayed-" + directory.hashCode());

            assertThat(ended.failure()).isNull();
            assertThat(ended.record().json().path("backup").toString())
                    .contains(Recovery.id(number).value());
            requireEqualAndClean(staging);
            JsonNode whole = ended.record().json().path("verification");
            JsonNode resumed = resumed(staging, end).json().path("verification");
            assertThat(resumed.path("collections")).isEqualTo(whole.path("collections"));
            assertThat(resumed.path("stateSha256").asString())
                    .isEqualTo(whole.path("stateSha256").asString());
        }
    }

    /** Cut off when its replay has begun, and gone on with: what it states of what was loaded is the same. */
    private RunRecord resumed(Deployment staging, OpTime end) {
        var marker = new StagingMarker(staging);
        var looks = new AtomicInteger();
        String runId = "resumed-" + directory.hashCode();
        recovery.stopWhen(() -> marker.isReplaying() && looks.incrementAndGet() > 1);
        Ended stopped = recovery.restoreTo(staging, new RecoveryTarget.At(end), runId);
        recovery.stopWhen(() -> false);
        assertThat(stopped.failure()).isNotNull();
        assertThat(marker.isReplaying()).isTrue();
        Ended ended = recovery.restoreTo(staging, new RecoveryTarget.At(end), runId);
        assertThat(ended.failure()).isNull();
        assertThat(note(ended.record(), "resumed")).contains("the replay of an attempt that was cut off");
        requireEqualAndClean(staging);
        return ended.record();
    }
}
