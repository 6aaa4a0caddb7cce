package io.firedrill.testing;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A thread that writes turn after turn, in one session, until it is closed. What ended it before that is told. */
final class SteadyWriter implements AutoCloseable {
    private final MongoClient client;
    private final Consumer<ClientSession> turn;
    private final Thread thread;
    private volatile boolean closed;
    private volatile @Nullable Throwable failure;

    SteadyWriter(String name, MongoClient client, Consumer<ClientSession> turn) {
        this.client = client;
        this.turn = turn;
        this.thread = new Thread(this::write, name);
    }

    void start() {
        thread.start();
    }

    private void write() {
        try (ClientSession session = client.startSession()) {
            while (!closed) {
                turn.accept(session);
            }
        } catch (RuntimeException thrown) {
            failure = thrown;
        }
    }

    void requireSound() {
        Throwable thrown = failure;
        if (thrown != null) {
            throw new AssertionError("the writer failed", thrown);
        }
    }

    /** Waits for the turn under way. */
    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
