package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.testing.MongodServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Kubernetes does to a pod, done to a real backup. */
class StoppedBackupIT {
    @Test
    void sigtermStopsAtAUnitReleasesTheLockAndIsOnRecord(@TempDir Path directory) throws Exception {
        try (MongodServer source = MongodServer.replicaSet("orders");
                MongoClient client = source.client()) {
            client.getDatabase("shop").getCollection("orders").insertOne(new Document("_id", 1));
            var call = new RealCall(directory).with("FIREDRILL_SOURCE_URI", source.uri());

            assertThat(terminated(directory, call.store(), source.uri())).isEqualTo(143);

            assertThat(Files.readString(call.store().resolve("evidence/default/000000000001.json")))
                    .containsPattern("\"outcome\" ?: ?\"ABORTED\"")
                    .containsPattern("\"exitCode\" ?: ?143");
            assertThat(lastEntryOfTheLease(call.store())).containsPattern("\"state\" ?: ?\"RELEASED\"");
            call.succeed("status");
            assertThat(call.out()).contains("no sealed backup").containsPattern("Lock +free");
            call.succeed("backup");
            assertThat(call.out()).contains("went on after an interruption");
        }
    }

    private static String lastEntryOfTheLease(Path store) throws IOException {
        try (Stream<Path> entries = Files.list(store.resolve("leases/backup-orders"))) {
            return Files.readString(entries.max(Comparator.naturalOrder()).orElseThrow());
        }
    }

    private static int terminated(Path directory, Path store, String uri) throws IOException, InterruptedException {
        Files.createDirectories(store);
        var builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                PausingBackup.class.getName(),
                "backup"));
        builder.environment().put("FIREDRILL_STORE", store.toUri().toString());
        builder.environment()
                .put("FIREDRILL_STATE_DIR", directory.resolve("state").toString());
        builder.environment().put("FIREDRILL_SOURCE_URI", uri);
        builder.environment().put(PausingBackup.STORE, store.toString());
        Process process =
                builder.redirectError(directory.resolve("err").toFile()).start();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            assertThat(out.readLine()).as(() -> err(directory)).isEqualTo("paused");
            assertThat(process.supportsNormalTermination()).isTrue();
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(err(directory)).contains("exit code 143 (SIGTERM)");
        return process.exitValue();
    }

    private static String err(Path directory) {
        try {
            return Files.readString(directory.resolve("err"));
        } catch (IOException thrown) {
            return thrown.toString();
        }
    }
}
