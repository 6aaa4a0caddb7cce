package io.firedrill.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsFileTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @Test
    void theFileIsReplacedAndNothingElseIsLeft() throws IOException {
        Path file = directory.resolve("a.prom");
        new MetricsFile(file).write("a 1\n");
        new MetricsFile(file).write("b 2\n");
        assertThat(file).hasContent("b 2\n");
        assertThat(directory).isDirectoryContaining("glob:**/a.prom");
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    /** The collector runs as another user, and reads while we write. */
    @Test
    void whoeverReadsSeesTheOneOrTheOther()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Path file = directory.resolve("a.prom");
        String before = "a 1\n".repeat(50_000);
        String after = "b 2\n".repeat(50_000);
        new MetricsFile(file).write(before);
        var done = new AtomicBoolean();
        try (ExecutorService reader = Executors.newSingleThreadExecutor()) {
            Callable<Integer> reading = () -> {
                int reads = 0;
                while (!done.get() || reads == 0) {
                    assertThat(Files.readString(file).length()).isEqualTo(before.length());
                    reads++;
                }
                return reads;
            };
            Future<Integer> reads = reader.submit(reading);
            for (int i = 0; i < 50; i++) {
                new MetricsFile(file).write(i % 2 == 0 ? after : before);
            }
            done.set(true);
            assertThat(reads.get(1, TimeUnit.MINUTES)).isPositive();
        }
        assertThat(Files.getPosixFilePermissions(file))
                .as("as the umask says, and not for its owner alone")
                .isEqualTo(Files.getPosixFilePermissions(Files.createFile(directory.resolve("other"))));
    }

    @Test
    void whereItCannotBeWrittenNothingIsLeft() throws IOException {
        Path file = directory.resolve("a.prom");
        Files.createDirectories(file.resolve("full"));
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> new MetricsFile(file).write("a 1\n"))
                .satisfies(failure -> assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID))
                .withMessageContaining("a.prom cannot be written");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> new MetricsFile(directory.resolve("no/b.prom")).write(""))
                .withMessageContaining("NoSuchFileException");
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aNameThatTheCollectorDoesNotReadIsRefused() {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> new MetricsFile(directory.resolve("metrics.txt")))
                .withMessageContaining("does not end in .prom");
    }
}
