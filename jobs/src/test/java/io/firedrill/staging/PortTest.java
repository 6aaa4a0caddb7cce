package io.firedrill.staging;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

final class PortTest {
    @Test
    void whoAnswersToTheEndIsNotSilent() throws IOException {
        try (ServerSocket server = listening()) {
            assertThat(new Port(server.getLocalPort()).awaitSilence(200)).isFalse();
        }
    }

    @Test
    void whoStopsAnsweringIsWaitedFor() throws IOException, InterruptedException {
        ServerSocket server = listening();
        var asked = Thread.ofVirtual().start(() -> {
            try (server;
                    var _ = server.accept()) {
                // The first one is let in; then the port is closed.
            } catch (IOException thrown) {
                throw new AssertionError(thrown);
            }
        });
        assertThat(new Port(server.getLocalPort()).awaitSilence(60_000)).isTrue();
        asked.join();
        assertThat(server.isClosed()).isTrue();
    }

    private static ServerSocket listening() throws IOException {
        return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }
}
