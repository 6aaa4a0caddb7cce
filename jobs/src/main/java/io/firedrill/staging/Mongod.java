package io.firedrill.staging;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/**
 * The mongod of one folder, on one port. It may be ended and started again on its files; all the while a shell watches over
 * the folder, so that nothing outlives this process.
 */
final class Mongod {
    /** What earned its place in the measurements of docs/MEASURED.md, and nothing else. */
    private static final List<String> TUNING = List.of(
            "--wiredTigerJournalCompressor",
            "none",
            // At the usual 5 and 20 % of the cache, pages are written out that are about to be changed again.
            "--wiredTigerEngineConfigString",
            "eviction_dirty_target=60,eviction_dirty_trigger=80");

    private static final long LOOK_MILLIS = 20;
    private static final long START_MILLIS_MAX = 60_000;

    /** Longer: everything that is in its cache only is written then. */
    private static final long END_MILLIS_MAX = 600_000;

    private static final int PORT_IN_USE = 48;

    private final String binary;
    private final StagingFolder folder;
    private final Port port;
    private Watcher watcher;

    private Mongod(String binary, StagingFolder folder, Port port, Watcher watcher) {
        this.binary = binary;
        this.folder = folder;
        this.port = port;
        this.watcher = watcher;
    }

    /**
     * Starts one, which listens some time later.
     *
     * @param options beside what every one of ours is started with
     */
    static Mongod launch(String binary, StagingFolder folder, List<String> options) {
        Port port = Port.free();
        return new Mongod(binary, folder, port, Watcher.start(folder.path(), command(binary, folder, port, options)));
    }

    private static List<String> command(String binary, StagingFolder folder, Port port, List<String> options) {
        var command = new ArrayList<>(List.of(
                binary,
                // First, since a long command line is not shown to its end, and this is what the process is known by.
                "--dbpath",
                folder.data().toString(),
                "--port",
                port.toString(),
                "--bind_ip",
                "127.0.0.1",
                "--nounixsocket",
                "--keyFile",
                folder.path().resolve("key").toString(),
                // Else whoever comes first from this machine could make himself a user.
                "--setParameter",
                "enableLocalhostAuthBypass=false"));
        command.addAll(TUNING);
        command.addAll(options);
        return command;
    }

    Port port() {
        return port;
    }

    /** Of the process that runs, or has run last. */
    long pid() {
        return watcher.pid();
    }

    /** Whether its port was free, and is another's by now. */
    boolean lostItsPort() {
        OptionalInt code = awaitListening();
        if (code.isPresent() && code.getAsInt() != PORT_IN_USE) {
            throw notStarted(code.getAsInt());
        }
        return code.isPresent();
    }

    /** The exit code if it ended instead. */
    private OptionalInt awaitListening() {
        return await(port::answers, START_MILLIS_MAX, "does not listen");
    }

    /** Waits until something holds of it; the exit code if it ended instead. */
    private OptionalInt await(BooleanSupplier state, long millisMax, String not) {
        for (long look = 0; look < millisMax; look += LOOK_MILLIS) {
            OptionalInt code = watcher.endedWithin(LOOK_MILLIS);
            if (code.isPresent() || state.getAsBoolean()) {
                return code;
            }
        }
        throw new Failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                "the ephemeral mongod %s after %d seconds".formatted(not, millisMax / 1_000),
                "See what else keeps this machine or its disk busy, and run it again.");
    }

    /** Waits until something holds of the server; a failure if it ends instead. */
    void require(BooleanSupplier state, String not) {
        OptionalInt code = await(state, START_MILLIS_MAX, not);
        if (code.isPresent()) {
            throw notStarted(code.getAsInt());
        }
    }

    Failure notStarted(int code) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "the ephemeral mongod %s ended with %d while it started: %s"
                        .formatted(binary, code, folder.lastWords()),
                "Check that FIREDRILL_MONGOD names a mongod 6.0 or later that runs on this machine, and look at FIREDRILL_STAGING_DIR.");
    }

    Failure portLost() {
        return notStarted(PORT_IN_USE);
    }

    /** Ends the process and leaves its files as sound as it can. */
    void end(Deployment deployment) {
        deployment.shutDown();
        int code = awaitEnd();
        if (code != 0) {
            throw new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "the ephemeral mongod ended with %d instead of 0, so that nobody knows what its files are worth: %s"
                            .formatted(code, folder.lastWords()),
                    "See whether the machine is short of memory or disk, and run it again.");
        }
    }

    /** Ends the process, whose files are not needed any more. */
    void kill() {
        StagingFolder.serverOf(watcher.pid(), folder.path()).ifPresent(StagingFolder::end);
        awaitEnd();
    }

    private int awaitEnd() {
        return await(() -> false, END_MILLIS_MAX, "does not end").orElseThrow();
    }

    /** Starts it again, after its end, on the port that it had; waits until it listens. */
    void startAgain(List<String> options) {
        Watcher before = watcher;
        // Two watch for a moment: at no time does nobody.
        watcher = Watcher.start(folder.path(), command(binary, folder, port, options));
        before.handOver();
        if (lostItsPort()) {
            throw portLost();
        }
    }

    /** Ends it, if it runs, and lets the shell remove the folder. */
    void release(long seconds) {
        watcher.release(seconds);
    }
}
