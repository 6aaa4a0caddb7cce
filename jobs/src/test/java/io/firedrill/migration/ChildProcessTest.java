package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program of somebody else's finds in its environment and on its input. */
class ChildProcessTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "FIREDRILL_SOURCE_URI",
                "FIREDRILL_STORE",
                "AWS_SECRET_ACCESS_KEY",
                "AWS_SESSION_TOKEN",
                "AWS_ROLE_ARN",
                "AWS_WEB_IDENTITY_TOKEN_FILE",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                "AWS_SHARED_CREDENTIALS_FILE"
            })
    void whatOpensOurStoreIsKeptFromIt(String variable) {
        assertThat(ChildProcess.isOurs(variable)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PATH", "HOME", "AWS_REGION", "NODE_OPTIONS", "MONGODB_URI", "MY_FIREDRILL_X"})
    void whatItNeedsOfItsOwnItGets(String variable) {
        assertThat(ChildProcess.isOurs(variable)).isFalse();
    }

    private RunningProcess reading(PipedInput input, String... command) throws IOException {
        var bounds = new Bounds(LIMIT, "Give it more time.", 1 << 20, Optional.empty());
        Path folder = Files.createDirectory(directory.resolve("folder"));
        return new ChildProcess("the program", directory, Map.of(), bounds)
                .start(List.of(command), folder, Optional.of(input));
    }

    /** More than a pipe holds. */
    private static void much(OutputStream to) throws IOException {
        to.write(new byte[1 << 20]);
    }

    @Test
    void whatItIsToldOnItsInputItReadsToTheEnd() throws IOException {
        try (RunningProcess running = reading(ChildProcessTest::much, "wc", "-c")) {
            assertThat(running.await().code()).isZero();
            assertThat(running.out()).isEqualTo("1048576\n");
        }
    }

    @Test
    void whoNeverReadsKeepsNobodyWaiting() throws IOException {
        long begun = System.nanoTime();
        try (RunningProcess running = reading(ChildProcessTest::much, "sleep", "60")) {
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .as("until it was started, and not killed")
                    .isLessThan(LIMIT);
            assertThat(running.isAlive()).isTrue();
        }
        assertThat(directory.resolve("folder")).doesNotExist();
    }
}
