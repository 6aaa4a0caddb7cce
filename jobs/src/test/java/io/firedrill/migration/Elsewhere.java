package io.firedrill.migration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that nobody should come to: it counts who does, and says nothing. */
final class Elsewhere implements AutoCloseable {
    private final ServerSocket entrance;
    private final AtomicInteger visits = new AtomicInteger();

    private Elsewhere(ServerSocket entrance) {
        this.entrance = entrance;
    }

    static Elsewhere open() {
        try {
            var opened = new Elsewhere(new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")));
            Thread.ofVirtual().start(opened::count);
            return opened;
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private void count() {
        while (!entrance.isClosed()) {
            try {
                Socket guest = entrance.accept();
                visits.incrementAndGet();
                guest.close();
            } catch (IOException _) {
                // It is closed.
            }
        }
    }

    String place() {
        return "127.0.0.1:" + entrance.getLocalPort();
    }

    String uri() {
        return "mongodb://%s/?serverSelectionTimeoutMS=2000".formatted(place());
    }

    int visits() {
        return visits.get();
    }

    @Override
    public void close() {
        try {
            entrance.close();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }
}
