package io.firedrill.migration;

import io.firedrill.migration.WireProxy.Arrivals;
import io.firedrill.migration.WriteGate.Passage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One connection of a process and the one to the server that belongs to it. When either ends, both do. */
final class WireConnection implements AutoCloseable {
    private final Socket process;
    private final Socket server;
    private final WriteGate gate;
    private final Arrivals arrivals;

    /** The request whose answer is to be lost. */
    private volatile @Nullable Integer lost;

    WireConnection(Socket process, Socket server, WriteGate gate, Arrivals arrivals) {
        this.process = process;
        this.server = server;
        this.gate = gate;
        this.arrivals = arrivals;
    }

    void connect(SocketAddress address, int millisMax) throws IOException {
        server.connect(address, millisMax);
    }

    /** Passes on what the process asks for until one side has ended. */
    void passRequests() throws IOException, InterruptedException {
        // Nothing waits for more bytes to send at once.
        process.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        var messages = new MessageInput(new PassingBytes(process.getInputStream(), server.getOutputStream()));
        for (var header = messages.next(); header.isPresent(); header = messages.next()) {
            Optional<WriteCommand> write = CommandReader.read(header.get(), messages);
            messages.toEnd();
            Passage passage = write.isPresent() ? entered(write.get()) : Passage.FORWARD;
            if (passage == Passage.WITHHOLD) {
                return;
            }
            if (passage == Passage.LOSE_ANSWER) {
                lost = header.get().requestId();
            }
            messages.passOn();
        }
    }

    private Passage entered(WriteCommand write) throws InterruptedException {
        arrivals.at(write);
        return gate.enter(write);
    }

    /** Passes on what the server answers until one side has ended. */
    void passAnswers() throws IOException {
        var messages = new MessageInput(new PassingBytes(server.getInputStream(), process.getOutputStream()));
        for (var header = messages.next(); header.isPresent(); header = messages.next()) {
            @Nullable Integer waitedFor = lost;
            if (waitedFor != null && waitedFor == header.get().responseTo()) {
                gate.answered();
                return;
            }
            messages.toEnd();
            messages.passOn();
        }
    }

    /** Whether the answer that is to be lost would have come on this one. */
    boolean awaitsAnswer() {
        return lost != null;
    }

    @Override
    public void close() {
        try (process;
                server) {
            // Whoever reads from them wakes up.
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }
}
