package io.firedrill.testing;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogLink;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.ReadFrom;
import io.firedrill.oplog.ArchivePace;
import io.firedrill.oplog.ArchiveSource;
import io.firedrill.oplog.ArchiveWriting;
import io.firedrill.oplog.OplogArchiver;
import io.firedrill.storage.ObjectStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bson.RawBsonDocument;

/** Runs the archiver for tests, in a thread, and reads what it has archived. */
public final class OplogArchiving implements AutoCloseable {
    private static final Duration SLICE = Duration.ofMillis(300);
    private static final Duration FENCE = Duration.ofSeconds(1);

    private final AtomicBoolean stop = new AtomicBoolean();
    private final OplogArchiver archiver;
    private final CompletableFuture<Void> following = new CompletableFuture<>();

    /** From whom and how it reads. */
    public record Reading(Deployment set, ReadFrom from, Function<String, Deployment> direct) {
        /** A set of one member. */
        public static Reading of(Deployment set) {
            return new Reading(set, ReadFrom.PRIMARY, host -> set);
        }
    }

    private OplogArchiving(ObjectStore store, Reading reading, Runnable lease) {
        this(store, reading, lease, new ArchivePace(SLICE, FENCE, 64 << 10));
    }

    private OplogArchiving(ObjectStore store, Reading reading, Runnable lease, ArchivePace pace) {
        this(store, reading, lease, pace, _ -> {});
    }

    private OplogArchiving(
            ObjectStore store,
            Reading reading,
            Runnable lease,
            ArchivePace pace,
            Consumer<DeploymentIdentity> current) {
        archiver = new OplogArchiver(
                new ArchiveSource(reading.set(), reading.from(), reading.direct(), "a test"),
                new ArchiveWriting(archive(store), lease, 1, InstantSource.system(), current),
                pace,
                System::nanoTime,
                () -> {});
    }

    public static OplogArchive archive(ObjectStore store) {
        return new BackupCatalog(store, "source").oplog();
    }

    /** Archives what there is now. */
    public static OplogArchiver once(ObjectStore store, Reading reading) {
        var archiving = new OplogArchiving(store, reading, () -> {});
        archiving.archiver.once(() -> false);
        return archiving.archiver;
    }

    /** The same, of a source that has to be the one that the store knows. */
    public static OplogArchiver onceOfKnown(ObjectStore store, Reading reading) {
        var archiving = new OplogArchiving(
                store,
                reading,
                () -> {},
                new ArchivePace(SLICE, FENCE),
                new BackupCatalog(store, "source").succession()::requireCurrent);
        archiving.archiver.once(() -> false);
        return archiving.archiver;
    }

    /** The same, with slices as large as they are in earnest. */
    static OplogArchiver onceAtFullSize(ObjectStore store, Reading reading) {
        var archiving = new OplogArchiving(store, reading, () -> {}, new ArchivePace(SLICE, FENCE));
        archiving.archiver.once(() -> false);
        return archiving.archiver;
    }

    /** Begins to follow, with nobody to take the lease. */
    public static OplogArchiving follow(ObjectStore store, Reading reading) {
        return follow(store, reading, () -> {});
    }

    /** Begins to follow. */
    public static OplogArchiving follow(ObjectStore store, Reading reading, Runnable lease) {
        var archiving = new OplogArchiving(store, reading, lease);
        Thread.ofPlatform().name("archiver").start(() -> {
            try {
                archiving.archiver.follow(archiving.stop::get);
                archiving.following.complete(null);
            } catch (RuntimeException thrown) {
                archiving.following.completeExceptionally(thrown);
            }
        });
        return archiving;
    }

    public OplogArchiver archiver() {
        return archiver;
    }

    public boolean isEnded() {
        return following.isDone();
    }

    /** Waits until it has ended by itself, and throws what ended it. */
    public void end() {
        following.orTimeout(60, TimeUnit.SECONDS).join();
    }

    /** Every entry of a timeline, in order. */
    public static List<RawBsonDocument> entries(ObjectStore store, OplogTimeline timeline) {
        OplogArchive archive = archive(store);
        List<RawBsonDocument> entries = new ArrayList<>();
        for (OplogLink link : archive.links(timeline)) {
            archive.slices()
                    .fetch(link.slice().stored())
                    .forEachDocument((bytes, offset, length) ->
                            entries.add(new RawBsonDocument(Arrays.copyOfRange(bytes, offset, offset + length))));
        }
        return entries;
    }

    /** Asks it to stop, and waits until it has. */
    @Override
    public void close() {
        stop.set(true);
        following.join();
    }
}
