package io.firedrill.backup;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.BackupPlan.Unit;
import io.firedrill.archive.Part;
import io.firedrill.archive.Segment;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Reads the units of a plan and stores them. Safe for use by many threads, one unit each. */
public final class SegmentDumper {
    private final RangeReader reader;
    private final BackupCatalog catalog;
    private final SegmentSize size;
    private final KnownSegments known;
    private final Untouched untouched;
    private final Runnable checkpoint;
    private final Set<Range> readWhole = ConcurrentHashMap.newKeySet();

    /** Stored by this run: made once more, they would count as found in the store. */
    private final Map<Range, Segment> deltas = new ConcurrentHashMap<>();

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
     * Stores one unit of which nothing has to be read whole, unless an earlier attempt did.
     *
     * @param gate that what is looked up passes
     * @param progress told the raw bytes of it
     * @return whether that is so; if not, nothing is stored, and it is to be dumped
     */
    public boolean spare(BackupPlan plan, Unit unit, ReadGate gate, LongConsumer progress) {
        Optional<Part> done = catalog.part(plan.id(), unit.id());
        Optional<List<Segment>> segments = done.map(Part::segments).or(() -> spared(plan, unit, gate));
        if (done.isEmpty() && segments.isPresent()) {
            checkpoint.run();
            catalog.write(new Part(plan.id(), unit.id(), segments.get()));
        }
        segments.ifPresent(all -> progress.accept(Untouched.bytesOf(all)));
        return segments.isPresent();
    }

    private Optional<List<Segment>> spared(BackupPlan plan, Unit unit, ReadGate gate) {
        if (!unit.ranges().stream().allMatch(this::mayBeSpared)) {
            return Optional.empty();
        }
        List<Segment> segments = new ArrayList<>();
        for (Range range : unit.ranges()) {
            Optional<List<Segment>> some = untouched.of(range).or(() -> lookedUp(plan, range, gate));
            if (some.isEmpty()) {
                return Optional.empty();
            }
            segments.addAll(some.get());
        }
        return Optional.of(segments);
    }

    /** Asked of all ranges of a unit before anything is looked up: what is to be read whole need not wait at the gate. */
    private boolean mayBeSpared(Range range) {
        return untouched.of(range).isPresent() || untouched.deltaOf(range).isPresent();
    }

    private Optional<List<Segment>> lookedUp(BackupPlan plan, Range range, ReadGate gate) {
        try (ReadGate.Turn turn = gate.enter()) {
            Optional<List<Segment>> made = delta(plan, range, turn).map(List::of);
            if (made.isEmpty()) {
                readWhole.add(range);
            }
            return made;
        }
    }

    /**
     * Dumps one unit, unless an earlier attempt did.
     *
     * @param gate that the scans pass
     * @param progress told the raw bytes read, as they are read
     * @return the ranges that were read whole, for {@link #readWhole}
     */
    public String dump(BackupPlan plan, Unit unit, ReadGate gate, LongConsumer progress) {
        Optional<Part> done = catalog.part(plan.id(), unit.id());
        if (done.isPresent()) {
            progress.accept(Untouched.bytesOf(done.get().segments()));
            return "";
        }
        List<Segment> segments = new ArrayList<>();
        try (ReadGate.Turn turn = gate.enter()) {
            for (Range range : unit.ranges()) {
                Optional<List<Segment>> spared = untouched.of(range);
                spared.ifPresent(same -> progress.accept(Untouched.bytesOf(same)));
                segments.addAll(spared.or(() -> delta(plan, range, turn).map(made -> {
                            progress.accept(made.bytesRaw());
                            return List.of(made);
                        }))
                        .orElseGet(() -> whole(plan, range, turn, progress)));
            }
        }
        checkpoint.run();
        store(new Part(plan.id(), unit.id(), segments));
        return IntStream.range(0, unit.ranges().size())
                .filter(i -> readWhole.contains(unit.ranges().get(i)))
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(","));
    }

    /** A worker that was taken for dead may have been faster: its part is of the same plan, and as good as ours. */
    private void store(Part part) {
        try {
            catalog.write(part);
        } catch (Failure failure) {
            if (failure.kind() != FailureKind.BACKUP_DAMAGED
                    || catalog.part(part.backup(), part.unit()).isEmpty()) {
                throw failure;
            }
        }
    }

    /**
     * Hears what another process has read whole of a unit.
     *
     * @param ranges what {@link #dump} returned there
     */
    public void readWhole(Unit unit, String ranges) {
        Stream.of(ranges.split(",", -1))
                .filter(position -> !position.isEmpty())
                .forEach(position -> readWhole.add(unit.ranges().get(Integer.parseInt(position))));
    }

    /** What was not read, or not whole, as far as is known here. */
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

    /** Reads only what has changed, where that is known, can still be read and did not turn out to be too much. */
    private Optional<Segment> delta(BackupPlan plan, Range range, ReadGate.Turn turn) {
        return Optional.ofNullable(deltas.get(range)).or(() -> {
            Optional<Segment> made = madeOf(plan, range, turn);
            made.ifPresent(segment -> deltas.put(range, segment));
            return made;
        });
    }

    private Optional<Segment> madeOf(BackupPlan plan, Range range, ReadGate.Turn turn) {
        Optional<PlannedDelta> planned = untouched.deltaOf(range).filter(_ -> !readWhole.contains(range));
        var pace = new Pace(checkpoint, bytes -> turn.passed(bytes, checkpoint));
        try {
            return planned.flatMap(delta -> reader.lookUp(plan, range, delta.ids())
                    .flatMap(scan -> delta.read(scan, pace))
                    .map(writer ->
                            delta.segment(range, plan.at(), catalog.segments().put(writer, known.byDigest()), writer)));
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
