package io.firedrill.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A real mail server (GreenMail) on this machine, and before it a door that passes every line on: the door has TLS, which the server
 * lacks, and misbehaves as a test wants.
 */
public final class MailServer implements AutoCloseable {
    /** Whoever is called so is not taken mail for. */
    public static final String REFUSED = "refused@example.com";

    private static final int NO_MORE = -1;

    private static final long START_MILLIS_MAX = 60_000;

    private final GreenMail mail = new GreenMail(setup());
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final CountDownLatch hungUp = new CountDownLatch(1);
    private final ServerSocket door;
    private final Door how;
    private final Optional<SSLContext> tls;

    /** How the door behaves. */
    public enum Door {
        PLAIN,
        STARTTLS,
        TLS,
        /** It takes the connection and says nothing. */
        SILENT,
        /** It sends a byte now and then, and never a line. */
        DRIBBLING
    }

    private static ServerSetup setup() {
        var setup = new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        setup.setServerStartupTimeout(START_MILLIS_MAX);
        return setup;
    }

    public MailServer() {
        this(Door.PLAIN, Optional.empty());
    }

    public MailServer(Door how, Optional<SSLContext> tls) {
        this.how = how;
        this.tls = tls;
        mail.start();
        try {
            door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
        Thread.ofVirtual().start(this::open);
    }

    /** From here on it asks who sends, and knows this one. */
    public MailServer knowing(String user, String password) {
        mail.setUser(user, user, password);
        return this;
    }

    public int port() {
        return door.getLocalPort();
    }

    /** The messages that were taken, one for each recipient. */
    public List<MimeMessage> received() {
        return List.of(mail.getReceivedMessages());
    }

    /** Every line that it was sent. */
    public List<String> heard() {
        return List.copyOf(heard);
    }

    /** Whether whoever called has hung up, or does within ten seconds. */
    public boolean wasHungUpOn() throws InterruptedException {
        return hungUp.await(10, TimeUnit.SECONDS);
    }

    private void open() {
        try {
            while (true) {
                Socket caller = door.accept();
                Thread.ofVirtual().start(() -> welcome(caller));
            }
        } catch (IOException closed) {
            // Nobody comes in any more.
        }
    }

    private void welcome(Socket caller) {
        try (caller) {
            switch (how) {
                case SILENT -> {
                    while (caller.getInputStream().read() != NO_MORE) {
                        // It listens, that is all.
                    }
                }
                case DRIBBLING -> dribble(caller);
                case TLS -> pass(secured(caller), true);
                case PLAIN, STARTTLS -> pass(caller, true);
            }
        } catch (IOException | InterruptedException gone) {
            // The caller sees it.
        } finally {
            hungUp.countDown();
        }
    }

    private static void dribble(Socket caller) throws IOException, InterruptedException {
        OutputStream out = caller.getOutputStream();
        for (String begin = "220-"; ; begin = "x") {
            out.write(begin.getBytes(ISO_8859_1));
            out.flush();
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private SSLSocket secured(Socket plain) throws IOException {
        var socket = (SSLSocket) tls.orElseThrow().getSocketFactory().createSocket(plain, null, true);
        socket.setUseClientMode(false);
        socket.startHandshake();
        return socket;
    }

    private void pass(Socket caller, boolean greeting) throws IOException {
        try (var server =
                new Socket(InetAddress.getLoopbackAddress(), mail.getSmtp().getPort())) {
            var from = new Line(caller);
            var to = new Line(server);
            String greeted = to.answer();
            if (greeting) {
                from.say(greeted);
            }
            String line = from.hear();
            while (line != null) {
                heard.add(line);
                if (line.equals("STARTTLS")) {
                    from.say("220 go ahead\r\n");
                    pass(secured(caller), false);
                    return;
                }
                from.say(answer(line, from, to));
                line = from.hear();
            }
        }
    }

    private String answer(String line, Line from, Line to) throws IOException {
        if (line.contains(REFUSED)) {
            return "550 5.1.1 nobody of that name\r\n";
        }
        to.say(line + "\r\n");
        String answer = to.answer();
        if (line.equals("DATA") && answer.startsWith("354")) {
            from.say(answer);
            String text;
            do {
                text = from.hear();
                heard.add(String.valueOf(text));
                to.say(text + "\r\n");
            } while (!".".equals(text) && text != null);
            return to.answer();
        }
        return line.startsWith("EHLO") && how == Door.STARTTLS ? "250-door\r\n250-STARTTLS\r\n" + answer : answer;
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        } finally {
            mail.stop();
        }
    }

    /** One end of a conversation in lines. */
    private static final class Line {
        private final BufferedReader in;
        private final OutputStream out;

        Line(Socket socket) throws IOException {
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            out = socket.getOutputStream();
        }

        @Nullable
        String hear() throws IOException {
            return in.readLine();
        }

        /** All lines of an answer: those before the last have a dash behind the code. */
        String answer() throws IOException {
            var lines = new StringBuilder();
            String line;
            do {
                line = hear();
                if (line == null) {
                    throw new IOException("the mail server hung up");
                }
                lines.append(line).append("\r\n");
            } while (line.length() > 3 && line.charAt(3) == '-');
            return lines.toString();
        }

        void say(String text) throws IOException {
            out.write(text.getBytes(ISO_8859_1));
            out.flush();
        }
    }
}
