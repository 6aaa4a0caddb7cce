package io.firedrill.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/** A web server on this machine that keeps what it was sent, and answers what a test wants. */
public final class RecordingServer implements AutoCloseable {
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final HttpServer server;
    private volatile int status = 200;
    private volatile byte[] answer = {};
    private volatile String type = "text/plain";
    private volatile boolean silent;

    /** What was sent. */
    public record Request(String method, String path, Map<String, List<String>> headers, ByteBuffer bytes) {
        public Request {
            bytes = bytes.asReadOnlyBuffer();
        }

        /** As a text. */
        public String body() {
            return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
        }

        /** The first header of this name; empty if there is none. */
        public String header(String name) {
            return headers.getOrDefault(name, List.of("")).getFirst();
        }
    }

    public RecordingServer() {
        this(Optional.empty());
    }

    /** With TLS. */
    public RecordingServer(SSLContext tls) {
        this(Optional.of(tls));
    }

    private RecordingServer(Optional<SSLContext> tls) {
        var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try {
            if (tls.isPresent()) {
                HttpsServer https = HttpsServer.create(anyPort, 0);
                https.setHttpsConfigurator(new HttpsConfigurator(tls.get()));
                server = https;
            } else {
                server = HttpServer.create(anyPort, 0);
            }
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
        server.createContext("/", this::serve);
        server.start();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    ByteBuffer.wrap(exchange.getRequestBody().readAllBytes())));
            if (silent) {
                var _ = closing.await(1, TimeUnit.MINUTES);
            }
            byte[] body = answer;
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/");
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** From here on it answers so. */
    public RecordingServer answering(int code, String body) {
        return answering(code, "text/plain", body.getBytes(StandardCharsets.UTF_8));
    }

    /** Likewise, with what is no text. */
    public RecordingServer answering(int code, String contentType, byte[] body) {
        status = code;
        type = contentType;
        answer = body.clone();
        return this;
    }

    /** From here on it takes everything and says nothing. */
    public RecordingServer silent() {
        silent = true;
        return this;
    }

    public URI address() {
        String host = server instanceof HttpsServer ? "https://localhost:" : "http://127.0.0.1:";
        return URI.create(host + server.getAddress().getPort());
    }

    /** All of them, the first first. */
    public List<Request> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }
}
