package io.firedrill.backup;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.BackupPlan.Unit;
import io.firedrill.archive.Part;
import io.firedrill.archive.Segment;
import io.firedrill.mongo.OpTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Reads the units of a plan and stores them. Safe for use by many threads, one unit each. */
public final class SegmentDumper {
    private final RangeReader reader;
    private final BackupCatalog catalog;
    private final SegmentSize size;
    private final KnownSegments known;
    private final Untouched untouched;
    private final Runnable checkpoint;

    /**
     * @param untouched what is not read
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
            progress.accept(
                    done.get().segments().stream().mapToLong(Segment::bytesRaw).sum());
            return;
        }
        List<Segment> segments = new ArrayList<>();
        try (ReadGate.Turn turn = gate.enter()) {
            for (Range range : unit.ranges()) {
                Optional<List<Segment>> spared = untouched.of(range);
                spared.ifPresent(same -> progress.accept(Untouched.bytesOf(same)));
                segments.addAll(spared.orElseGet(() -> reader.read(
                        plan,
                        range,
                        (at, scan) -> cut(range, at, scan, bytes -> {
                            turn.passed(bytes, checkpoint);
                            progress.accept(bytes);
                        }))));
            }
        }
        checkpoint.run();
        catalog.write(new Part(plan.id(), unit.id(), segments));
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
