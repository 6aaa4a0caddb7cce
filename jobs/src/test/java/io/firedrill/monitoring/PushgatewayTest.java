package io.firedrill.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.testing.RecordingServer;
import io.firedrill.testing.SelfSigned;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pushes to a real server on this machine. */
class PushgatewayTest {
    private static final Login LOGIN = new Login("firedrill", "Pa55word:ü");
    private static final String TEXT = Exposition.of(List.of(Sample.of(Metric.STATUS, 2, "ordersü")));

    @Test
    void theTextGoesWholeUnderItsGroupingKey() {
        try (var server = new RecordingServer()) {
            new Pushgateway(server.address().resolve("/under/"), Optional.of(LOGIN)).put("s3://backups/prod?", TEXT);
            RecordingServer.Request request = server.requests().getFirst();
            assertThat(server.requests()).hasSize(1);
            assertThat(request.method()).isEqualTo("PUT");
            assertThat(request.body()).isEqualTo(TEXT);
            assertThat(request.header("Content-type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
            String prefix = "/under/metrics/job/firedrill/instance@base64/";
            assertThat(request.path()).startsWith(prefix);
            assertThat(new String(
                            Base64.getUrlDecoder().decode(request.path().substring(prefix.length())),
                            StandardCharsets.UTF_8))
                    .isEqualTo("s3://backups/prod?");
            assertThat(new String(
                            Base64.getDecoder()
                                    .decode(request.header("Authorization").substring("Basic ".length())),
                            StandardCharsets.UTF_8))
                    .isEqualTo("firedrill:Pa55word:ü");
        }
    }

    @Test
    void whoHasNoLoginSendsNone() {
        try (var server = new RecordingServer()) {
            new Pushgateway(server.address(), Optional.empty()).put("a", TEXT);
            assertThat(server.requests().getFirst().header("Authorization")).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "400, DEPENDENCY_UNAVAILABLE, answered 400: bad label",
        "500, DEPENDENCY_UNAVAILABLE, answered 500: bad label",
        "302, DEPENDENCY_UNAVAILABLE, answered 302: bad label",
        "401, ACCESS_DENIED, answered 401",
        "403, ACCESS_DENIED, answered 403"
    })
    void whatIsNoSuccessFails(int status, FailureKind kind, String message) {
        try (var server = new RecordingServer().answering(status, "bad label\nsecond line")) {
            Failure failure = catchThrowableOfType(
                    Failure.class, () -> new Pushgateway(server.address(), Optional.of(LOGIN)).put("a", TEXT));
            assertThat(failure.kind()).isEqualTo(kind);
            assertThat(failure.text()).isEqualTo("the Pushgateway " + server.address() + " " + message);
            assertThat(failure.text() + failure.hint()).doesNotContain("Pa55word");
            assertThat(server.requests()).as("no redirect is followed").hasSize(1);
        }
    }

    @Test
    void aCertificateThatNobodyVouchesForGetsNothing(@TempDir Path directory)
            throws IOException, GeneralSecurityException, InterruptedException {
        SSLContext tls = SelfSigned.tls(directory);
        try (var server = new RecordingServer(tls)) {
            assertThatExceptionOfType(Failure.class)
                    .isThrownBy(() -> new Pushgateway(server.address(), Optional.of(LOGIN)).put("a", TEXT))
                    .withMessageContaining("could not be reached: SSLHandshakeException");
            assertThat(server.requests()).isEmpty();
            new Pushgateway(server.address(), Optional.of(LOGIN), tls).put("a", TEXT);
            assertThat(server.requests()).as("where it is trusted").hasSize(1);
        }
    }

    @Test
    void whereNobodyAnswersThatIsSaid() {
        URI gone;
        try (var server = new RecordingServer()) {
            gone = server.address();
        }
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> new Pushgateway(gone, Optional.empty()).put("a", TEXT))
                .withMessageContaining("could not be reached: ConnectException");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://host/",
                "pushgateway:9091",
                "http:///x",
                "https://user:Pa55word@host/",
                "https://host/?token=Pa55word",
                "https://host/#a"
            })
    void anAddressThatIsNoneOrHoldsASecretIsRefusedAndNotRepeated(String address) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> new Pushgateway(URI.create(address), Optional.empty()))
                .satisfies(failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
                    assertThat(failure.text() + failure.hint()).doesNotContain("Pa55word");
                });
    }

    @Test
    void aPasswordGoesNowhereInTheClear() {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> new Pushgateway(URI.create("http://pushgateway:9091"), Optional.of(LOGIN)))
                .withMessageContaining("in the clear");
        assertThat(new Pushgateway(URI.create("https://pushgateway:9091"), Optional.of(LOGIN)))
                .isNotNull();
        assertThat(LOGIN).hasToString("firedrill");
    }
}
