package io.firedrill.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.testing.MailServer;
import io.firedrill.testing.MailServer.Door;
import io.firedrill.testing.SelfSigned;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Sends to a real mail server on this machine. */
@Timeout(60)
class MailTest {
    private static final Instant NOW = Instant.parse("2026-11-22T03:20:00Z");
    private static final InstantSource WALL = InstantSource.fixed(NOW);
    private static final String FROM = "firedrill@example.com";
    private static final Login LOGIN = new Login("firedrill", "Pa55word:ü");
    private static final Duration LONG = Duration.ofSeconds(20);

    private static SSLContext trusted = WebCall.platform();

    @BeforeAll
    static void makeACertificate(@TempDir Path directory)
            throws IOException, GeneralSecurityException, InterruptedException {
        trusted = SelfSigned.tls(directory);
    }

    private static Notification of(String source) {
        return new Notification(
                Notification.Event.FAILED,
                source,
                "backup",
                "FAILED",
                40,
                Instant.parse("2026-11-22T03:15:00Z"),
                "the source " + source + " does not answer",
                "Bring it back.",
                "evidence/default/000000000007.dsse.json");
    }

    private static MailServer server(Door door) {
        return new MailServer(door, Optional.of(trusted));
    }

    private static Mail mail(
            MailServer to, String host, Mail.Security security, Optional<Login> login, String... whom) {
        return mail(to, host, security, login, trusted, LONG, whom);
    }

    private static Mail mail(
            MailServer to,
            String host,
            Mail.Security security,
            Optional<Login> login,
            SSLContext tls,
            Duration limit,
            String... whom) {
        return new Mail(
                new Mail.Route(host, to.port(), security, login),
                new Mail.Letterhead(FROM, whom.length == 0 ? List.of("oncall@example.com") : List.of(whom)),
                tls,
                limit,
                WALL);
    }

    private static Mail plain(MailServer to, String... whom) {
        return mail(to, "127.0.0.1", Mail.Security.NONE, Optional.empty(), whom);
    }

