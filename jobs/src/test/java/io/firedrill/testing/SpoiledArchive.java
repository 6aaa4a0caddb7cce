package io.firedrill.testing;

import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogChainEnd;
import io.firedrill.archive.OplogSpan.Slice;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.archive.SegmentWriter;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.OplogScan;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.bson.RawBsonDocument;

/** Archives a source's oplog when told to, and leaves out what it is told to: an archive that a test can spoil. */
public final class SpoiledArchive {
    private static final Instant NOW = Instant.ofEpochSecond(1_000_000);

    private final OplogArchive archive;
    private final Deployment source;
    private OplogChainEnd end;

    private SpoiledArchive(OplogArchive archive, Deployment source, OplogChainEnd end) {
        this.archive = archive;
        this.source = source;
        this.end = end;
    }

    /** Begins a timeline after those that are there. */
    public static SpoiledArchive begun(OplogArchive archive, Deployment source) {
        List<OplogTimeline> before = archive.timelines();
        var timeline = new OplogTimeline(
                before.size() + 1,
                source.identity(),
                source.fence("archive"),
                1,
                NOW,
                before.isEmpty() ? OplogTimeline.Reason.FIRST : OplogTimeline.Reason.ROLLED_OVER,
                before.isEmpty()
                        ? Optional.empty()
                        : Optional.of(archive.end(before.getLast()).last()));
        if (!archive.begin(timeline)) {
            throw new IllegalStateException("timeline %d was begun before".formatted(timeline.number()));
        }
        return new SpoiledArchive(archive, source, archive.end(timeline));
    }

    /** Archives what has come since, up to now. */
    public void advance() {
        advance(entry -> true, 1);
    }

    /**
     * Archives some of what has come since.
     *
     * @param kept the entries that are archived
     * @param term that the last entry is said to be of
     */
    public void advance(Predicate<RawBsonDocument> kept, long term) {
        OpTime to = source.fence("archive");
        var writer = new SegmentWriter();
        var first = new OpTime[1];
        new OplogScan(end.last(), to).read(source, (bytes, offset, length) -> {
            var entry = new RawBsonDocument(bytes, offset, length);
            OpTime at = OpTime.of(entry.getTimestamp("ts"));
            boolean seen = at.equals(end.last()) && !end.isBegin();
            if (!seen && kept.test(entry)) {
                first[0] = first[0] == null ? at : first[0];
                writer.add(bytes, offset, length);
            }
        });
        var stored = archive.slices().put(writer, Map.of());
        var slice = new Slice(first[0], stored.segment(0, Optional.empty(), Optional.empty(), to, writer));
        end = archive.append(end.link(slice, term, 1, NOW, Optional.empty())).orElseThrow();
    }
}
