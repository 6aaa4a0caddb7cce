package io.firedrill.staging;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.Deployments;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A mongod of our own: on loopback, open to nobody but this process, tuned for loading, gone when this process is gone.
 *
 * <p>It starts as a standalone. For a rehearsal it becomes a replica set of one member, lets one user of ours in, keeps its
 * files as they are at a moment, and goes back to them. Not safe for use by several threads, but for its deployment.
 */
public final class StagingServer implements AutoCloseable {
    /** What it goes by, where a replica set has a name. */
    public static final String NAME = "ephemeral";

    /** What a rehearsal needs beside the tuning. */
    private static final List<String> REPLICA_SET = List.of(
            "--replSet",
            NAME,
            // The oplog is the witness of what was written, however much that is.
            "--oplogMinRetentionHours",
            "24",
            // Documents that have expired since the backup would go, and be taken for a migration's work.
            "--setParameter",
            "ttlMonitorEnabled=false");

    /** A standalone shows a member's files as of their last checkpoint, unless it is told to play their oplog to its end. */
    private static final List<String> SHELF =
            List.of("--setParameter", "recoverFromOplogAsStandalone=true", "--setParameter", "ttlMonitorEnabled=false");

    private static final String NO_PRIMARY = "has no primary that takes writes";

    private static final int STARTS_MAX = 5;
    private static final long DESTROY_SECONDS_MAX = 60;
    private static final long SILENCE_MILLIS_MAX = 60_000;

    private final String binary;
    private final StagingFolder folder;
    private final Mongod mongod;
    private final Deployment deployment;
    private final List<Saved> saved = new ArrayList<>();
    private final RehearsalUser user = new RehearsalUser();

    /** The user's view, once it is a replica set. */
    private Optional<Deployment> asUser = Optional.empty();

    private int saves;
    private boolean destroyed;

    private StagingServer(String binary, StagingFolder folder, Mongod mongod) {
        this.binary = binary;
        this.folder = folder;
        this.mongod = mongod;
        this.deployment = Deployments.own(mongod.port().number(), folder.key(), "staging", NAME);
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
     * Where the mongod is, and which one it says it is.
     *
     * @param mongod path of the binary, or its name on the PATH
     */
    public static String versionOf(String mongod) {
        return Binary.version(Binary.find(mongod));
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
        StagingServer server = started(binary, () -> StagingFolder.create(root, bytesRaw), List.of());
        try {
            server.requireVersion(sourceVersion);
            return server;
        } catch (RuntimeException thrown) {
            server.destroyAfter(thrown);
            throw thrown;
        }
    }

    private static StagingServer started(String binary, Supplier<StagingFolder> folders, List<String> options) {
        for (int start = 1; ; start++) {
            StagingFolder folder = folders.get();
            var server = new StagingServer(binary, folder, Mongod.launch(binary, folder, options));
            try {
                if (!server.mongod.lostItsPort()) {
                    return server;
                }
                if (start == STARTS_MAX) {
                    throw server.mongod.portLost();
                }
                server.close();
            } catch (RuntimeException thrown) {
                server.destroyAfter(thrown);
                throw thrown;
            }
        }
    }

    private void requireVersion(String source) {
        DeploymentIdentity own = deployment.identity();
        if (own.isOlderThan(source)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the ephemeral mongod %s has feature compatibility %s, and the source of this backup %s"
                            .formatted(binary, own.featureCompatibilityVersion(), source),
                    "Point FIREDRILL_MONGOD at a mongod that is no older than the source.");
        }
    }

    /**
     * Starts it again on its files as a replica set of one member, and waits until that has a primary: transactions work from
     * then on, and everything written is in its oplog. Its port and its deployment stay.
     */
    public void toReplicaSet() {
        if (asUser.isPresent()) {
            throw new IllegalStateException("it is a replica set already");
        }
        mongod.end(deployment);
        mongod.startAgain(REPLICA_SET);
        deployment.initiate(NAME);
        mongod.require(deployment::isWritable, NO_PRIMARY);
        user.create(deployment);
        asUser = Optional.of(Deployments.connect(user.uri(port()), "staging"));
        awaitPrimary();
    }

    /** Until whoever was connected before can go on. */
    private void awaitPrimary() {
        mongod.require(deployment::isWritable, NO_PRIMARY);
        mongod.require(asUser()::signsTime, NO_PRIMARY);
    }

    /**
     * The connection string of a user for a child process; it may read, write and define all data, and no more. Secret, never
     * to be printed. The user is there whatever files the server goes back to.
     */
    public String userUri() {
        asUser();
        return user.uri(port());
    }

    /** Keeps the files as they are now; the server is ended for it and started again. Everybody who is connected is cut off. */
    public Saved save() {
        asUser();
        // What a majority has is in the files after the end, and not in the oplog alone.
        deployment.fence("saved");
        mongod.end(deployment);
        Saved files = folder.save(++saves);
        saved.add(files);
        startAgain();
        return files;
    }

    /** Makes the server what it was when its files were kept, to the byte; whatever was written since has never been. */
    public void goBackTo(Saved files) {
        requireKept(files);
        mongod.kill();
        folder.goBackTo(files);
        startAgain();
    }

    private void startAgain() {
        mongod.startAgain(REPLICA_SET);
        awaitPrimary();
    }

    /**
     * Starts another server on a copy of kept files, to read what they hold while this one goes on: a standalone with a folder and
     * a key of its own, which its {@link #close} destroys.
     */
    public StagingServer shelf(Saved files) {
        requireKept(files);
        Path root = Objects.requireNonNull(folder.path().getParent());
        return started(binary, () -> StagingFolder.on(root, files), SHELF);
    }

    /** Removes kept files that nobody goes back to any more; all are gone with the server anyway. */
    public void discard(Saved files) {
        requireKept(files);
        StagingFolder.delete(files.path());
        saved.remove(files);
    }

    private Deployment asUser() {
        return asUser.orElseThrow(() -> new IllegalStateException("it is no replica set yet"));
    }

    private void requireKept(Saved files) {
        if (!saved.contains(files)) {
            throw new IllegalArgumentException("no files of this server, or discarded: " + files);
        }
    }

    public Deployment deployment() {
        return deployment;
    }

    public int port() {
        return mongod.port().number();
    }

    /** Where its files lie. */
    public Path path() {
        return folder.path();
    }

    /** The process id of the mongod; it has another one each time it is started again. */
    public long pid() {
        return mongod.pid();
    }

    /**
     * Ends the server and removes its files; throws if anything is left.
     *
     * @return what was seen afterwards
     */
    public String destroy() {
        destroyed = true;
        deployment.close();
        asUser.ifPresent(Deployment::close);
        mongod.release(DESTROY_SECONDS_MAX);
        if (!folder.isGone()) {
            // The shell was killed, or did not get through in time.
            StagingFolder.remove(folder.path());
        }
        folder.release();
        requireNothingLeft();
        return "process %d has ended, %s is gone, 127.0.0.1:%d refuses connections"
                .formatted(pid(), folder.path(), port());
    }

    private void requireNothingLeft() {
        // A killed process keeps its port until the last of its threads is back from the disk.
        boolean silent = mongod.port().awaitSilence(SILENCE_MILLIS_MAX);
        var left = new ArrayList<String>();
        if (StagingFolder.serverOf(pid(), folder.path()).isPresent()) {
            left.add("process %d lives".formatted(pid()));
        }
        if (!folder.isGone()) {
            left.add("%s is there".formatted(folder.path()));
        }
        if (!silent) {
            left.add("127.0.0.1:%d answers".formatted(port()));
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
