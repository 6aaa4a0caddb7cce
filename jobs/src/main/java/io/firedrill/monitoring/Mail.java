package io.firedrill.monitoring;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import jakarta.mail.Address;
import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import jakarta.mail.NoSuchProviderException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Sends a notification as an e-mail by a server that takes it for its recipients. Whoever the server accepts gets it, though it refuses
 * another; it tries once.
 */
public final class Mail implements Notifier {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Letterhead letterhead;
    private final Route route;
    private final SSLContext tls;
    private final Attempt attempt;
    private final InstantSource wall;

    /** Who writes to whom; addresses without names, as {@code ops@example.com}. */
    public record Letterhead(String from, List<String> to) {
        public Letterhead {
            to = List.copyOf(to);
        }
    }

    /** How the conversation is kept from others. */
    public enum Security {
        /** It is not, and goes no further than this machine. */
        NONE,
        /** After the greeting; a server that does not offer it gets nothing. */
        STARTTLS,
        /** From the first byte. */
        TLS;

        private static Security of(URI server) {
            if ("smtps".equals(server.getScheme())) {
                return TLS;
            }
            return OwnMachine.is(server) ? NONE : STARTTLS;
        }
    }

    record Route(String host, int port, Security security, Optional<Login> login) {
        private static final int SUBMISSION = 587;
        private static final int SUBMISSION_TLS = 465;

        static Route of(URI server, Optional<Login> login) {
            Security security = Security.of(server);
            int usual = security == Security.TLS ? SUBMISSION_TLS : SUBMISSION;
            return new Route(server.getHost(), server.getPort() < 0 ? usual : server.getPort(), security, login);
        }
    }

    /**
     * @param server {@code smtp://host:port}, which has to offer STARTTLS unless it is on this machine, or {@code smtps://host:port};
     *     without a port 587 or 465
     * @param login for a server that asks who sends
     * @param wall dates the message
     */
    public Mail(URI server, Letterhead letterhead, Optional<Login> login, InstantSource wall) {
        this(Route.of(server, login), letterhead, WebCall.platform(), LIMIT, wall);
    }

    Mail(Route route, Letterhead letterhead, SSLContext tls, Duration limit, InstantSource wall) {
        this.route = route;
        this.letterhead = letterhead;
        this.tls = tls;
        this.attempt = new Attempt("the mail server " + route.host(), limit);
        this.wall = wall;
    }

    @Override
    public void tell(Notification what) {
        // One limit over all of it: a server that sends a byte now and then runs into no time-out of a read. The thread
        // is a virtual one, since an interrupt closes the socket that such a thread waits for.
        var sending = new FutureTask<>(() -> {
            send(what);
            return true;
        });
        Thread.ofVirtual().start(sending);
        try {
            attempt.answer(sending);
        } catch (ExecutionException thrown) {
            throw judged(thrown.getCause() == null ? thrown : thrown.getCause());
        }
    }

    private void send(Notification what) throws MessagingException {
        Session session = Session.getInstance(properties());
        MimeMessage message = message(session, what);
        @Nullable String user = route.login().map(Login::user).orElse(null);
        @Nullable String password = route.login().map(Login::password).orElse(null);
        try (Transport transport = transport(session)) {
            transport.connect(route.host(), route.port(), user, password);
            transport.sendMessage(message, message.getAllRecipients());
        }
    }

    private static Transport transport(Session session) {
        try {
            return session.getTransport("smtp");
        } catch (NoSuchProviderException impossible) {
            throw new IllegalStateException("the library for SMTP is on the class path", impossible);
        }
    }

    private Properties properties() {
        var properties = new Properties();
        // What Message-ID is made of, which would else name the user and the machine.
        properties.put("mail.from", letterhead.from());
        properties.put("mail.smtp.auth", String.valueOf(route.login().isPresent()));
        // The others are for passwords that go in the clear, or for servers of one maker.
        properties.put("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
        properties.put("mail.smtp.sendpartial", "true");
        properties.put("mail.smtp.ssl.enable", String.valueOf(route.security() == Security.TLS));
        properties.put("mail.smtp.starttls.enable", String.valueOf(route.security() == Security.STARTTLS));
        properties.put("mail.smtp.starttls.required", String.valueOf(route.security() == Security.STARTTLS));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.socketFactory", tls.getSocketFactory());
        // Else another factory would be tried where ours fails.
        properties.put("mail.smtp.socketFactory.fallback", "false");
        return properties;
    }

    private MimeMessage message(Session session, Notification what) throws MessagingException {
        String utf8 = StandardCharsets.UTF_8.name();
        var message = new MimeMessage(session);
        message.setFrom(new InternetAddress(letterhead.from(), true));
        for (String to : letterhead.to()) {
            message.addRecipient(MimeMessage.RecipientType.TO, new InternetAddress(to, true));
        }
        message.setSubject(Notification.line("Firedrill: " + what.title()), utf8);
        message.setText(text(what), utf8);
        message.setSentDate(Date.from(wall.instant()));
        // So that no machine answers that it is on holiday.
        message.setHeader("Auto-Submitted", "auto-generated");
        return message;
    }

    private static String text(Notification what) {
        Stream<String> record = what.record().isEmpty() ? Stream.of() : Stream.of("Record: " + what.record());
        return Stream.of(
                                Stream.of(what.message(), "", what.hint(), ""),
                                what.details().stream(),
                                what.details().isEmpty() ? Stream.<String>of() : Stream.of(""),
                                Stream.of("At: " + what.at()),
                                record)
                        .flatMap(lines -> lines)
                        .map(Notification::line)
                        .collect(Collectors.joining("\r\n"))
                + "\r\n";
    }

    private Failure judged(Throwable thrown) {
        if (thrown instanceof AuthenticationFailedException) {
            // What the server says may repeat what it was told.
            return new Failure(
                    FailureKind.ACCESS_DENIED,
                    "%s does not accept the user and the password".formatted(attempt.whom()),
                    "Check notify-smtp-user and notify-smtp-password.");
        }
        if (thrown instanceof SendFailedException failed) {
            return refused(failed);
        }
        Throwable root = thrown;
        while (root instanceof MessagingException && root.getCause() != null) {
            root = root.getCause();
        }
        return attempt.unavailable(
                root instanceof MessagingException said
                        ? "did not take the message: " + words(said)
                        : "could not be reached: " + root.getClass().getSimpleName());
    }

    private Failure refused(SendFailedException failed) {
        String whom = Stream.of(failed.getInvalidAddresses(), failed.getValidUnsentAddresses())
                .filter(Objects::nonNull)
                .flatMap(Arrays::stream)
                .map(Address::toString)
                .collect(Collectors.joining(", "));
        boolean others = failed.getValidSentAddresses() != null && failed.getValidSentAddresses().length > 0;
        // What the library says itself is the first; the server's words are the last.
        Exception said = failed;
        while (said instanceof MessagingException chain && chain.getNextException() != null) {
            said = chain.getNextException();
        }
        return attempt.unavailable("did not take the message for %s%s: %s"
                .formatted(whom, others ? " (the others got it)" : "", words(said)));
    }

    private static String words(Exception thrown) {
        return Attempt.firstLine(String.valueOf(thrown.getMessage()));
    }
}
