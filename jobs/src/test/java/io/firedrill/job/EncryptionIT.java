package io.firedrill.job;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.archive.ArchiveKeys;
import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.KeyRing;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.Recipient;
import io.firedrill.archive.ServiceKey;
import io.firedrill.backup.ResumePoint;
import io.firedrill.evidence.Outcome;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.Deployment;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.KmsKey;
import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.KmsServer;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import io.firedrill.testing.SteppedStore;
import io.firedrill.testing.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted backups on real servers: who can read them, who cannot, and what lies in the store. */
class EncryptionIT {
    /** Stands in names, ids and texts of the source; nobody may find it in the store. */
    private static final String CANARY = "canary-7f3a";

    private static MongodServer sourceServer;
    private static MongodServer stagingServer;
    private static Deployment source;
    private static Deployment staging;

    @TempDir
    private Path directory;

    private final TestKeys keys = TestKeys.make();
    private ObjectStore store;
    private Recovery recovery;

    @BeforeAll
    static void start() {
        sourceServer = MongodServer.replicaSet("orders");
        stagingServer = MongodServer.replicaSet("practice");
        source = sourceServer.deployment("source");
        staging = stagingServer.deployment("staging");
        try (MongoClient client = sourceServer.client()) {
            for (String name : List.of("orders", CANARY)) {
                client.getDatabase("shop")
                        .getCollection(name)
                        .insertMany(IntStream.range(0, 1_500)
                                .mapToObj(i -> new Document("_id", CANARY + i)
                                        .append("in", name)
                                        .append("text", CANARY.repeat(20)))
                                .toList());
            }
            client.getDatabase("shop").getCollection("orders").createIndex(new Document(CANARY, 1));
            client.getDatabase("shop")
                    .runCommand(new Document("createUser", CANARY)
                            .append("pwd", CANARY)
                            .append("roles", List.of()));
        }
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
        sourceServer.close();
        stagingServer.close();
    }

    @BeforeEach
    void open() {
        store = ObjectStores.directory(directory.resolve("store"));
        recovery = new Recovery(store).with(keys.ofBackup());
    }

    @AfterEach
    void clean() {
        emptyStaging();
        recovery.close();
        store.close();
    }

    private static void emptyStaging() {
        var marker = new StagingMarker(staging);
        if (marker.read().isPresent()) {
            new StagingCleaner(staging, marker).clean();
        }
    }

    private void requireRestores(String backup) {
        Ended ended = recovery.restore(staging, backup, "restore-" + backup);
        assertThat(ended.failure()).isNull();
        assertThat(ended.record().outcome()).isEqualTo(Outcome.PASSED);
        assertThat(stagingServer.dbHash("shop")).isEqualTo(sourceServer.dbHash("shop"));
        emptyStaging();
    }

    /** Ends one when all of it is stored, and before it is sealed. */
    private void cutABackupOff() {
        BackupId id = Recovery.id(1);
        String parts = "sources/source/backups/%s/part/".formatted(id.value());
        recovery.stopWhen(() -> recovery.catalog()
                .plan(id)
                .filter(plan -> store.list(parts).count() == plan.units().size())
                .isPresent());
        Ended ended = recovery.backup(source, id, Set.of());
        recovery.stopWhen(() -> false);
        assertThat(ended.record().outcome()).isEqualTo(Outcome.ABORTED);
    }

    private Failure refused(ArchiveKeys given) {
        Ended ended = recovery.with(given).restore(staging, Recovery.id(1).value(), "refused");
        assertThat(new StagingMarker(staging).read()).as("nothing was written").isEmpty();
        assertThat(new CatalogReader(staging).databases()).isEmpty();
        return Failure.in(ended.failure()).orElseThrow();
    }

    @Test
    void whoHoldsThePrivateKeyGetsBackWhatWasThere() {
        Manifest manifest = recovery.backup(source, 1);
        assertThat(manifest.keys()).hasSize(1);
        assertThat(manifest.totals().segments()).isGreaterThan(4);
        recovery.with(keys.ofRestore());
        requireRestores("latest");
        assertThat(recovery.verify("latest").failure()).isNull();
    }

    @Test
    void nothingOfTheSourceCanBeFoundInTheStore() throws IOException {
        recovery.backup(source, 1);
        try (Stream<Path> files = Files.walk(directory.resolve("store/sources"))) {
            List<Path> objects = files.filter(Files::isRegularFile).toList();
            assertThat(objects).hasSizeGreaterThan(8);
            for (Path object : objects) {
                assertThat(Files.readString(object, ISO_8859_1))
                        .as(object.toString())
                        .doesNotContain(CANARY);
            }
        }
    }

