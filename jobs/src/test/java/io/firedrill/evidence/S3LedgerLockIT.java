package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.storage.StoreSettings;
import io.firedrill.testing.S3Server;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Evidence under the Object Lock of a real server: the store itself says no to whoever would get rid of it. */
class S3LedgerLockIT {
    private static final Duration DAY = Duration.ofDays(1);
    private static final String CHECKPOINT = "evidence/shop/checkpoints/000000000001.dsse.json";

    private static LedgerWriter writer(ObjectStore store) {
        return new Ledger(store, "shop", Clocks.system())
                .writer(SampleLedger.KEY, Optional.empty(), Optional.of(DAY.multipliedBy(2)));
    }

    private static StoreSettings given(Optional<StoreSettings> bucket) {
        assumeTrue(bucket.isPresent(), S3Server.unchecked("evidence under Object Lock"));
        return bucket.orElseThrow();
    }

    @Test
    void noRecordAndNoCheckpointCanBeDeletedOverwrittenOrUnlocked() {
        StoreSettings bucket = given(S3Server.lockedBucket());
        try (ObjectStore store = ObjectStores.open(bucket);
                S3Client intruder = S3Server.client(bucket)) {
            LedgerWriter writer = writer(store);
            writer.requireOurs();
            LedgerEntry entry = writer.append(SampleLedger.run(0)).entry();
            for (String key : List.of(entry.key(), CHECKPOINT)) {
                assertHeld(intruder, bucket.url().substring("s3://".length()), key);
            }
            LedgerVerdict verdict = new LedgerVerification(new Ledger(store, "shop", Clocks.system())).verify();
            assertThat(verdict.areas()).contains(new LedgerVerdict.Area("locks", 1, 1, List.of()));
        }
    }

    /** Each attempt is refused, and the bytes are there afterwards. */
    private static void assertHeld(S3Client intruder, String bucket, String key) {
        byte[] before = bytes(intruder, bucket, key);
        String version =
                intruder.headObject(head -> head.bucket(bucket).key(key)).versionId();
        Throwable deleted = catchThrowable(() ->
                intruder.deleteObject(delete -> delete.bucket(bucket).key(key).versionId(version)));
        assertThat(deleted).as("deletion of %s", key).isInstanceOf(S3Exception.class);
        Throwable shortened = catchThrowable(() -> intruder.putObjectRetention(put -> put.bucket(bucket)
                .key(key)
                .retention(retention -> retention
                        .mode(ObjectLockRetentionMode.COMPLIANCE)
                        .retainUntilDate(Instant.now().plus(DAY)))));
        assertThat(shortened).as("a shorter lock of %s", key).isInstanceOf(S3Exception.class);
        Throwable overwritten = catchThrowable(() -> intruder.putObject(
                put -> put.bucket(bucket).key(key), RequestBody.fromString("nothing ever happened")));
        assertThat(overwritten).as("another %s", key).isInstanceOf(S3Exception.class);
        assertThat(bytes(intruder, bucket, key)).isEqualTo(before);
    }

    private static byte[] bytes(S3Client client, String bucket, String key) {
        return client.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArray();
    }

    @Test
    void aBucketWithoutObjectLockIsNamedBeforeAnythingIsRun() {
        StoreSettings bucket = given(S3Server.freshBucket());
        try (ObjectStore store = ObjectStores.open(bucket)) {
            Failure failure =
                    catchThrowableOfType(Failure.class, () -> writer(store).requireOurs());
            assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
            assertThat(failure.text()).contains(bucket.url(), "the bucket does not lock objects");
            assertThat(failure.hint()).contains("FIREDRILL_EVIDENCE_LOCK");
        }
    }

    /** It has a record and its key from before anything was to be locked. */
    @Test
    void aLedgerThatIsThereAlreadyIsRefusedBeforeAnythingIsRunOrLockedFromThenOn() {
        StoreSettings plain = given(S3Server.freshBucket());
        try (ObjectStore store = ObjectStores.open(plain)) {
            unlocked(store);
            Failure failure =
                    catchThrowableOfType(Failure.class, () -> writer(store).requireOurs());
            assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
            assertThat(failure.text()).contains("the bucket does not lock objects");
            assertThat(new Ledger(store, "shop", Clocks.system()).files().seqs())
                    .hasSize(1);
        }
        StoreSettings locked = given(S3Server.lockedBucket());
        try (ObjectStore store = ObjectStores.open(locked)) {
            unlocked(store);
            writer(store).requireOurs();
            writer(store).requireOurs();
            assertThat(store.lockedUntil(ObjectKey.of("evidence/shop/lock"))).isPresent();
        }
    }

    private static void unlocked(ObjectStore store) {
        new Ledger(store, "shop", Clocks.system())
                .writer(SampleLedger.KEY, Optional.empty())
                .append(SampleLedger.run(0));
    }
}
