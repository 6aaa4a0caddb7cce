package io.firedrill.job;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gte;
import static com.mongodb.client.model.Filters.lt;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.ClientSession;
import com.mongodb.client.FindIterable;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Collation;
import com.mongodb.client.model.CreateCollectionOptions;
import com.mongodb.client.model.Updates;
import io.firedrill.archive.ArchiveKeys;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.Segment;
import io.firedrill.backup.KnownSegments;
import io.firedrill.backup.UntouchedRanges;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.RunRecord;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.DeltaLimits;
import io.firedrill.oplog.RecoveryTarget;
import io.firedrill.restore.RestoreSource;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.retention.RetentionPolicy;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import io.firedrill.testing.SpoiledArchive;
import io.firedrill.testing.TestKeys;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A backup that looks up the documents that have changed holds what a whole reading would have, and is proven like one. */
class DeltaIT {
    private static final int DOCUMENTS = 4_000;

    private static MongodServer sourceServer;
    private static MongodServer stagingServer;
    private static MongoClient client;
    private static Deployment source;

    @TempDir
    private Path directory;

    private ObjectStore store;
    private Recovery recovery;
    private MongoCollection<Document> orders;
    private int number;

    @BeforeAll
    static void start() {
        sourceServer = MongodServer.replicaSet("orders");
        stagingServer = MongodServer.replicaSet("practice");
        client = sourceServer.client();
        source = sourceServer.deployment("source");
    }

    @AfterAll
    static void stop() {
        source.close();
        client.close();
        sourceServer.close();
        stagingServer.close();
    }

    @BeforeEach
    void fill() {
        store = ObjectStores.directory(directory);
        recovery = new Recovery(store).deltas(new DeltaLimits(0.1, 0, 100_000));
        client.getDatabase("shop").drop();
        orders = client.getDatabase("shop").getCollection("orders");
        // Even ids, so that there is room between them.
        orders.insertMany(IntStream.range(0, DOCUMENTS)
                .mapToObj(i -> new Document("_id", 2 * i).append("text", "x".repeat(300)))
                .toList());
    }

    @AfterEach
    void close() {
        try (Deployment staging = stagingServer.deployment("staging")) {
            var marker = new StagingMarker(staging);
            if (marker.read().isPresent()) {
                new StagingCleaner(staging, marker).clean();
            }
        }
        recovery.close();
        store.close();
    }

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
        }
    }

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

    /** The same plan for the present moment. */
    private static BackupPlan at(BackupPlan plan) {
        return new BackupPlan(
                plan.id(),
                plan.source(),
                plan.identity(),
                source.fence("now"),
                plan.createdAt(),
                plan.collections(),
                plan.units(),
                plan.excluded());
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

    /** One in a hundred documents, another one each time; one is new and one is gone in each range. */
    private void changeEverywhere(int round) {
        for (int i = round; i < DOCUMENTS; i += 100) {
            orders.updateOne(eq("_id", 2 * i), Updates.set("text", "changed " + round));
            orders.insertOne(new Document("_id", 2 * i + 1).append("new", round));
            orders.deleteOne(eq("_id", 2 * i + 20));
        }
    }

    private static boolean isWriteTo(RawBsonDocument entry, int id) {
        return entry.get("o2") instanceof BsonDocument key
                && key.getNumber("_id").intValue() == id;
    }

    private RunRecord backedUp() {
        Ended ended = recovery.backup(source, Recovery.id(++number), Set.of());
        assertThat(ended.failure()).isNull();
        assertThat(ended.record().outcome()).isEqualTo(Outcome.PASSED);
        return ended.record();
    }

    private void requireRestoresToSource() {
        try (Deployment staging = stagingServer.deployment("staging")) {
            Ended ended =
                    recovery.restore(staging, Recovery.id(number).value(), "restore-" + directory.hashCode() + number);
            assertThat(ended.failure()).isNull();
            requireEqualAndClean(staging);
        }
    }

    private void requireRestoresTo(Predicate<String> changed) {
        try (Deployment staging = stagingServer.deployment("staging");
                MongoClient there = stagingServer.client()) {
            Ended ended =
                    recovery.restore(staging, Recovery.id(number).value(), "restore-" + directory.hashCode() + number);
            assertThat(ended.failure()).isNull();
            assertThat(there.getDatabase("shop").getCollection("orders").distinct("text", String.class))
                    .anyMatch(changed)
                    .allMatch(text -> text.startsWith("x") || changed.test(text));
            new StagingCleaner(staging, new StagingMarker(staging)).clean();
        }
    }

    private static void requireEqualAndClean(Deployment staging) {
        assertThat(stagingServer.dbHash("shop")).isEqualTo(sourceServer.dbHash("shop"));
        new StagingCleaner(staging, new StagingMarker(staging)).clean();
    }

    /** By a query of the test's own and the JDK's digest. */
    private void requireWhatAWholeReadingGives() throws Exception {
        var source = RestoreSource.of(recovery.catalog(), "latest");
        var raw = client.getDatabase("shop").getCollection("orders", RawBsonDocument.class);
        for (Segment segment : segments()) {
            FindIterable<RawBsonDocument> find = raw.find().hint(new Document("_id", 1));
            segment.min().ifPresent(find::min);
            segment.max().ifPresent(find::max);
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            List<BsonValue> ids = new ArrayList<>();
            find.forEach(document -> {
                digest.update(document.getByteBuffer().asNIO());
                ids.add(document.get("_id"));
            });
            assertThat(source.digest(segment))
                    .as("range %s to %s, %d documents", segment.min(), segment.max(), ids.size())
                    .isEqualTo(HexFormat.of().formatHex(digest.digest()));
            assertThat(segment.documentsOfRange()).isEqualTo(ids.size());
        }
    }

    private Path fileOf(Segment object) {
        return directory.resolve(recovery.catalog().segments().keyOf(object).value());
    }

    private List<Segment> segments() {
        return segmentsOf("shop.orders");
    }

    private List<Segment> segmentsOf(String namespace) {
        Manifest manifest = recovery.catalog().manifest(Recovery.id(number));
        var plan = recovery.catalog().plan(manifest);
        return manifest.parts().stream()
                .flatMap(ref -> recovery.catalog().part(manifest, ref).segments().stream())
                .filter(segment -> plan.collections()
                        .get(segment.collection())
                        .namespace()
                        .toString()
                        .equals(namespace))
                .toList();
    }

    private static String note(RunRecord record, String name) {
        return record.json().path("notes").path(name).asString("");
    }

    private static JsonNode check(RunRecord record) {
        return record.json()
                .path("verification")
                .path("checks")
                .valueStream()
                .filter(check -> check.path("id").asString("").equals("untouched"))
                .findFirst()
                .orElseThrow();
    }

    private static long documentsReturned() {
        return client.getDatabase("admin")
                .runCommand(new Document("serverStatus", 1))
                .get("metrics", Document.class)
                .get("document", Document.class)
                .getLong("returned");
    }
}
