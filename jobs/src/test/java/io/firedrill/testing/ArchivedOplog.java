package io.firedrill.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogChainEnd;
import io.firedrill.archive.OplogSpan.Slice;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.archive.SegmentWriter;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.OpTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt64;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/** An archive of an oplog without a server: an entry a second, which says nothing but its second. */
public final class ArchivedOplog {
    public static final Instant STORED_AT = Instant.ofEpochSecond(1_000_000);

    private ArchivedOplog() {}

    /** The head of a timeline. */
    public static OplogTimeline timeline(int number, long begin, Optional<OpTime> after) {
        var identity = new DeploymentIdentity("rs0", "id", List.of("a:1"), List.of(), "6.0.5", "6.0", Optional.empty());
        var reason = after.isPresent() ? OplogTimeline.Reason.ROLLED_OVER : OplogTimeline.Reason.FIRST;
        return new OplogTimeline(number, identity, new OpTime(begin, 1), 1, STORED_AT, reason, after);
    }

    /** A stored slice with the entries of these seconds. */
    public static Slice slice(OplogArchive archive, long first, long last) {
        var writer = new SegmentWriter();
        for (long second = first; second <= last; second++) {
            var bytes = new RawBsonDocument(new BsonDocument("n", new BsonInt64(second)), new BsonDocumentCodec())
                    .getByteBuffer();
            writer.add(bytes.array(), bytes.position(), bytes.remaining());
        }
        var stored = archive.slices().put(writer, Map.of());
        return new Slice(
                new OpTime(first, 1),
                stored.segment(0, Optional.empty(), Optional.empty(), new OpTime(last, 1), writer));
    }

    /** A begun timeline with so many links, each of so many seconds. */
    public static OplogChainEnd chain(OplogArchive archive, OplogTimeline timeline, int links, int seconds) {
        assertThat(archive.begin(timeline)).isTrue();
        OplogChainEnd end = archive.end(timeline);
        for (int i = 0; i < links; i++) {
            long first = timeline.begin().seconds() + (long) seconds * i;
            Slice slice = slice(archive, first, first + seconds - 1);
            end = archive.append(end.link(slice, 1, 7, STORED_AT, Optional.of(Duration.ofMillis(first))))
                    .orElseThrow();
        }
        return end;
    }
}
