package io.firedrill.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.SealedRange;
import io.firedrill.archive.Segment;
import io.firedrill.mongo.DocumentConsumer;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where ranges are cut, though the reply's bytes become those of the next one: as a cursor does it. */
class CutBoundsTest {
    private static final Range RANGE = new Range(3, Optional.empty(), Optional.empty());
    private static final int DOCUMENTS = 5;
    private static final List<BsonDocument> BOUNDS = IntStream.range(1, DOCUMENTS)
            .mapToObj(i -> new BsonDocument("_id", id(i)))
            .toList();

    private static BsonDocument id(int number) {
        return new BsonDocument("a", new BsonInt32(number)).append("b", new BsonString("x" + number));
    }

    /** Every document is the next reply. */
    private static void feed(DocumentConsumer consumer) {
        var reply = new byte[200];
        for (int i = 0; i < DOCUMENTS; i++) {
            var document = new RawBsonDocument(new BsonDocument("_id", id(i)), new BsonDocumentCodec());
            byte[] bytes = document.getByteBuffer().array();
            int length = document.getByteBuffer().remaining();
            System.arraycopy(bytes, 0, reply, 7, length);
            consumer.accept(reply, 7, length);
        }
        Arrays.fill(reply, (byte) 0xFF);
    }

    @Test
    void aSegmentsBoundOutlivesTheReplyThatItCameFrom(@TempDir Path directory) {
        try (ObjectStore store = ObjectStores.directory(directory)) {
            var cut = new SegmentCut(
                    new BackupCatalog(store, "source").segments(), KnownSegments.NONE, 1, RANGE, new OpTime(1, 1));
            feed(cut::add);
            List<Segment> segments = cut.finish();
            assertThat(segments).extracting(Segment::min).isEqualTo(starts());
            assertThat(segments).extracting(Segment::max).isEqualTo(ends());
        }
    }

    @Test
    void aSealsBoundOutlivesTheReplyThatItCameFrom() {
        var cut = new SealCut(RANGE, 1);
        feed(cut::add);
        List<SealedRange> ranges = cut.finish();
        assertThat(ranges).extracting(SealedRange::min).isEqualTo(starts());
        assertThat(ranges).extracting(SealedRange::max).isEqualTo(ends());
        assertThat(ranges).allSatisfy(range -> assertThat(range.documents()).isEqualTo(1));
    }

    private static List<Optional<BsonDocument>> starts() {
        List<Optional<BsonDocument>> starts = new ArrayList<>(List.of(Optional.empty()));
        BOUNDS.forEach(bound -> starts.add(Optional.of(bound)));
        return starts;
    }

    private static List<Optional<BsonDocument>> ends() {
        List<Optional<BsonDocument>> ends = new ArrayList<>();
        BOUNDS.forEach(bound -> ends.add(Optional.of(bound)));
        ends.add(Optional.empty());
        return ends;
    }
}
