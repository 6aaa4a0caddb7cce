package io.firedrill.monitoring;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.testing.RecordingServer;
import java.net.http.HttpRequest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class WebCallTest {
    private static void call(RecordingServer server, Duration limit) {
        new WebCall("the server", WebCall.platform(), limit)
                .send(HttpRequest.newBuilder(server.address()).GET().build());
    }

    @Test
    @Timeout(30)
    void aServerThatTakesAllAndSaysNothingIsGivenUp() {
        try (var server = new RecordingServer().silent()) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> call(server, Duration.ofSeconds(1)))
                    .withMessage("the server did not answer within 1 s");
        }
    }

    @Test
    void anAnswerWithoutEndIsNotReadToItsEnd() {
        try (var server = new RecordingServer().answering(200, "x".repeat(1 << 17))) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> call(server, Duration.ofSeconds(20)))
                    .withMessageContaining("could not be reached: ");
        }
    }

    @Test
    void whoIsInterruptedSaysSo() {
        try (var server = new RecordingServer().silent()) {
            Thread.currentThread().interrupt();
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> call(server, Duration.ofSeconds(20)))
                    .matches(failure -> failure.kind() == FailureKind.ABORTED)
                    .matches(failure -> Thread.interrupted());
        }
    }
}
