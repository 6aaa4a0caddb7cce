package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.bson.BSONException;
import org.jspecify.annotations.Nullable;

/**
 * Stands between one process and a mongod of our own on this machine, counts the writes that come by, and disturbs the run at one
 * of them. Everything else passes as it is; of a message no more than a buffer is held.
 */
final class WireProxy implements AutoCloseable {
    static final String THREADS = "wire-proxy-";

    private static final int WAITING_MAX = 512;
    private static final int CONNECT_MILLIS_MAX = 10_000;
    private static final long END_SECONDS_MAX = 30;

    private final InetSocketAddress server;
    private final ServerSocket entrance;
    private final ExecutorService threads;
    private final Set<WireConnection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable RuntimeException> trouble = new AtomicReference<>();
    private volatile boolean visited;
    private final WriteTally tally;
    private final WriteGate gate;
    private final Arrivals arrivals;

    /** Sees each write before it is counted, and may hold its connection up, but no other. */
    interface Arrivals {
        void at(WriteCommand write) throws InterruptedException;
    }

    /** What one of a connection's two threads does. */
    private interface Passing {
        void run() throws IOException, InterruptedException;
    }

    private WireProxy(int port, WriteTally tally, Optional<Cut> cut, Runnable atCut, Arrivals arrivals)
            throws IOException {
        InetAddress here = InetAddress.ofLiteral(ProxiedUri.HOST);
        this.server = new InetSocketAddress(here, port);
        this.entrance = new ServerSocket(0, WAITING_MAX, here);
        this.threads = Executors.newThreadPerTaskExecutor(Thread.ofPlatform()
                .daemon()
                .name(THREADS + entrance.getLocalPort() + "-", 0)
                .factory());
        this.tally = tally;
        this.gate = new WriteGate(tally, cut, atCut, this::disconnect);
        this.arrivals = arrivals;
    }

    /** Opens one that counts, and disturbs nothing. */
    static WireProxy counting(int port, ToolNamespaces tool, LongSupplier nanoTime) {
        return open(port, new WriteTally(tool, nanoTime), Optional.empty(), () -> {}, _ -> {});
    }

    /** Opens one that counts, and has whoever comes to the tool's lock first wait for the other guest of the meeting. */
    static WireProxy meeting(int port, ToolNamespaces tool, LongSupplier nanoTime, Meeting.Guest guest) {
        Arrivals atLock = write -> {
            if (tool.isLock(write)) {
                guest.arrive();
            }
        };
        return open(port, new WriteTally(tool, nanoTime), Optional.empty(), () -> {}, atLock);
    }

    /**
     * Opens one that lets everything through but the tool's lock: a write of that stays here until it is closed, and goes no further.
     *
     * @param atLock called when one comes
     * @param atOther called before any other write is passed on
     */
    static WireProxy withholdingLock(
            int port, ToolNamespaces tool, LongSupplier nanoTime, Runnable atLock, Runnable atOther) {
        Arrivals arrivals = write -> {
            if (!tool.isLock(write)) {
                atOther.run();
                return;
            }
            atLock.run();
            new CountDownLatch(1).await();
        };
        return open(port, new WriteTally(tool, nanoTime), Optional.empty(), () -> {}, arrivals);
    }

    /**
     * Opens one that makes a cut.
     *
     * @param port of the server, on this machine
     * @param atCut called once, when the cut is reached and before any connection notices; no write passes until it returns
     */
    static WireProxy cutting(int port, ToolNamespaces tool, LongSupplier nanoTime, Cut cut, Runnable atCut) {
        return open(port, new WriteTally(tool, nanoTime), Optional.of(cut), atCut, _ -> {});
    }

    private static WireProxy open(int port, WriteTally tally, Optional<Cut> cut, Runnable atCut, Arrivals arrivals) {
        try {
            var proxy = new WireProxy(port, tally, cut, atCut, arrivals);
            proxy.threads.execute(proxy::accept);
            return proxy;
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** A connection string for the server, made over so that whoever uses it comes through here. */
    String uri(String direct) {
        return ProxiedUri.through(direct, entrance.getLocalPort());
    }

    /** Whether anybody has come. */
    boolean isVisited() {
        return visited;
    }

    WritesSeen seen() {
        return tally.seen();
    }

    /** Whether the run came to the cut. */
    boolean reached() {
        return gate.reached();
    }

    /** Whether the cut was to lose an answer for which the process did not ask. */
    boolean unanswered() {
        return gate.unanswered();
    }

    /**
     * @throws Failure if a message could not be read, or the server not be reached: what was counted is not all then
     */
    void requireSound() {
        @Nullable RuntimeException thrown = trouble.get();
        if (thrown != null) {
            throw thrown;
        }
    }

    private void accept() {
        while (!entrance.isClosed()) {
            try {
                Socket guest = entrance.accept();
                visited = true;
                serve(guest);
            } catch (IOException thrown) {
                failUnlessClosed(thrown);
            }
        }
    }

    private void serve(Socket process) {
        var connection = new WireConnection(process, new Socket(), gate, arrivals);
        connections.add(connection);
        try {
            connection.connect(server, CONNECT_MILLIS_MAX);
            threads.execute(() -> pass(connection, connection::passRequests));
            threads.execute(() -> pass(connection, connection::passAnswers));
        } catch (IOException thrown) {
            failUnlessClosed(thrown);
            end(connection);
        } catch (RejectedExecutionException _) {
            // It is being closed.
            end(connection);
        }
        if (entrance.isClosed()) {
            // It came just before, and was perhaps not among those that were closed.
            connection.close();
        }
    }

    private void failUnlessClosed(IOException thrown) {
        if (!entrance.isClosed()) {
            fail(unreachable(thrown));
        }
    }

    private void pass(WireConnection connection, Passing passing) {
        try {
            passing.run();
        } catch (IOException | UncheckedIOException | InterruptedException _) {
            // One of the two sides has ended it, or it is being closed.
        } catch (BSONException thrown) {
            fail(malformed(thrown));
        } catch (RuntimeException thrown) {
            fail(thrown);
        } finally {
            // Last, so that whoever notices finds the reason.
            end(connection);
        }
    }

    private void end(WireConnection connection) {
        if (connection.awaitsAnswer()) {
            gate.abandoned();
        }
        connection.close();
        connections.remove(connection);
    }

    private void fail(RuntimeException thrown) {
        trouble.compareAndSet(null, thrown);
        gate.shut();
    }

    private static Failure malformed(BSONException thrown) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "a message between the migration's process and the server cannot be read: %s"
                        .formatted(
                                thrown instanceof MalformedMessage
                                        ? thrown.getMessage()
                                        : "a document in it contradicts itself"),
                "Let nothing but the migration's driver use the connection string it is given, without TLS and with a driver that knows MongoDB 6.0.");
    }

    private static Failure unreachable(IOException thrown) {
        return new Failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                "the rehearsal's server could not be reached for the migration's process: " + thrown.getMessage(),
                "Look into the server's log why it ended, and rehearse again.",
                thrown);
    }

    private void disconnect() {
        try {
            entrance.close();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
        connections.forEach(WireConnection::close);
    }

    /** Cuts what is still connected, and waits until nothing is left of it. */
    @Override
    public void close() {
        disconnect();
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(END_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "a connection did not end within %d seconds".formatted(END_SECONDS_MAX));
            }
        } catch (InterruptedException thrown) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while connections were closed", thrown);
        }
    }
}