    private static String fails(FailureKind kind, Mail mail) {
        var thrown = assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> mail.tell(of("orders")))
                .matches(failure -> failure.kind() == kind)
                .actual();
        assertThat(thrown.text() + thrown.hint()).doesNotContain(LOGIN.password());
        return thrown.text();
    }

    @Test
    void aMessageSaysWhatTheRecordSaysAndComesFromAMachine() throws MessagingException, IOException {
        try (var server = new MailServer()) {
            plain(server, "oncall@example.com", "dba@example.com").tell(of("orders ü"));
            assertThat(server.received()).hasSize(2);
            MimeMessage got = server.received().getFirst();
            assertThat(got.getSubject()).isEqualTo("Firedrill: backup of orders ü FAILED (exit code 40)");
            assertThat(got.getContent()).isEqualTo("""
                            the source orders ü does not answer\r
                            \r
                            Bring it back.\r
                            \r
                            At: 2026-11-22T03:15:00Z\r
                            Record: evidence/default/000000000007.dsse.json""");
            assertThat(got.getContentType()).isEqualTo("text/plain; charset=UTF-8");
            assertThat(got.getHeader("From")).containsExactly(FROM);
            assertThat(got.getHeader("To")).containsExactly("oncall@example.com, dba@example.com");
            assertThat(got.getSentDate().toInstant()).isEqualTo(NOW);
            assertThat(got.getHeader("Auto-Submitted")).containsExactly("auto-generated");
            assertThat(got.getMessageID()).endsWith("@example.com>");
        }
    }

    @Test
    void severalAreCountedFirstAndDetailsAreLines() throws MessagingException, IOException {
        var missed = new Notification(
                Notification.Event.MISSED,
                "orders",
                "backup",
                "MISSED",
                -1,
                NOW,
                "three",
                "Look.",
                "",
                3,
                List.of("one line", "another\r\n.\r\nline"));
        try (var server = new MailServer()) {
            plain(server).tell(missed);
            MimeMessage got = server.received().getFirst();
            assertThat(got.getSubject()).isEqualTo("Firedrill: 3 × backup of orders MISSED");
            assertThat(got.getContent())
                    .isEqualTo("three\r\n\r\nLook.\r\n\r\none line\r\nanother . line\r\n\r\nAt: 2026-11-22T03:20:00Z");
        }
    }

    /** What a collection or a source is called is anybody's. */
    @Test
    void aNameMakesNoHeaderAndNoMessageOfItsOwn() throws MessagingException, IOException {
        String evil = "x\r\nBcc: evil@example.com\r\n\r\nhello\r\n.\r\nMAIL FROM:<evil@example.com>\u2028\u202e\0";
        try (var server = new MailServer()) {
            plain(server).tell(of(evil));
            assertThat(server.received()).hasSize(1);
            MimeMessage got = server.received().getFirst();
            assertThat(got.getHeader("Bcc")).isNull();
            assertThat(got.getSubject())
                    .startsWith("Firedrill: backup of x Bcc: evil@example.com hello . MAIL FROM:<evil@example.com> ");
            assertThat(String.valueOf(got.getContent()).lines()).hasSize(6);
            assertThat(server.heard())
                    .filteredOn(line -> line.startsWith("RCPT"))
                    .hasSize(1);
            assertThat(server.heard()).noneMatch(line -> line.startsWith("Bcc") || line.startsWith("MAIL FROM:<evil"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mail.Security.class,
            names = {"STARTTLS", "TLS"})
    void aPasswordGoesThroughTls(Mail.Security security) {
        try (var server = server(Door.valueOf(security.name())).knowing(LOGIN.user(), LOGIN.password())) {
            mail(server, "localhost", security, Optional.of(LOGIN)).tell(of("orders"));
            assertThat(server.received()).hasSize(1);
            int auth = server.heard().indexOf("AUTH PLAIN") < 0
                    ? indexOf(server, "AUTH ")
                    : server.heard().indexOf("AUTH PLAIN");
            assertThat(auth).isGreaterThan(server.heard().indexOf("STARTTLS")).isPositive();
        }
    }

    private static int indexOf(MailServer server, String begin) {
        return server.heard().stream()
                .filter(line -> line.startsWith(begin))
                .findFirst()
                .map(server.heard()::indexOf)
                .orElse(-1);
    }

    @Test
    void aServerWithoutStarttlsGetsNothing() {
        try (var server = server(Door.PLAIN).knowing(LOGIN.user(), LOGIN.password())) {
            assertThat(fails(
                            FailureKind.DEPENDENCY_UNAVAILABLE,
                            mail(server, "localhost", Mail.Security.STARTTLS, Optional.of(LOGIN))))
                    .startsWith("the mail server localhost did not take the message: ")
                    .contains("STARTTLS");
            assertThat(server.heard()).allMatch(line -> line.startsWith("EHLO ") || line.equals("QUIT"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mail.Security.class,
            names = {"STARTTLS", "TLS"})
    void aCertificateThatNobodyVouchesForGetsNothing(Mail.Security security) {
        try (var server = server(Door.valueOf(security.name()))) {
            assertThat(fails(
                            FailureKind.DEPENDENCY_UNAVAILABLE,
                            mail(server, "localhost", security, Optional.of(LOGIN), WebCall.platform(), LONG)))
                    .startsWith("the mail server localhost could not be reached: ");
            assertThat(server.heard()).allMatch(line -> line.startsWith("EHLO ") || line.equals("STARTTLS"));
        }
    }

    /** The certificate is trusted, and says "localhost". */
    @ParameterizedTest
    @EnumSource(
            value = Mail.Security.class,
            names = {"STARTTLS", "TLS"})
    void aCertificateOfAnotherNameGetsNothing(Mail.Security security) {
        try (var server = server(Door.valueOf(security.name()))) {
            fails(FailureKind.DEPENDENCY_UNAVAILABLE, mail(server, "127.0.0.1", security, Optional.of(LOGIN)));
            assertThat(server.heard()).noneMatch(line -> line.startsWith("AUTH") || line.startsWith("MAIL"));
        }
    }

    @Test
    void aWrongPasswordIsSaidAndNotRepeated() {
        try (var server = server(Door.TLS).knowing(LOGIN.user(), "another")) {
            assertThat(fails(
                            FailureKind.ACCESS_DENIED,
                            mail(server, "localhost", Mail.Security.TLS, Optional.of(LOGIN))))
                    .isEqualTo("the mail server localhost does not accept the user and the password");
            assertThat(server.received()).isEmpty();
        }
    }

    @Test
    void whoIsRefusedIsNamedAndTheOthersGetIt() {
        try (var server = new MailServer()) {
            assertThat(fails(
                            FailureKind.DEPENDENCY_UNAVAILABLE,
                            plain(server, "oncall@example.com", MailServer.REFUSED)))
                    .startsWith(
                            "the mail server 127.0.0.1 did not take the message for refused@example.com (the others got it): ")
                    .contains("550 5.1.1 nobody of that name");
            assertThat(server.received()).hasSize(1);
            assertThat(fails(FailureKind.DEPENDENCY_UNAVAILABLE, plain(server, MailServer.REFUSED)))
                    .startsWith("the mail server 127.0.0.1 did not take the message for refused@example.com: ")
                    .contains("550 5.1.1 nobody of that name");
            assertThat(server.received()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"SILENT, NONE", "SILENT, TLS", "DRIBBLING, NONE", "DRIBBLING, STARTTLS"})
    void whoKeepsOneWaitingIsGivenUpAndHungUpOn(Door door, Mail.Security security) throws InterruptedException {
        try (var server = server(door)) {
            assertThat(fails(
                            FailureKind.DEPENDENCY_UNAVAILABLE,
                            mail(server, "localhost", security, Optional.empty(), trusted, Duration.ofSeconds(1))))
                    .isEqualTo("the mail server localhost did not answer within 1 s");
            assertThat(server.wasHungUpOn())
                    .as("nothing is left of the connection")
                    .isTrue();
        }
    }

    @Test
    void nobodyThereIsSaid() {
        MailServer gone = new MailServer();
        gone.close();
        assertThat(fails(FailureKind.DEPENDENCY_UNAVAILABLE, plain(gone)))
                .isEqualTo("the mail server 127.0.0.1 could not be reached: ConnectException");
    }

    @Test
    void whoIsInterruptedSaysSo() {
        try (var server = server(Door.SILENT)) {
            Thread.currentThread().interrupt();
            assertThat(fails(FailureKind.ABORTED, plain(server)))
                    .isEqualTo("interrupted while the mail server 127.0.0.1 was told");
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "smtp://mail.example.com, mail.example.com, 587, STARTTLS",
        "smtp://mail.example.com:25, mail.example.com, 25, STARTTLS",
        "smtps://mail.example.com, mail.example.com, 465, TLS",
        "smtps://localhost:1465, localhost, 1465, TLS",
        "smtp://localhost:25, localhost, 25, NONE",
        "smtp://127.0.0.1:25, 127.0.0.1, 25, NONE",
        "smtp://127.0.0.1.example.com:25, 127.0.0.1.example.com, 25, STARTTLS"
    })
    void onlyThisMachineIsSpokenToInTheClear(URI server, String host, int port, Mail.Security security) {
        assertThat(Mail.Route.of(server, Optional.empty()))
                .isEqualTo(new Mail.Route(host, port, security, Optional.empty()));
    }

    @Test
    void aServerWithoutTlsOfItsOwnIsAskedOnThisMachine() throws MessagingException {
        try (var server = new MailServer().knowing(LOGIN.user(), LOGIN.password())) {
            new Mail(
                            URI.create("smtp://127.0.0.1:" + server.port()),
                            new Mail.Letterhead(FROM, List.of("oncall@example.com")),
                            Optional.of(LOGIN),
                            WALL)
                    .tell(of("orders"));
            assertThat(server.received().getFirst().getSubject()).contains("orders");
            String said = Base64.getEncoder()
                    .encodeToString(("\0firedrill\0" + LOGIN.password()).getBytes(StandardCharsets.UTF_8));
            assertThat(server.heard()).anyMatch(line -> line.endsWith(said));
            assertThat(LOGIN).hasToString("firedrill");
        }
    }
}
