package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import io.firedrill.archive.ArchiveKeys;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Manifest;
import io.firedrill.backup.ResumePoint;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.RecoveryTarget;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.Compacting;
import io.firedrill.testing.Compacting.Compacted;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.OplogArchiving;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import io.firedrill.testing.SteppedStore;
import io.firedrill.testing.TestKeys;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a compaction does not make, does not carry over, or does not make the first time; and what it makes with keys. */
class CompactFailuresIT {
    private static MongodServer sourceServer;
    private static MongodServer stagingServer;
    private static Deployment source;
    private static Deployment staging;

    @TempDir
    private Path directory;

    private final AtomicBoolean full = new AtomicBoolean();
    private ObjectStore store;
    private Recovery recovery;
    private Compacting compacting;

    @BeforeAll
    static void start() {
        sourceServer = MongodServer.replicaSet("source");
        stagingServer = MongodServer.replicaSet("staging");
        source = sourceServer.deployment("source");
        staging = stagingServer.deployment("staging");
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
        sourceServer.close();
        stagingServer.close();
    }

    /** A base, and an archive that goes on from it. */
    @BeforeEach
    void aBackup() {
        store = new SteppedStore(ObjectStores.directory(directory.resolve("store")), (operation, key) -> {
            if (full.get() && operation == SteppedStore.Operation.CREATE && key.contains("/segments/")) {
                throw new Failure(FailureKind.STORE_FULL, "no room", "Make room.");
            }
        });
        recovery = new Recovery(store);
        compacting = new Compacting(recovery, directory.resolve("room"));
        insert(0);
        archive();
        recovery.backup(source, 1);
        insert(1_000);
    }

    @AfterEach
    void close() {
        try (MongoClient client = sourceServer.client()) {
            client.getDatabase("shop").drop();
            client.getDatabase("shop").runCommand(new Document("dropAllUsersFromDatabase", 1));
        }
        recovery.close();
        store.close();
    }

    private void archive() {
        OplogArchiving.once(store, OplogArchiving.Reading.of(source));
    }

    private static void insert(int first) {
        try (MongoClient client = sourceServer.client()) {
            orders(client)
                    .insertMany(IntStream.range(first, first + 300)
                            .mapToObj(i -> new Document("_id", i).append("text", "order ".repeat(100)))
                            .toList());
        }
    }

    private static MongoCollection<Document> orders(MongoClient client) {
        return client.getDatabase("shop").getCollection("orders");
    }

    private void requireRestores(BackupId id) {
        Ended ended = recovery.restore(staging, id.value(), "restore-" + id);
        assertThat(ended.failure()).isNull();
        assertThat(stagingServer.dbHash("shop")).isEqualTo(sourceServer.dbHash("shop"));
        new StagingCleaner(staging, new StagingMarker(staging)).clean();
    }

    private static Failure failure(Compacted compacted) {
        return Failure.in(compacted.ended().failure()).orElseThrow();
    }

    @Test
    void oneThatFailsWhileItDumpsLeavesNoBackupAndTheNextOneEndsWell() {
        archive();
        full.set(true);
        Compacted failed = compacting.run(new RecoveryTarget.Latest());
        full.set(false);

        assertThat(failure(failed).kind()).isEqualTo(FailureKind.STORE_FULL);
        BackupId cutOff = failed.id().orElseThrow();
        assertThat(recovery.catalog().isSealed(cutOff)).isFalse();
        assertThat(recovery.catalog().plan(cutOff))
                .as("it had come to its plan")
                .isPresent();
        assertThat(recovery.catalog().newestSealed()).contains(Recovery.id(1));
        assertThat(new ResumePoint(source, recovery.catalog()).find())
                .as("an ordinary backup must not go on with what was read from a copy")
                .isEmpty();

        Manifest made = compacting.made(new RecoveryTarget.Latest());
        assertThat(made.id()).isNotEqualTo(cutOff);
        requireRestores(made.id());
    }

    @Test
    void aMomentThatIsABackupsAlreadyNeedsNone() {
        archive();
        Manifest made = compacting.made(new RecoveryTarget.Latest());
        Compacted again = compacting.run(new RecoveryTarget.At(made.consistencyPoint()));

        assertThat(again.ended().failure()).isNull();
        assertThat(again.id()).isEmpty();
        assertThat(recovery.catalog().ids()).containsExactly(Recovery.id(1), made.id());
        assertThat(again.ended().record().json().at("/result/verdict").asString())
                .isEqualTo("PASSED");
    }

    @Test
    void aSyntheticBackupIsFoldedOnAndReusesWhatHasNotChanged() {
        archive();
        Manifest first = compacting.made(new RecoveryTarget.Latest());
        insert(2_000);
        archive();
        Manifest second = compacting.made(new RecoveryTarget.Latest());

        assertThat(second.synthetic().orElseThrow().base()).isEqualTo(first.id());
        assertThat(second.synthetic().orElseThrow().from()).isEqualTo(first.consistencyPoint());
        assertThat(second.totals().segmentsReused()).isPositive();
        assertThat(second.id()).isGreaterThan(first.id());
        requireRestores(second.id());
    }

