package io.firedrill.backup;

import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.SealedRange;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CappedSnapshot;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DocumentConsumer;
import io.firedrill.mongo.HistoryWindow;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.RangeScan;
import io.firedrill.mongo.Requests;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** One pass over a source at one cluster time, through the gate. Whatever comes in its way ends it. */
final class SealPass {
    /** How far a member that is read from may be behind. */
    private static final Duration PATIENCE_WITH_MEMBER = Duration.ofMinutes(1);

    private final Deployment source;
    private final SealTaker.Reading reading;
    private final String note;
    private final OpTime at;
    private final Runnable checkpoint;
    private final LongConsumer progress;
    private final AtomicLong bytesRead = new AtomicLong();
    private final AtomicReference<@Nullable RuntimeException> first = new AtomicReference<>();

    SealPass(
            Deployment source,
            SealTaker.Reading reading,
            String note,
            OpTime at,
            Runnable checkpoint,
            LongConsumer progress) {
        this.source = source;
        this.reading = reading;
        this.note = note;
        this.at = at;
        this.checkpoint = checkpoint;
        this.progress = progress;
    }

    /** One digest for all of a capped collection, as an open snapshot shows it. */
    List<SealedRange> capped(CappedSnapshot snapshot, CollectionShape shape, Range range) {
        return digest(shape, range, Long.MAX_VALUE, consumer -> snapshot.read(shape, consumer));
    }

    /**
     * The digests of ranges, as many at a time as the gate has lanes.
     *
     * @param bytesMax where a range is cut in two; a collection without ranges in BSON order never is
     */
    List<SealedRange> ranges(List<CollectionShape> collections, List<Range> ranges, long bytesMax) {
        if (reading.member() != source) {
            reading.member().await(at, PATIENCE_WITH_MEMBER);
        }
        try {
            return Requests.all(
                            ranges,
                            reading.gate().lanes(),
                            range -> range(collections.get(range.collection()), range, bytesMax))
                    .stream()
                    .flatMap(List::stream)
                    .toList();
        } catch (RuntimeException thrown) {
            RuntimeException cause = first.get();
            throw cause == null ? thrown : cause;
        }
    }

    private List<SealedRange> range(CollectionShape shape, Range range, long bytesMax) {
        try {
            var scan = new RangeScan(
                    shape.namespace(), shape.uuid().orElseThrow(), range.min(), range.max(), Optional.of(at));
            return digest(
                    shape,
                    range,
                    shape.isSequence() ? Long.MAX_VALUE : bytesMax,
                    consumer -> scan.read(reading.member(), consumer));
        } catch (RuntimeException thrown) {
            first.compareAndSet(null, thrown);
            throw thrown;
        }
    }

    private List<SealedRange> digest(
            CollectionShape shape, Range range, long bytesMax, Consumer<DocumentConsumer> read) {
        try (ReadGate.Turn turn = reading.gate().enter()) {
            var cut = new SealCut(range, bytesMax);
            var paced = new Pace(this::check, bytes -> {
                bytesRead.addAndGet(bytes);
                turn.passed(bytes, this::check);
                progress.accept(bytes);
            });
            read.accept((bytes, offset, length) -> {
                cut.add(bytes, offset, length);
                paced.advance(length);
            });
            paced.flush();
            return cut.finish();
        } catch (Failure failure) {
            throw named(shape, failure);
        }
    }

    /** One range that failed is the end of them all: half a seal is none. */
    private void check() {
        if (first.get() != null) {
            throw new Failure(FailureKind.ABORTED, "another range failed", "See the first failure of the run.");
        }
        checkpoint.run();
    }

    private Failure named(CollectionShape shape, Failure failure) {
        if (SourceChange.isChange(failure)) {
            return new SourceChange(source, note)
                    .of(Set.of(shape.uuid().orElseThrow()), at)
                    .orElse(failure);
        }
        return RangeScan.isTooOld(failure) ? forgotten(shape, failure) : failure;
    }

    private Failure forgotten(CollectionShape shape, Failure failure) {
        return new Failure(
                FailureKind.SOURCE_UNSUITABLE,
                "%s %s forgot cluster time %s while a seal was taken of it: %d bytes were read, and %s not to its end; the history window is %d s"
                        .formatted(
                                source.role(),
                                source.hosts(),
                                at,
                                bytesRead.get(),
                                shape.namespace(),
                                HistoryWindow.of(reading.member()).toSeconds()),
                "A seal shows one moment, so all of it has to be read within the history window: raise minSnapshotHistoryWindowInSeconds on the member that is read, allow more with lanes or read-limit, or leave the largest collections out with 'exclude'. Nothing was stored.",
                failure);
    }
}
