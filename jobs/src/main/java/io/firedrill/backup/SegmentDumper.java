package io.firedrill.backup;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.BackupPlan.Unit;
import io.firedrill.archive.Part;
import io.firedrill.archive.Segment;
import io.firedrill.failure.Failure;
import io.firedrill.mongo.OpTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;

/** Reads the units of a plan and stores them. Safe for use by many threads, one unit each. */
public final class SegmentDumper {
    private final RangeReader reader;
    private final BackupCatalog catalog;
    private final SegmentSize size;
    private final KnownSegments known;
    private final Untouched untouched;
    private final Runnable checkpoint;
    private final Set<Range> readWhole = ConcurrentHashMap.newKeySet();

    /**
     * @param untouched what is not read, or not whole
     * @param checkpoint called often, and before each durable write; throws when the run must not go on
     */
    public SegmentDumper(
            RangeReader reader,
            BackupCatalog catalog,
            SegmentSize size,
            KnownSegments known,
            Untouched untouched,
            Runnable checkpoint) {
        this.reader = reader;
        this.catalog = catalog;
        this.size = size;
        this.known = known;
        this.untouched = untouched;
        this.checkpoint = checkpoint;
    }

    /**
     * Dumps one unit, unless an earlier attempt did.
     *
     * @param gate that the scans pass
     * @param progress told the raw bytes read, as they are read
     */
    public void dump(BackupPlan plan, Unit unit, ReadGate gate, LongConsumer progress) {
        Optional<Part> done = catalog.part(plan.id(), unit.id());
        if (done.isPresent()) {
            progress.accept(Untouched.bytesOf(done.get().segments()));
            return;
        }
        List<Segment> segments = new ArrayList<>();
        try (ReadGate.Turn turn = gate.enter()) {
            for (Range range : unit.ranges()) {
                Optional<List<Segment>> spared = untouched.of(range);
                spared.ifPresent(same -> progress.accept(Untouched.bytesOf(same)));
                segments.addAll(
                        spared.or(() -> delta(plan, range, turn, progress).map(List::of))
                                .orElseGet(() -> whole(plan, range, turn, progress)));
            }
        }
        checkpoint.run();
        catalog.write(new Part(plan.id(), unit.id(), segments));
    }

    /** What was not read, or not whole, as far as it was dumped by this one. */
    public Untouched kept() {
        return untouched.without(readWhole);
    }

    private List<Segment> whole(BackupPlan plan, Range range, ReadGate.Turn turn, LongConsumer progress) {
        readWhole.add(range);
        return reader.read(
                plan,
                range,
                (at, scan) -> cut(range, at, scan, bytes -> {
                    turn.passed(bytes, checkpoint);
                    progress.accept(bytes);
                }));
    }

    /** Reads only what has changed, where that is known and can still be read. */
    private Optional<Segment> delta(BackupPlan plan, Range range, ReadGate.Turn turn, LongConsumer progress) {
        Optional<PlannedDelta> planned = untouched.deltaOf(range);
        var pace = new Pace(checkpoint, bytes -> turn.passed(bytes, checkpoint));
        try {
            Optional<Segment> made = planned.flatMap(delta -> reader.lookUp(plan, range, delta.ids())
                    .flatMap(scan -> delta.read(scan, pace))
                    .map(writer ->
                            delta.segment(range, plan.at(), catalog.segments().put(writer, known.byDigest()), writer)));
            made.ifPresent(segment -> progress.accept(segment.bytesRaw()));
            return made;
        } catch (Failure failure) {
            // Whoever reads the whole range meets the same, and knows how to go on.
            if (SourceChange.isLost(failure)) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private List<Segment> cut(Range range, OpTime at, RangeReader.Scan scan, LongConsumer progress) {
        var cut = new SegmentCut(catalog.segments(), known, size.max(), range, at);
        var paced = new Pace(checkpoint, progress);
        scan.read((bytes, offset, length) -> {
            cut.add(bytes, offset, length);
            paced.advance(length);
        });
        paced.flush();
        return cut.finish();
    }
}
