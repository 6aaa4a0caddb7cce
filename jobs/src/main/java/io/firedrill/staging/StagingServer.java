package io.firedrill.staging;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A mongod of our own: a standalone on loopback that lets in nobody but this process, tuned for loading, gone when this
 * process is gone.
 */
public final class StagingServer implements AutoCloseable {
    /** What it goes by, where a replica set has a name. */
    public static final String NAME = "ephemeral";

    /** What earned its place in the measurements of docs/MEASURED.md, and nothing else. */
    private static final List<String> TUNING = List.of(
            "--wiredTigerJournalCompressor",
            "none",
            // At the usual 5 and 20 % of the cache, pages are written out that are about to be changed again.
            "--wiredTigerEngineConfigString",
            "eviction_dirty_target=60,eviction_dirty_trigger=80");

    private static final int STARTS_MAX = 5;
    private static final int LOOKS_MAX = 3_000;
    private static final long LOOK_MILLIS = 20;
    private static final long DESTROY_SECONDS_MAX = 60;
    private static final int PORT_IN_USE = 48;

    /**
     * Below the ports that the kernel gives to outgoing connections: one of ours must not take the server's away. Nor
     * where servers for tests and 27017 are: a source that once had our address would be taken for us by the guard.
     */
    private static final int PORT_MIN = 10_000;

    private static final int PORT_MAX = 20_000;
    private static final int PORT_TRIES_MAX = 1_000;

    private final StagingFolder folder;
    private final Watcher watcher;
    private final int port;
    private final Deployment deployment;
    private boolean destroyed;

    private StagingServer(StagingFolder folder, Watcher watcher, int port) {
        this.folder = folder;
        this.watcher = watcher;
        this.port = port;
        this.deployment = Deployments.own(port, folder.key(), "staging", NAME);
    }

    /**
     * Removes the folders of servers that were left behind with their owner dead, such as by a loss of power.
     *
     * @return what was removed
     */
    public static List<Path> sweep(Path root) {
        return StagingFolder.sweep(root);
    }

    /**
     * Starts one and waits until it lets us in.
     *
     * @param mongod path of the binary, or its name on the PATH
     * @param root where its folder is made
     * @param bytesRaw of the data that it is to hold
     * @param sourceVersion the feature compatibility version of where the data comes from
     */
    public static StagingServer start(String mongod, Path root, long bytesRaw, String sourceVersion) {
        String binary = Binary.find(mongod);
        for (int start = 1; ; start++) {
            StagingFolder folder = StagingFolder.create(root, bytesRaw);
            int port = freePort();
            var server = new StagingServer(folder, Watcher.start(folder.path(), command(binary, folder, port)), port);
            try {
                OptionalInt code = server.awaitListening();
                if (code.isEmpty()) {
                    server.requireVersion(sourceVersion, binary);
                    return server;
                }
                if (code.getAsInt() != PORT_IN_USE || start == STARTS_MAX) {
                    throw notStarted(binary, code.getAsInt(), folder.lastWords());
                }
                server.close();
            } catch (RuntimeException thrown) {
                server.destroyAfter(thrown);
                throw thrown;
            }
        }
    }

    private static List<String> command(String binary, StagingFolder folder, int port) {
        var command = new ArrayList<>(List.of(
                binary,
                // First, since a long command line is not shown to its end, and this is what the process is known by.
                "--dbpath",
                folder.path().resolve("data").toString(),
                "--port",
                Integer.toString(port),
                "--bind_ip",
                "127.0.0.1",
                "--nounixsocket",
                "--keyFile",
                folder.path().resolve("key").toString(),
                // Else whoever comes first from this machine could make himself a user.
                "--setParameter",
                "enableLocalhostAuthBypass=false"));
        command.addAll(TUNING);
        return command;
    }

    private static int freePort() {
        return ThreadLocalRandom.current()
                .ints(PORT_TRIES_MAX, PORT_MIN, PORT_MAX)
                .filter(StagingServer::isFree)
                .findFirst()
                .orElseThrow(() -> new Failure(
                        FailureKind.DEPENDENCY_UNAVAILABLE,
                        "none of %d ports tried on 127.0.0.1 between %d and %d is free"
                                .formatted(PORT_TRIES_MAX, PORT_MIN, PORT_MAX),
                        "See what listens on them (ss -ltn), and run it again when some are free."));
    }

    private static boolean isFree(int port) {
        try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    /** The exit code if it ended instead. */
    private OptionalInt awaitListening() {
        for (int look = 0; look < LOOKS_MAX; look++) {
            OptionalInt code = watcher.endedWithin(LOOK_MILLIS);
            if (code.isPresent() || isListening()) {
                return code;
            }
        }
        throw new Failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                "the ephemeral mongod does not listen after %d seconds".formatted(LOOKS_MAX * LOOK_MILLIS / 1_000),
                "See what else keeps this machine or its disk busy, and run it again.");
    }

    private boolean isListening() {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private void requireVersion(String source, String binary) {
        String own = deployment.identity().featureCompatibilityVersion();
        if (compareVersions(own, source) < 0) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the ephemeral mongod %s has feature compatibility %s, and the source of this backup %s"
                            .formatted(binary, own, source),
                    "Point FIREDRILL_MONGOD at a mongod that is no older than the source.");
        }
    }

    /** Of "6.0" and the like. */
    private static int compareVersions(String one, String other) {
        return Arrays.compare(numbers(one), numbers(other));
    }

    private static int[] numbers(String version) {
        return Arrays.stream(version.split("\\.", -1))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private static Failure notStarted(String binary, int code, String lastWords) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "the ephemeral mongod %s ended with %d while it started: %s".formatted(binary, code, lastWords),
                "Check that FIREDRILL_MONGOD names a mongod 6.0 or later that runs on this machine, and look at FIREDRILL_STAGING_DIR.");
    }

    public Deployment deployment() {
        return deployment;
    }

    public int port() {
        return port;
    }

    /** Where its files lie. */
    public Path path() {
        return folder.path();
    }

    /** The process id of the mongod. */
    public long pid() {
        return watcher.pid();
    }

    /**
     * Ends the server and removes its files; throws if anything is left.
     *
     * @return what was seen afterwards
     */
    public String destroy() {
        destroyed = true;
        deployment.close();
        watcher.release(DESTROY_SECONDS_MAX);
        if (!folder.isGone()) {
            // The shell was killed, or did not get through in time.
            StagingFolder.remove(folder.path());
        }
        folder.release();
        requireNothingLeft();
        return "process %d has ended, %s is gone, 127.0.0.1:%d refuses connections"
                .formatted(pid(), folder.path(), port);
    }

    private void requireNothingLeft() {
        var left = new ArrayList<String>();
        if (StagingFolder.serverOf(pid(), folder.path()).isPresent()) {
            left.add("process %d lives".formatted(pid()));
        }
        if (!folder.isGone()) {
            left.add("%s is there".formatted(folder.path()));
        }
        if (isListening()) {
            left.add("127.0.0.1:%d answers".formatted(port));
        }
        if (!left.isEmpty()) {
            throw new Failure(
                    FailureKind.STAGING_LEFT_BEHIND,
                    "the ephemeral staging is not destroyed: " + String.join(", ", left),
                    "It holds restored data: end the process and delete the directory by hand, now.");
        }
    }

    private void destroyAfter(RuntimeException thrown) {
        try {
            destroy();
        } catch (RuntimeException left) {
            thrown.addSuppressed(left);
        }
    }

    /** As {@link #destroy}, unless that was done. */
    @Override
    public void close() {
        if (!destroyed) {
            destroy();
        }
    }
}