    @Test
    void changedUsersAreLeftOutWithTheReasonAndUnchangedOnesAreCarriedOver() {
        createUser("before");
        BackupId base = recovery.backup(source, 2).id();
        insert(2_000);
        archive();
        Manifest carried = compacting.made(new RecoveryTarget.Latest());
        assertThat(carried.synthetic().orElseThrow().base()).isEqualTo(base);
        assertThat(recovery.catalog().plan(carried).collections())
                .anyMatch(shape -> shape.namespace().isAccess());

        createUser("after");
        archive();
        Manifest without = compacting.made(new RecoveryTarget.Latest());
        assertThat(recovery.catalog().plan(without).collections())
                .noneMatch(shape -> shape.namespace().isAccess());
        assertThat(recovery.catalog().plan(without).excluded())
                .filteredOn(left -> left.namespace().equals("admin.system.users"))
                .singleElement()
                .satisfies(left -> assertThat(left.reason()).startsWith("users or roles were changed at "));
        Ended refused = recovery.restoreWithUsers(staging, without.id().value(), "without");
        assertThat(Failure.in(refused.failure()).orElseThrow().text())
                .contains("was made without users or roles: admin.system.roles: users or roles were changed at ");
        requireRestores(without.id());
    }

    @Test
    void usersThatCameAfterABaseWithoutAnyAreNamedTooAndABaseThatNeedsAReplicaSetIsRefused() {
        createUser("after");
        archive();
        Manifest made = compacting.made(new RecoveryTarget.Latest());
        assertThat(recovery.catalog().plan(made).excluded())
                .extracting(BackupPlan.Excluded::namespace)
                .contains("admin.system.users", "admin.system.roles");

        try (MongoClient client = sourceServer.client()) {
            client.getDatabase("shop").runCommand(BsonDocument.parse("""
                            {create: 'secret', encryptedFields: {escCollection: 'enxcol_.s.esc', ecocCollection: 'enxcol_.s.ecoc',
                             eccCollection: 'enxcol_.s.ecc', fields: [{keyId: {$binary: {base64: 'AAAAAAAAAAAAAAAAAAAAAA==', subType: '04'}},
                             path: 'x', bsonType: 'string', queries: {queryType: 'equality'}}]}}"""));
        }
        archive();
        // By an oplog entry a standalone does take it; a base that has it cannot be loaded there.
        Manifest with = compacting.made(new RecoveryTarget.Latest());
        requireRestores(with.id());
        insert(2_000);
        archive();
        Failure refused = failure(compacting.run(new RecoveryTarget.Latest()));
        assertThat(refused.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(refused.text()).contains("is a standalone, and takes no collection with queryable encryption");
    }

    private static void createUser(String name) {
        try (MongoClient client = sourceServer.client()) {
            client.getDatabase("shop")
                    .runCommand(new Document("createUser", name)
                            .append("pwd", "secret")
                            .append("roles", List.of("read")));
        }
    }

    @Test
    void aChangedCompatibilityVersionAndAnEmptySourceAreRefused() {
        OpTime before = source.fence("before");
        try (MongoClient client = sourceServer.client()) {
            client.getDatabase("shop").drop();
            OpTime empty = source.fence("empty");
            client.getDatabase("admin").runCommand(Document.parse("{setFeatureCompatibilityVersion: '5.0'}"));
            client.getDatabase("admin").runCommand(Document.parse("{setFeatureCompatibilityVersion: '6.0'}"));
            archive();
            Failure nothing = failure(compacting.run(new RecoveryTarget.At(empty)));
            assertThat(nothing.kind()).isEqualTo(FailureKind.SOURCE_UNSUITABLE);
            assertThat(nothing.text()).contains("held no collection to back up at " + empty);
        }
        Compacted refused = compacting.run(new RecoveryTarget.Latest());
        assertThat(failure(refused).kind()).isEqualTo(FailureKind.SOURCE_UNSUITABLE);
        assertThat(failure(refused).text()).contains("feature compatibility version was changed at ");
        assertThat(refused.id()).isEmpty();
        assertThat(compacting.made(new RecoveryTarget.At(before)).consistencyPoint())
                .isEqualTo(before);
    }

    @Test
    void anEncryptedArchiveIsCompactedIntoAnEncryptedBackup() {
        var keys = TestKeys.make();
        recovery.with(keys.ofCompaction());
        createUser("before");
        recovery.backup(source, 2);
        insert(2_000);
        archive();
        Manifest made = compacting.made(new RecoveryTarget.Latest());

        assertThat(made.keys()).isNotEmpty();
        assertThat(made.synthetic().orElseThrow().base()).isEqualTo(Recovery.id(2));
        recovery.with(keys.ofRestore());
        requireRestores(made.id());
        recovery.with(ArchiveKeys.NONE);
        Failure locked = Failure.in(
                        recovery.restore(staging, made.id().value(), "locked").failure())
                .orElseThrow();
        assertThat(locked.kind()).isEqualTo(FailureKind.KEY_MISSING);
    }

    @Test
    void aBaseInTheClearBecomesAnEncryptedBackupWithAllThatItHas() {
        createUser("before");
        recovery.backup(source, 2);
        insert(2_000);
        archive();
        var keys = TestKeys.make();
        recovery.with(keys.ofCompaction());
        Manifest made = compacting.made(new RecoveryTarget.Latest());

        assertThat(made.parts())
                .flatExtracting(ref -> recovery.catalog().part(made, ref).segments())
                .isNotEmpty()
                .allSatisfy(segment -> assertThat(segment.sealed()).isPresent());
        recovery.with(keys.ofRestore());
        Ended ended = recovery.restoreWithUsers(staging, made.id().value(), "r");
        assertThat(ended.failure()).isNull();
        new StagingCleaner(staging, new StagingMarker(staging)).clean();
    }
}