    @Test
    void whatABackupHoldsOpensNoBackup() {
        recovery.backup(source, 1);
        Failure failure = refused(keys.ofBackup());
        assertThat(failure.kind()).isEqualTo(FailureKind.KEY_MISSING);
        assertThat(failure.hint()).contains("FIREDRILL_PRIVATE_KEYS");
    }

    @Test
    void withoutAStoreKeyNothingIsReadAtAll() {
        recovery.backup(source, 1);
        Failure failure = refused(ArchiveKeys.NONE);
        assertThat(failure.kind()).isEqualTo(FailureKind.KEY_MISSING);
        assertThat(failure.hint()).contains("FIREDRILL_STORE_KEY");
    }

    @Test
    void thePrivateKeyOfSomebodyElseIsNamedAsTheWrongOne() {
        recovery.backup(source, 1);
        Failure failure = refused(keys.rotated().ofRestore());
        assertThat(failure.kind()).isEqualTo(FailureKind.KEY_WRONG);
        assertThat(failure.text()).contains("is wrapped for").contains("the private keys given are of");
    }

    @Test
    void theKeyOfAnotherStoreIsNamedAsTheWrongOne() {
        recovery.backup(source, 1);
        Failure failure = refused(TestKeys.make().ofRestore());
        assertThat(failure.kind()).isEqualTo(FailureKind.KEY_WRONG);
        assertThat(failure.text()).contains("was written with the store key");
    }

    @Test
    void aSecondBackupStoresNothingAgainThoughItCannotReadTheFirst() {
        recovery.backup(source, 1);
        Manifest second = recovery.with(keys.ofBackup()).backup(source, 2);
        assertThat(second.totals().bytesUploaded()).isZero();
        assertThat(second.keys()).hasSize(1);
        recovery.with(keys.ofRestore());
        requireRestores("latest");
    }

    @Test
    void whatABackupThatWasCutOffHadStoredIsUsedByTheNext() {
        cutABackupOff();
        assertThat(recovery.catalog().isSealed(Recovery.id(1))).isFalse();
        assertThat(recovery.catalog().keys().list())
                .as("segments were stored before the cut")
                .hasSize(1);

        Manifest second = recovery.with(keys.ofBackup()).backup(source, 2);
        assertThat(second.totals().segmentsReused()).isPositive();
        assertThat(second.keys()).as("of the one cut off, and its own").hasSize(2);
        recovery.with(keys.ofRestore());
        requireRestores("latest");
    }

    @Test
    void afterARotationTheNewKeyOpensAndTheOldOneDoesNot() {
        recovery.backup(source, 1);
        TestKeys next = keys.rotated();
        KeyRing ring = recovery.with(keys.ofRotationTo(next)).catalog().keys();
        String id = ring.list().getFirst().id();
        assertThat(ring.needsRewrap(id)).isTrue();
        assertThat(ring.rewrap(id)).isTrue();
        assertThat(ring.rewrap(id)).as("again").isFalse();
        assertThat(ring.dropOlder(id)).isEqualTo(1);
        assertThat(ring.list())
                .singleElement()
                .satisfies(key -> assertThat(key.generation()).isEqualTo(1));

        assertThat(refused(keys.ofRestore()).kind()).isEqualTo(FailureKind.KEY_WRONG);
        recovery.with(next.ofRestore());
        requireRestores("latest");
    }

    @Test
    void aBackupForAKeyServiceAndForASafeOpensByEitherOfThem() {
        List<String> arns = KmsServer.keys("backups for keys of AWS KMS");
        var service = new ServiceKey(KmsKey.of(arns.getFirst()));
        var other = new ServiceKey(KmsKey.of(arns.getLast()));
        ArchiveKeys safe = keys.ofRestore();
        List<Recipient> both = List.of(service, keys.ofBackup().recipients().getFirst());
        recovery.with(new ArchiveKeys(safe.store(), both, List.of())).backup(source, 1);

        recovery.with(new ArchiveKeys(safe.store(), List.of(), List.of(service)));
        requireRestores("latest");
        recovery.with(safe);
        requireRestores("latest");
        Failure failure = refused(new ArchiveKeys(safe.store(), List.of(), List.of(other)));
        assertThat(failure.kind()).isEqualTo(FailureKind.KEY_WRONG);
        assertThat(failure.text()).contains(arns.getFirst(), arns.getLast());
    }

