package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.evidence.HandmadeRuns;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.SigningKey;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A store whose records a test writes by hand: backups, and what runs said of them. */
abstract class HandmadeStore {
    static final Duration HOUR = Duration.ofHours(1);

    final Instant now = InstantSource.system().instant().truncatedTo(ChronoUnit.HOURS);
    final SigningKey key = SigningKey.make();

    int backups;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    RealCall call = new RealCall(Path.of("."));
    ObjectStore store = ObjectStores.directory(Path.of("."));
    HandmadeRuns runs = new HandmadeRuns(store, "none", key, now);

    @BeforeEach
    void begin() {
        store.close();
        call = new RealCall(directory);
        store = ObjectStores.directory(call.store());
        runs = new HandmadeRuns(store, "default", key, now.minus(Duration.ofHours(20)));
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** A sealed backup of so many days ago, with a record of its own. */
    String backup(String source, int days) {
        Instant at = now.minus(Duration.ofDays(days)).minusSeconds(600);
        String id = LargeStore.sealed(new BackupCatalog(store, source), at, ++backups)
                .id();
        runs.run("backup").of(source, id).add();
        return id;
    }

    HandmadeRuns.Run drill(String source, String backup) {
        return runs.run("restore-drill").of(source, backup);
    }

    HandmadeRuns.Run refuted(String source, String backup) {
        return drill(source, backup)
                .ended(Outcome.FAILED, "VERIFICATION_FAILED")
                .differing();
    }

    JsonNode json(String... arguments) {
        call.succeed(arguments);
        return JsonMapper.shared().readTree(call.out());
    }

    JsonNode status() {
        return json("status", "--output", "json");
    }

    List<String> reasons() {
        return status().path("reasons")
                .valueStream()
                .map(reason -> reason.path("state").asString() + " "
                        + reason.path("why").asString())
                .toList();
    }

    String state(String backup) {
        return json("backups", "--output", "json")
                .path("backups")
                .valueStream()
                .filter(each -> each.path("backupId").asString().equals(backup))
                .map(each -> each.path("state").asString())
                .findFirst()
                .orElse("gone");
    }

    /** What prune would do with each backup, in the order in which it lists them. */
    List<String> fates(int exit, String... arguments) {
        assertThat(call.run(arguments)).as(call.err()).isEqualTo(exit);
        return JsonMapper.shared()
                .readTree(call.out())
                .path("backups")
                .valueStream()
                .map(each -> "%s %s: %s"
                        .formatted(
                                each.path("backupId").asString(),
                                each.path("fate").asString(),
                                each.path("reason").asString()))
                .toList();
    }

    Path record(String ledger, long seq) {
        return call.store().resolve("evidence/%s/%012d.dsse.json".formatted(ledger, seq));
    }

    /** A file with the private key that signs. */
    String privateKey() {
        Path file = directory.resolve("private.pem");
        try {
            Files.writeString(file, key.privatePem(), StandardCharsets.US_ASCII);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return file.toString();
    }
}
