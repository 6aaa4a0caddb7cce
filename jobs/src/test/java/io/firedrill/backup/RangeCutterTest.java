package io.firedrill.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.Segment;
import io.firedrill.mongo.OpTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.Test;

class RangeCutterTest {
    private static final long TARGET = 64;

    /** The bounds that neighbours of these sizes are cut at again: each is the number of the segment that it begins. */
    private static List<Integer> bounds(long... sizes) {
        List<Segment> segments = new ArrayList<>();
        for (int i = 0; i < sizes.length; i++) {
            segments.add(new Segment(
                    0, bound(i), bound(i + 1), new OpTime(1, 1), 1, sizes[i], 1, "", "", false, Optional.empty()));
        }
        return RangeCutter.boundsBetween(segments, TARGET).stream()
                .map(bound -> bound.getInt32("_id").getValue())
                .toList();
    }

    private static Optional<BsonDocument> bound(int number) {
        return number == 0 ? Optional.empty() : Optional.of(new BsonDocument("_id", new BsonInt32(number)));
    }

    @Test
    void neighboursOfTheRightSizeStayApart() {
        assertThat(bounds(64, 60, 70)).containsExactly(1, 2);
    }

    @Test
    void neighboursThatAreSmallTogetherBecomeOne() {
        assertThat(bounds(10, 12, 10, 64)).containsExactly(3);
        assertThat(bounds(64, 10, 12, 10)).containsExactly(1);
    }

    @Test
    void neighboursThatHaveBecomeEmptyBecomeOneWhateverIsBesideThem() {
        assertThat(bounds(40, 0, 0, 0, 50)).containsExactly(1, 4);
        assertThat(bounds(0, 0, 0, 50)).containsExactly(3);
        assertThat(bounds(10, 0, 0, 0, 50)).containsExactly(4);
    }
}
