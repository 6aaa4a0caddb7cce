package io.firedrill.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.testing.RecordingServer;
import io.firedrill.testing.SelfSigned;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Posts to a real server on this machine. */
class WebhookTest {
    private static final String SECRET = "T0K3N";

    private static Notification saying(String name) {
        return new Notification(
                Notification.Event.FAILED,
                name,
                "backup",
                "FAILED",
                40,
                Instant.parse("2026-11-22T03:15:00Z"),
                "the source " + name + " does not answer",
                "Bring it back.",
                "evidence/default/000000000007.dsse.json");
    }

    private static URI address(RecordingServer server) {
        return server.address().resolve("/services/" + SECRET + "?key=" + SECRET);
    }

    private static JsonNode sent(RecordingServer server) {
        RecordingServer.Request request = server.requests().getLast();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.header("Content-type")).isEqualTo("application/json; charset=utf-8");
        assertThat(request.path()).isEqualTo("/services/T0K3N?key=T0K3N");
        assertThat(request.body()).doesNotContain(SECRET);
        return JsonMapper.shared().readTree(request.body());
    }

    @Test
    void aProgramGetsEveryPartInAFieldOfItsOwn() {
        try (var server = new RecordingServer()) {
            new Webhook(address(server), Webhook.Format.JSON).tell(saying("orders\"}\n"));
            assertThat(sent(server).toString())
                    .isEqualTo(
                            "{\"schemaVersion\":1,\"event\":\"failed\",\"source\":\"orders\\\"}\\n\",\"kind\":\"backup\","
                                    + "\"outcome\":\"FAILED\",\"exitCode\":40,\"count\":1,\"at\":\"2026-11-22T03:15:00Z\","
                                    + "\"message\":\"the source orders\\\"}\\n does not answer\",\"hint\":\"Bring it back.\","
                                    + "\"record\":\"evidence/default/000000000007.dsse.json\",\"details\":[]}");
        }
    }

    @Test
    void slackGetsATextInWhichNamesCallNobody() {
        try (var server = new RecordingServer()) {
            new Webhook(address(server), Webhook.Format.SLACK).tell(saying("<!channel> & <https://evil|x> @here\n*"));
            assertThat(sent(server).path("text").asString()).isEqualTo("""
                            *Firedrill: backup of &lt;!channel&gt; &amp; &lt;https://evil|x&gt; @\u200bhere * FAILED (exit code 40)*
                            the source &lt;!channel&gt; &amp; &lt;https://evil|x&gt; @\u200bhere * does not answer
                            Bring it back.
                            Record: evidence/default/000000000007.dsse.json""");
        }
    }

    @Test
    void severalAreCountedAndDetailsAreLines() {
        var missed = new Notification(
                Notification.Event.MISSED,
                "orders",
                "backup",
                "MISSED",
                -1,
                Instant.EPOCH,
                "two",
                "Look.",
                "",
                2,
                List.of("one <!here>", "an\nother"));
        try (var server = new RecordingServer()) {
            new Webhook(address(server), Webhook.Format.SLACK).tell(missed);
            assertThat(sent(server).path("text").asString())
                    .isEqualTo("*Firedrill: 2 × backup of orders MISSED*\ntwo\nLook.\none &lt;!here&gt;\nan other");
            new Webhook(address(server), Webhook.Format.JSON).tell(missed);
            assertThat(sent(server).path("count").asInt()).isEqualTo(2);
            assertThat(sent(server).path("details").toString()).isEqualTo("[\"one <!here>\",\"an\\nother\"]");
        }
    }

    @Test
    void whatIsNoRunHasNoCodeAndNoRecord() {
        try (var server = new RecordingServer()) {
            var missed = new Notification(
                    Notification.Event.MISSED, "", "backup", "MISSED", -1, Instant.EPOCH, "two were due", "Look.", "");
            new Webhook(address(server), Webhook.Format.SLACK).tell(missed);
            assertThat(sent(server).path("text").asString())
                    .isEqualTo("*Firedrill: backup MISSED*\ntwo were due\nLook.");
        }
    }

    @ParameterizedTest
    @EnumSource(Webhook.Format.class)
    void whatWasNotTakenFailsWithoutTheAddress(Webhook.Format format) {
        URI gone;
        try (var server = new RecordingServer().answering(500, "no_service")) {
            gone = address(server);
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> new Webhook(gone, format).tell(saying("orders")))
                    .withMessage("the webhook at 127.0.0.1 answered 500: no_service")
                    .matches(failure -> failure.kind() == FailureKind.DEPENDENCY_UNAVAILABLE)
                    .satisfies(failure -> assertThat(failure.hint()).doesNotContain(SECRET));
        }
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> new Webhook(gone, format).tell(saying("orders")))
                .withMessage("the webhook at 127.0.0.1 could not be reached: ConnectException");
    }

    @Test
    @Timeout(30)
    void whoSaysNothingIsGivenUp() {
        try (var server = new RecordingServer().silent()) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> new Webhook(
                                    address(server), Webhook.Format.JSON, WebCall.platform(), Duration.ofSeconds(1))
                            .tell(saying("orders")))
                    .withMessage("the webhook at 127.0.0.1 did not answer within 1 s");
        }
    }

    @Test
    void aCertificateThatNobodyVouchesForGetsNothing(@TempDir Path directory)
            throws IOException, GeneralSecurityException, InterruptedException {
        SSLContext tls = SelfSigned.tls(directory);
        try (var server = new RecordingServer(tls)) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> new Webhook(address(server), Webhook.Format.JSON).tell(saying("orders")))
                    .withMessage("the webhook at localhost could not be reached: SSLHandshakeException");
            assertThat(server.requests()).isEmpty();
        }
    }
}
