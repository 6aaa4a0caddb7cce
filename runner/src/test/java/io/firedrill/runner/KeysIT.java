package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.testing.KmsServer;
import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Encrypted backups as the command line makes, restores and rotates them. */
class KeysIT {
    private static MongodServer source;
    private static MongodServer staging;

    @TempDir
    Path directory;

    private RealCall call;
    private Path keys;

    @BeforeAll
    static void start() {
        source = MongodServer.replicaSet("orders");
        staging = MongodServer.replicaSet("practice");
        try (MongoClient client = source.client()) {
            client.getDatabase("shop")
                    .getCollection("orders")
                    .insertMany(IntStream.range(0, 200)
                            .mapToObj(i -> new Document("_id", i))
                            .toList());
        }
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
    }

    @BeforeEach
    void call() {
        keys = directory.resolve("keys");
        call = new RealCall(directory)
                .with("FIREDRILL_SOURCE_URI", source.uri())
                .with("FIREDRILL_STAGING_URI", staging.uri());
    }

    private JsonNode json(String... arguments) {
        var all = new java.util.ArrayList<>(java.util.List.of(arguments));
        all.addAll(java.util.List.of("--output", "json"));
        call.succeed(all.toArray(String[]::new));
        return JsonMapper.shared().readTree(call.out());
    }

    private void backUp() {
        call.succeed("keys", "create", "--out", "keys");
        call.with("FIREDRILL_STORE_KEY", keys.resolve("store.key").toString());
        call.succeed("backup", "--recipients", keys.resolve("public.pem").toString());
    }

    @Test
    void fromNewKeysToAProvenCopy() throws IOException {
        backUp();
        assertThat(Desk.record(directory.resolve("store/evidence/default/000000000001.dsse.json"))
                        .toString())
                .contains("AES256_GCM_HKDF_1MB, keys ");
        assertThat(call.fail(43, "restore", "--confirm", "practice").message()).contains("no private key was given");
        call.succeed(
                "restore",
                "--confirm",
                "practice",
                "--private-keys",
                keys.resolve("private.pem").toString());
        assertThat(staging.dbHash("shop")).isEqualTo(source.dbHash("shop"));
        call.succeed("staging", "clean", "--confirm", "practice");

        assertThat(call.fail(2, "backup").message())
                .isEqualTo("store-key is set, and recipients are not: the backup would not be encrypted");
        call.with("FIREDRILL_STORE_KEY", "");
        assertThat(call.fail(43, "status").hint()).contains("FIREDRILL_STORE_KEY");
        assertThat(call.fail(
                                2,
                                "backup",
                                "--recipients",
                                keys.resolve("public.pem").toString())
                        .message())
                .isEqualTo("recipients are set, and store-key is not");
    }

    @Test
    void aKeyOfAwsKmsMakesAProvenCopyAndOnlyItsArnIsWrittenAnywhere() {
        String arn = KmsServer.key("the command line with a key of AWS KMS").name();
        call.succeed("keys", "create", "--out", "keys");
        call.with("FIREDRILL_STORE_KEY", keys.resolve("store.key").toString());
        call.succeed("backup", "--recipients", "aws-kms:" + arn);
        assertThat(json("keys", "list").at("/keys/0/recipients/0").asString()).isEqualTo(arn);
        assertThat(call.fail(
                                43,
                                "restore",
                                "--confirm",
                                "practice",
                                "--private-keys",
                                keys.resolve("private.pem").toString())
                        .message())
                .contains(arn);
        call.succeed("restore", "--confirm", "practice", "--private-keys", "aws-kms:" + arn);
        assertThat(staging.dbHash("shop")).isEqualTo(source.dbHash("shop"));
        call.succeed("staging", "clean", "--confirm", "practice");
        assertThat(call.fail(2, "backup", "--recipients", "aws-kms:alias/backups")
                        .message())
                .isEqualTo("'alias/backups' is not the ARN of a key of AWS KMS");
    }

    @Test
    void keysAreHiddenAndNeverOverwritten() throws IOException {
        call.succeed("keys", "create", "--out", "keys");
        for (String name : new String[] {"store.key", "private.pem"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys.resolve(name))))
                    .isEqualTo("rw-------");
            assertThat(call.out())
                    .doesNotContain(Files.readAllLines(keys.resolve(name)).get(1));
        }
        String before = Files.readString(keys.resolve("store.key"));
        assertThat(call.fail(2, "keys", "create", "--out", "keys").message()).contains("store.key cannot be written");
        assertThat(Files.readString(keys.resolve("store.key"))).isEqualTo(before);
    }

    @Test
    void aKeyThatEverybodyMayReadIsRefused() throws IOException {
        backUp();
        Files.setPosixFilePermissions(keys.resolve("store.key"), PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(call.fail(2, "status").message()).contains("everybody on this machine may read the key file");
    }

    @Test
    void aRotationIsRehearsedDoneAndRecorded() {
        backUp();
        call.succeed("keys", "create", "--out", "next");
        String[] rewrap = {
            "keys",
            "rewrap",
            "--recipients",
            directory.resolve("next/public.pem").toString(),
            "--private-keys",
            keys.resolve("private.pem").toString(),
            "--drop-older"
        };
        call.succeed("keys", "rewrap", rewrap[2], rewrap[3], "--dry-run");
        assertThat(call.out()).contains("would be wrapped anew");
        assertThat(json("keys", "list").at("/keys/0/generation").asInt()).isZero();

        JsonNode done = json(rewrap);
        assertThat(done.at("/keys/0/generation").asInt()).isEqualTo(1);
        assertThat(done.at("/dropped").asInt()).isEqualTo(1);
        assertThat(done.at("/record").asString()).startsWith("evidence/default/");
        call.succeed(rewrap);
        assertThat(call.out()).doesNotContain("wrapped anew");
        assertThat(call.fail(2, "keys", "rewrap").message()).isEqualTo("recipients are not set");

        assertThat(call.fail(
                                43,
                                "drill",
                                "--confirm",
                                "practice",
                                "--private-keys",
                                keys.resolve("private.pem").toString())
                        .message())
                .contains("is wrapped for");
        call.succeed(
                "drill",
                "--confirm",
                "practice",
                "--private-keys",
                directory.resolve("next/private.pem").toString());
    }
}
