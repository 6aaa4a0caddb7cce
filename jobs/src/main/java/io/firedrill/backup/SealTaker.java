package io.firedrill.backup;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupPlan.Excluded;
import io.firedrill.archive.Seal;
import io.firedrill.archive.SealedRange;
import io.firedrill.backup.RangeCutter.SizedRange;
import io.firedrill.backup.SourceContents.Contents;
import io.firedrill.failure.Failure;
import io.firedrill.mongo.BoundSampler;
import io.firedrill.mongo.CappedSnapshot;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.OplogHistory;
import io.firedrill.mongo.Requests;
import io.firedrill.mongo.ServerLoad;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Takes seals: reads everything a source holds at one cluster time and keeps only digests. A seal has exactly one moment, so it
 * is whole or it is not: nothing is written before everything was read.
 */
public final class SealTaker {
    /** What ranges are planned for that are read in one go; they are the same as a backup's. */
    public static final long BYTES_TARGET = SegmentSize.DEFAULT.target();

    /** A digest stands for this part of a planned range, so that a difference can be named more closely. */
    private static final int DIGESTS_PER_RANGE = 32;

    /** A seal is read as a whole, so it must not grow with the data without a bound. */
    private static final int DIGESTS_MAX = 8_192;

    private static final int ATTEMPTS_MAX = 5;

    private final Deployment source;
    private final Reading reading;
    private final BackupCatalog catalog;
    private final SourceContents contents;
    private final long bytesTarget;
    private final InstantSource clock;
    private final LongSupplier nanos;

    /**
     * From where and how fast a seal is read.
     *
     * @param description of the member, for the seal
     */
    public record Reading(Deployment member, String description, ReadGate gate) {}

    /**
     * What a seal taken now would read.
     *
     * @param bytesEstimated by the server's fast statistics
     */
    public record Draft(OpTime at, int collections, long bytesEstimated, List<Excluded> excluded) {}

    /**
     * @param source the whole replica set: its primary is fenced, and asked for its catalog and its capped collections
     * @param bytesTarget what ranges are planned for
     * @param nanos a monotonic clock
     */
    public SealTaker(
            Deployment source,
            Reading reading,
            BackupCatalog catalog,
            Coverage coverage,
            long bytesTarget,
            InstantSource clock,
            LongSupplier nanos) {
        this.source = source;
        this.reading = reading;
        this.catalog = catalog;
        this.contents = new SourceContents(source, catalog, coverage);
        this.bytesTarget = bytesTarget;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** Looks what there is to seal, and reads none of it. */
    public Draft draft(String note) {
        try (var capped = new CappedSnapshot(source)) {
            Contents found = contents.read(note, capped);
            return new Draft(found.at(), sealed(found).size(), bytes(ranges(found)), excluded(found));
        }
    }

    /**
     * Whether a seal taken now would say what another says: for certain, so that no is no promise that it would not.
     *
     * @param note for the source's oplog: who asks
     */
    public boolean isRepeated(Seal before, String note) {
        return OplogHistory.of(source).isQuietSince(before.at())
                && source.identity().replicaSetId().equals(before.identity().replicaSetId())
                && draft(note).excluded().equals(before.excluded());
    }

    /**
     * Takes a seal and stores it. Where collections come and go under it, it is begun anew at another moment, a few times.
     *
     * @param note for the source's oplog: who asks
     * @param checkpoint called often, and before the seal is stored; throws when it must not go on
     * @param progress told the raw bytes read, as they are read
     */
    public Seal take(String note, Runnable checkpoint, LongConsumer progress) {
        for (int attempt = 1; ; attempt++) {
            try {
                return takeOnce(note, checkpoint, progress);
            } catch (Failure failure) {
                if (!SourceChange.isChange(failure) || attempt == ATTEMPTS_MAX) {
                    throw failure;
                }
            }
        }
    }

    private Seal takeOnce(String note, Runnable checkpoint, LongConsumer progress) {
        long begin = nanos.getAsLong();
        ServerLoad before = ServerLoad.of(source);
        try (var capped = new CappedSnapshot(source)) {
            Contents found = contents.read(note, capped);
            var pass = new SealPass(source, reading, note, found.at(), checkpoint, progress);
            List<SealedRange> digests = digests(found, capped, pass, note);
            Seal seal = new Seal(
                    catalog.source(),
                    found.identity(),
                    found.at(),
                    clock.instant(),
                    sealed(found),
                    digests,
                    excluded(found),
                    cost(begin, before, digests));
            checkpoint.run();
            catalog.remember(seal.identity());
            catalog.seals().write(seal);
            return seal;
        }
    }

    /** The capped collections first: only the snapshot that is open now shows them, and not for long. */
    private List<SealedRange> digests(Contents found, CappedSnapshot capped, SealPass pass, String note) {
        List<CollectionShape> collections = sealed(found);
        List<SizedRange> ranges = ranges(found);
        long bytesMax = Math.max(bytesTarget / DIGESTS_PER_RANGE, bytes(ranges) / DIGESTS_MAX);
        List<SealedRange> digests = new ArrayList<>();
        for (SizedRange each : ranges) {
            CollectionShape shape = collections.get(each.range().collection());
            if (shape.isCapped()) {
                digests.addAll(pass.capped(capped, shape, each.range()));
            }
        }
        capped.close();
        contents.requireInPlace(note, found);
        digests.addAll(pass.ranges(
                collections,
                ranges.stream()
                        .map(SizedRange::range)
                        .filter(range -> !collections.get(range.collection()).isCapped())
                        .toList(),
                bytesMax));
        digests.sort(Comparator.comparingInt(SealedRange::collection));
        return digests;
    }

    private List<SizedRange> ranges(Contents found) {
        var cutter = new RangeCutter(new BoundSampler(source), KnownSegments.NONE, bytesTarget);
        List<CollectionShape> collections = sealed(found);
        List<Integer> numbers = IntStream.range(0, collections.size())
                .filter(i -> collections.get(i).hasDocuments())
                .boxed()
                .toList();
        return Requests.all(numbers, i -> cutter.cut(i, collections.get(i))).stream()
                .flatMap(List::stream)
                .toList();
    }

    private static long bytes(List<SizedRange> ranges) {
        return ranges.stream().mapToLong(SizedRange::bytesEstimated).sum();
    }

    private static List<CollectionShape> sealed(Contents found) {
        Predicate<CollectionShape> access = shape -> shape.namespace().isAccess();
        return found.collections().stream().filter(access.negate()).toList();
    }

    /** Users and roles are none of what a recovered moment is compared by: a restore leaves them out unless it is asked to. */
    private static List<Excluded> excluded(Contents found) {
        Stream<Excluded> access = found.collections().stream()
                .filter(shape -> shape.namespace().isAccess())
                .map(shape -> new Excluded(
                        shape.namespace().toString(), "users and roles: a restore proves them one by one"));
        return Stream.concat(found.excluded().stream(), access).toList();
    }

    private Seal.Cost cost(long begin, ServerLoad before, List<SealedRange> digests) {
        ServerLoad after = ServerLoad.of(source);
        return new Seal.Cost(
                Duration.ofNanos(nanos.getAsLong() - begin),
                digests.stream().mapToLong(SealedRange::bytes).sum(),
                reading.description(),
                // A primary that was elected meanwhile has counters of its own.
                Math.max(0, after.writes() - before.writes()),
                Duration.ofNanos(1_000 * Math.max(0, after.writeMicros() - before.writeMicros())));
    }
}
