package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firedrill.doctor.Check;
import io.firedrill.storage.Mount;
import io.firedrill.storage.StoreSettings;
import io.firedrill.testing.RecordingServer;
import io.firedrill.testing.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the doctor says of settings, keys and stores that are broken in one way each. */
class DoctorOfStoresIT extends DoctorRoom {
    @Test
    void aSettingThatIsUnknownOrMissingIsNamed() throws IOException {
        call.with("FIREDRILL_STROE", "file:///x");
        JsonNode variable = only(examined(0), "WARN", "firedrill", Check.SETTINGS);
        assertThat(variable.path("seen").asString()).contains("did you mean FIREDRILL_STORE");
        Files.writeString(directory.resolve("firedrill.yaml"), "soruce-name: x\n");
        JsonNode key = only(examined(2), "FAIL", "firedrill", Check.SETTINGS);
        assertThat(key.path("seen").asString()).contains("unknown setting soruce-name");
        Files.writeString(directory.resolve("firedrill.yaml"), "lanes: many\n");
        only(examined(2), "FAIL", "firedrill", Check.SETTINGS);
    }

    @Test
    void aSecretFileThatEverybodyMayReadIsAWarning() throws IOException {
        Path file = Files.writeString(directory.resolve("uri"), RealCall.uri(source, BACKUP));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        call.with("FIREDRILL_SOURCE_URI", "").with("FIREDRILL_SOURCE_URI_FILE", file.toString());
        JsonNode found = only(examined(0), "WARN", "firedrill", Check.SECRETS);
        assertThat(found.path("hint").asString()).contains("chmod o-rwx");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        examined(0, "--strict");
    }

    @Test
    void aKeyOfBackupsThatIsNotThereHidesNothingElse() {
        call.with("FIREDRILL_STORE_KEY", directory.resolve("none").toString());
        List<JsonNode> checks = examined(2);
        JsonNode found = only(checks, "FAIL", "firedrill", Check.SECRETS);
        assertThat(found.path("seen").asString()).contains("cannot be read");
        assertThat(in(checks, "OK")).hasSizeGreaterThan(15);
    }

    @Test
    void theKeyOfAnotherLedgerAndNoKeyAreNamed() throws IOException {
        call.succeed("evidence", "keys", "create", "--out", "keys");
        call.with(
                "FIREDRILL_EVIDENCE_KEY",
                directory.resolve("keys/evidence-private.pem").toString());
        call.succeed("backup");
        assertThat(in(examined(0, "--strict"), "OK"))
                .anySatisfy(each -> assertThat(each.path("seen").asString()).contains("signs ledger"));
        call.with("FIREDRILL_EVIDENCE_KEY", "");
        only(examined(43), "FAIL", "firedrill", Check.EVIDENCE);
        call.succeed("evidence", "keys", "create", "--out", "others");
        call.with(
                "FIREDRILL_EVIDENCE_KEY",
                directory.resolve("others/evidence-private.pem").toString());
        only(examined(43), "FAIL", "firedrill", Check.EVIDENCE);
    }

    @Test
    void aDirectoryThatIsAFileOrReadOnlyOrFullIsNamed() throws IOException {
        call.with(
                "FIREDRILL_STORE",
                Files.createFile(directory.resolve("file")).toUri().toString());
        only(examined(2), "FAIL", "store", Check.REACHABLE);
        Path disk = Files.createDirectories(directory.resolve("disk"));
        try (var mount = new Mount(disk, "size=32m")) {
            assumeTrue(mount.isThere(), "a full and a read-only store: not tested, only root can mount a disk");
            call.with("FIREDRILL_STORE", disk.toUri().toString());
            JsonNode full = only(examined(40), "FAIL", "store", Check.SPACE);
            assertThat(full.path("seen").asString()).contains("MiB free");
            mount.remountReadOnly();
            List<JsonNode> checks = examined(41);
            assertThat(in(checks, "FAIL").getFirst().path("seen").asString()).contains("read-only");
        }
    }

    private StoreSettings bucket(Optional<StoreSettings> found) {
        assumeTrue(found.isPresent(), S3Server.unchecked("what the doctor says of an S3 store"));
        StoreSettings settings = found.orElseThrow();
        call.with("FIREDRILL_STORE", settings.url())
                .with("FIREDRILL_S3_ENDPOINT", settings.s3Endpoint().orElseThrow())
                .with("FIREDRILL_S3_REGION", settings.s3Region().orElseThrow());
        return settings;
    }

    @Test
    void aBucketIsTriedAndLeftAsItWas() {
        StoreSettings settings = bucket(S3Server.freshBucket());
        List<JsonNode> checks = examined(0, "--strict");
        assertThat(in(checks, "OK"))
                .extracting(each -> each.path("subject").asString() + " "
                        + each.path("check").asString())
                .contains("store write", "store checksum", "store clock");
        try (var s3 = S3Server.client(settings)) {
            assertThat(s3.listObjectsV2(list -> list.bucket(settings.url().substring(5)))
                            .contents())
                    .isEmpty();
        }
        call.with("FIREDRILL_EVIDENCE_LOCK", "1d");
        only(examined(2), "FAIL", "store", Check.LOCK);
    }

    @Test
    void aBucketThatIsNotThereOrAsksForAnotherRegionIsNamed() {
        bucket(S3Server.freshBucket());
        call.with("FIREDRILL_S3_REGION", "eu-central-1");
        only(examined(2), "FAIL", "store", Check.REACHABLE);
        call.with("FIREDRILL_S3_REGION", "us-east-1").with("FIREDRILL_STORE", "s3://no-such-" + UUID.randomUUID());
        JsonNode found = only(examined(2), "FAIL", "store", Check.REACHABLE);
        assertThat(found.path("seen").asString()).contains("does not exist");
    }

    /** Whoever answers everything with "done" has no conditional writes; no real server that can be had is like that. */
    @Test
    void aStoreWithoutConditionalWritesIsNamed() {
        try (var careless =
                new RecordingServer().answering(200, "<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>")) {
            call.with("FIREDRILL_STORE", "s3://bucket")
                    .with("FIREDRILL_S3_ENDPOINT", careless.address().toString())
                    .with("FIREDRILL_S3_REGION", "us-east-1");
            withKeys(() -> {
                List<JsonNode> checks = examined(2, "--for", "prune");
                assertThat(in(checks, "FAIL"))
                        .extracting(each -> each.path("check").asString())
                        .contains("write", "checksum");
                assertThat(call.out()).contains("no conditional writes", "If-None-Match");
            });
        }
    }

    @Test
    void aBucketThatMayNotBeReadIsDenied() {
        try (var denying = new RecordingServer().answering(403, "<Error><Code>AccessDenied</Code></Error>")) {
            call.with("FIREDRILL_STORE", "s3://bucket")
                    .with("FIREDRILL_S3_ENDPOINT", denying.address().toString())
                    .with("FIREDRILL_S3_REGION", "us-east-1");
            withKeys(() -> {
                List<JsonNode> checks = examined(41, "--for", "prune");
                assertThat(in(checks, "FAIL").getFirst().path("seen").asString())
                        .contains("AccessDenied");
                assertThat(in(checks, "SKIPPED")).hasSizeGreaterThanOrEqualTo(3);
            });
        }
    }

    /** Where the AWS SDK looks for credentials; what they are does not matter here. */
    private static void withKeys(Runnable work) {
        String[] names = {"aws.accessKeyId", "aws.secretAccessKey"};
        for (String name : names) {
            System.setProperty(name, "any");
        }
        try {
            work.run();
        } finally {
            for (String name : names) {
                System.clearProperty(name);
            }
        }
    }
}
