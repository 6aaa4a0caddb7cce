package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.MongoClient;
import io.firedrill.runner.RealCall.Told;
import io.firedrill.storage.Mount;
import io.firedrill.storage.StoreSettings;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkGlobalTime;

/** What a person reads when the store is not there, full, somebody else's, or does not believe our clock. */
class StoreErrorsIT {
    private static final int BYTES = 3 << 20;

    private static MongodServer source;

    @TempDir
    Path directory;

    private RealCall call;

    @BeforeAll
    static void start() {
        source = MongodServer.replicaSet("orders");
        byte[] noise = new byte[BYTES];
        new Random(1).nextBytes(noise);
        try (MongoClient client = source.client()) {
            client.getDatabase("shop")
                    .getCollection("noise")
                    .insertOne(new Document("_id", 1).append("does not compress", noise));
        }
    }

    @AfterAll
    static void stop() {
        source.close();
    }

    @BeforeEach
    void call() {
        call = new RealCall(directory).with("FIREDRILL_SOURCE_URI", source.uri());
    }

    @AfterEach
    void forgetTheClock() {
        SdkGlobalTime.setGlobalTimeOffset(0);
    }

    private Told failIn(Path store, int code) {
        return call.with("FIREDRILL_STORE", store.toUri().toString()).fail(code, "backup");
    }

    @Test
    void aFullDiskIsNamedAndTheBackupGoesOnOnceThereIsRoom() throws Exception {
        Path disk = Files.createDirectories(directory.resolve("disk"));
        try (var mount = new Mount(disk, "size=1m")) {
            assumeTrue(
                    mount.isThere(), "a full file: store at the command: not tested, only root can mount a tiny disk");
            Told told = failIn(disk.resolve("store"), 40);
            assertThat(told.message()).contains("no space left", "file://" + disk);
            assertThat(told.hint()).contains("Make room");
            mount.remount("size=16m");
            call.succeed("backup");
            call.succeed("verify");
        }
    }

    @Test
    void aReadOnlyDiskIsDenied() throws Exception {
        Path disk = Files.createDirectories(directory.resolve("disk"));
        try (var mount = new Mount(disk, "size=16m")) {
            assumeTrue(
                    mount.isThere(), "a read-only file: store at the command: not tested, only root can mount a disk");
            call.with("FIREDRILL_STORE", disk.toUri().toString()).succeed("backup");
            mount.remountReadOnly();
            Told told = failIn(disk, 41);
            assertThat(told.message()).contains("read-only", "file://" + disk, "no record of the run");
            assertThat(told.hint()).contains("right to read and write");
            call.succeed("status");
        }
    }

    @Test
    void aStoreThatIsAFileIsNoStore() throws IOException {
        Told told = failIn(Files.createFile(directory.resolve("file")), 2);
        assertThat(told.message()).contains("directory");
        assertThat(told.hint()).contains("Point the store's URL at a directory");
    }

    @Test
    void aStoreThatIsNotThereHoldsNothingToRestore() {
        call.with("FIREDRILL_STAGING_URI", source.uri());
        Told told = call.fail(2, "restore", "--confirm", "orders");
        assertThat(told.message()).contains("holds backups of no source");
        assertThat(told.hint()).contains("check FIREDRILL_STORE");
    }

    private StoreSettings s3() {
        Optional<StoreSettings> bucket = S3Server.freshBucket();
        assumeTrue(bucket.isPresent(), S3Server.unchecked("what a backup says of a wrong S3 store"));
        StoreSettings settings = bucket.orElseThrow();
        call.with("FIREDRILL_STORE", settings.url())
                .with("FIREDRILL_S3_ENDPOINT", settings.s3Endpoint().orElseThrow())
                .with("FIREDRILL_S3_REGION", settings.s3Region().orElseThrow());
        return settings;
    }

    @Test
    void aBucketThatIsNotThereIsNamed() {
        s3();
        String bucket = "no-such-" + UUID.randomUUID();
        Told told = call.with("FIREDRILL_STORE", "s3://" + bucket + "/prefix").fail(2, "backup");
        assertThat(told.message()).contains("bucket '" + bucket + "' does not exist");
        assertThat(told.hint()).contains("Create the bucket");
    }

    @Test
    void aWrongRegionIsNamed() {
        s3();
        Told told = call.with("FIREDRILL_S3_REGION", "eu-central-1").fail(2, "backup");
        assertThat(told.message()).contains("region 'eu-central-1'");
        assertThat(told.hint()).contains("FIREDRILL_S3_REGION");
    }

    @Test
    void aWrongKeyIsDeniedAndNeverRepeated() {
        s3();
        try (var _ = new AwsKeys("AKID" + RealCall.SECRET, RealCall.SECRET)) {
            Told told = call.fail(41, "backup");
            assertThat(told.hint()).contains("key");
        }
    }

    @Test
    void aClockThatIsFarOffIsDenied() {
        s3();
        SdkGlobalTime.setGlobalTimeOffset(2 * 60 * 60);
        Told told = call.fail(41, "backup");
        assertThat(told.hint()).contains("clock");
    }

    /** Keys where the AWS SDK looks first; what stood there before comes back. */
    private static final class AwsKeys implements AutoCloseable {
        private static final String ACCESS = "aws.accessKeyId";
        private static final String SECRET = "aws.secretAccessKey";

        private final Optional<String> access = Optional.ofNullable(System.getProperty(ACCESS));
        private final Optional<String> secret = Optional.ofNullable(System.getProperty(SECRET));

        AwsKeys(String access, String secret) {
            System.setProperty(ACCESS, access);
            System.setProperty(SECRET, secret);
        }

        @Override
        public void close() {
            restore(ACCESS, access);
            restore(SECRET, secret);
        }

        private static void restore(String name, Optional<String> value) {
            value.ifPresentOrElse(before -> System.setProperty(name, before), () -> System.clearProperty(name));
        }
    }
}