    @Test
    void aKeyServiceTakesOverFromAKeyInAFileWithoutASegmentBeingRewritten() {
        recovery.backup(source, 1);
        var service = new ServiceKey(KmsServer.key("rotation to a key of AWS KMS"));
        ArchiveKeys old = keys.ofRestore();
        KeyRing ring = recovery.with(new ArchiveKeys(old.store(), List.of(service), old.opening()))
                .catalog()
                .keys();
        String id = ring.list().getFirst().id();
        assertThat(ring.rewrap(id)).isTrue();
        assertThat(ring.list().getFirst().recipients()).containsExactly(service.fingerprint());
        recovery.with(new ArchiveKeys(old.store(), List.of(), List.of(service)));
        requireRestores("latest");
    }

    @Test
    void aBackupForNewRecipientsDoesNotUseWhatTheyCouldNotOpen() {
        recovery.backup(source, 1);
        Ended ended = recovery.with(keys.rotated().ofBackup()).backup(source, Recovery.id(2), Set.of());
        Failure failure = Failure.in(ended.failure()).orElseThrow();
        assertThat(failure.kind()).isEqualTo(FailureKind.KEY_WRONG);
        assertThat(failure.hint()).contains("firedrill keys rewrap");
    }

    @Test
    void aStoreMayHoldBackupsOfBothKindsWhichShareNoSegment() {
        Manifest plain = recovery.with(ArchiveKeys.NONE).backup(source, 1);
        Manifest encrypted = recovery.with(keys.ofBackup()).backup(source, 2);
        assertThat(encrypted.totals().segmentsReused()).isZero();
        assertThat(plain.keys()).isEmpty();
        recovery.with(keys.ofRestore());
        requireRestores(Recovery.id(1).value());
        requireRestores(Recovery.id(2).value());
    }

    @Test
    void aManifestInTheClearCannotPassOffAFewPartsAsTheBackup() throws IOException {
        Manifest whole = recovery.backup(source, 1);
        Files.delete(directory.resolve(
                "store/" + recovery.catalog().manifestKey(whole.id()).value()));
        new BackupCatalog(store, "source")
                .write(new Manifest(
                        whole.id(),
                        whole.source(),
                        whole.consistencyPoint(),
                        whole.createdAt(),
                        whole.sealedAt(),
                        whole.planSha256(),
                        whole.parts().subList(0, 1),
                        whole.totals(),
                        whole.oplog(),
                        List.of(),
                        Optional.empty()));
        Failure failure = refused(keys.ofRestore());
        assertThat(failure.kind()).isEqualTo(FailureKind.BACKUP_DAMAGED);
        assertThat(failure.text()).contains("which the manifest does not name");
    }

    @Test
    void whatWasCutOffForOtherRecipientsIsNotUsedForThese() {
        cutABackupOff();
        Ended ended = recovery.with(keys.rotated().ofBackup()).backup(source, Recovery.id(2), Set.of());
        assertThat(Failure.in(ended.failure()).orElseThrow().kind()).isEqualTo(FailureKind.KEY_WRONG);
    }

    @Test
    void aBackupBegunInTheClearDoesNotGoOnEncrypted() {
        recovery.with(ArchiveKeys.NONE);
        cutABackupOff();
        assertThat(new ResumePoint(source, recovery.catalog()).find()).contains(Recovery.id(1));
        recovery.with(keys.ofBackup());
        assertThat(new ResumePoint(source, recovery.catalog()).find()).isEmpty();
    }

    @Test
    void aBackupWhoseKeysAreGoneIsNotSealed() {
        var steps = new SteppedStore(store, (operation, key) -> {
            if (operation == SteppedStore.Operation.CREATE && key.contains("/part/")) {
                List<ObjectKey> gone =
                        store.list("sources/source/keys/").map(ObjectInfo::key).toList();
                gone.forEach(store::delete);
            }
        });
        try (var careless = new Recovery(steps).with(keys.ofBackup())) {
            Ended ended = careless.backup(source, Recovery.id(1), Set.of());
            assertThat(Failure.in(ended.failure()).orElseThrow().kind()).isEqualTo(FailureKind.BACKUP_DAMAGED);
            assertThat(careless.catalog().isSealed(Recovery.id(1))).isFalse();
        }
    }
}
