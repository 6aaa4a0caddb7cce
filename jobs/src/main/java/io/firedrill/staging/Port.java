package io.firedrill.staging;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** A port of this machine's loopback address, for a server of ours. */
record Port(int number) {
    private static final int CONNECT_MILLIS_MAX = 1_000;

    /**
     * Below the ports that the kernel gives to outgoing connections: one of ours must not take the server's away. Nor
     * where servers for tests and 27017 are: a source that once had our address would be taken for us by the guard.
     */
    private static final int MIN = 10_000;

    private static final int MAX = 20_000;
    private static final int TRIES_MAX = 1_000;
    private static final long LOOK_MILLIS = 50;

    static Port free() {
        return ThreadLocalRandom.current()
                .ints(TRIES_MAX, MIN, MAX)
                .mapToObj(Port::new)
                .filter(Port::isFree)
                .findFirst()
                .orElseThrow(() -> new Failure(
                        FailureKind.DEPENDENCY_UNAVAILABLE,
                        "none of %d ports tried on 127.0.0.1 between %d and %d is free".formatted(TRIES_MAX, MIN, MAX),
                        "See what listens on them (ss -ltn), and run it again when some are free."));
    }

    private boolean isFree() {
        try (var _ = new ServerSocket(number, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    boolean answers() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), number), CONNECT_MILLIS_MAX);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** Waits until nobody answers any more; false if somebody does to the end. */
    boolean awaitSilence(long millisMax) {
        for (long look = 0; look < millisMax; look += LOOK_MILLIS) {
            if (!answers()) {
                return true;
            }
            LockSupport.parkNanos(LOOK_MILLIS * 1_000_000);
        }
        return false;
    }

    @Override
    public String toString() {
        return Integer.toString(number);
    }
}
