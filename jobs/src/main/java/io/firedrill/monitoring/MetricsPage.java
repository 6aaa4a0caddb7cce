package io.firedrill.monitoring;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A page for Prometheus to scrape: {@code /metrics}, without TLS and password. Figures are read anew for each scrape, but no more
 * often than every five seconds, however many ask.
 */
public final class MetricsPage implements AutoCloseable {
    private static final long FRESH_NANOS = Duration.ofSeconds(5).toNanos();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Supplier<String> text;
    private final LongSupplier nanoTime;
    private final Consumer<RuntimeException> trouble;
    private @Nullable String newest;
    private long readAt;

    /**
     * Listens from here on; fails with {@code CONFIGURATION_INVALID} where that cannot be.
     *
     * @param text the figures, read when asked; may fail
     * @param trouble told why figures could not be read: whoever scrapes is only told that
     */
    public MetricsPage(
            InetSocketAddress address,
            Supplier<String> text,
            LongSupplier nanoTime,
            Consumer<RuntimeException> trouble) {
        this.text = text;
        this.nanoTime = nanoTime;
        this.trouble = trouble;
        try {
            this.server = HttpServer.create(address, 0);
        } catch (IOException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "cannot listen on %s:%d (%s)"
                            .formatted(
                                    address.getHostString(),
                                    address.getPort(),
                                    thrown.getClass().getSimpleName()),
                    "Name an address of this machine, and a port that nobody listens on.",
                    thrown);
        }
        server.setExecutor(threads);
        server.createContext("/", this::serve);
        server.start();
    }

    /** Where it listens, with the port that was chosen if 0 was asked for. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals("/metrics")) {
                answer(exchange, 404, "Nothing is here but /metrics.\n");
            } else if (!exchange.getRequestMethod().equals("GET")) {
                answer(exchange, 405, "Only GET.\n");
            } else {
                figures(exchange);
            }
        }
    }

    private void figures(HttpExchange exchange) throws IOException {
        String read;
        try {
            read = read();
        } catch (RuntimeException failed) {
            trouble.accept(failed);
            answer(exchange, 503, "The store could not be read.\n");
            return;
        }
        answer(exchange, 200, read);
    }

    private synchronized String read() {
        String known = newest;
        if (known == null || nanoTime.getAsLong() - readAt > FRESH_NANOS) {
            known = text.get();
            newest = known;
            readAt = nanoTime.getAsLong();
        }
        return known;
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", Exposition.CONTENT_TYPE);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
