package io.firedrill.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.BackupPlan.Range;
import io.firedrill.archive.BackupPlan.Unit;
import io.firedrill.backup.RangeCutter.SizedRange;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitPackerTest {
    private static final long RANGE = 32;

    @ParameterizedTest
    @CsvSource({"1, 1", "40, 40", "64, 64", "128, 64", "512, 64", "1024, 128"})
    void aLargeCollectionIsFewUnitsOfMoreRangesButOfNoMoreThanEight(int ranges, int units) {
        List<Unit> packed = pack(List.of(ranges(0, ranges, RANGE)));

        assertThat(packed).hasSize(units);
        assertThat(packed).allMatch(unit -> unit.ranges().size() == ranges / units);
        assertThat(packed.stream().flatMap(unit -> unit.ranges().stream()))
                .containsExactlyElementsOf(
                        ranges(0, ranges, RANGE).stream().map(SizedRange::range).toList());
        assertThat(packed.stream().mapToLong(Unit::bytesEstimated).sum()).isEqualTo(ranges * RANGE);
        assertThat(packed.stream().map(Unit::id)).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void tenThousandEmptyCollectionsAreTwentyUnits() {
        List<SizedRange> empty = IntStream.range(0, 10_000)
                .mapToObj(number -> ranges(number, 1, 0).getFirst())
                .toList();

        assertThat(pack(List.of(empty)))
                .hasSize(20)
                .allMatch(unit -> unit.ranges().size() == 500);
    }

    @Test
    void aUnitHoldsRangesOfOneGroupOnly() {
        List<Unit> packed = pack(List.of(ranges(0, 1, 1), ranges(1, 1, 1), List.of()));

        assertThat(packed).hasSize(2);
    }

    private static List<Unit> pack(List<List<SizedRange>> groups) {
        return new UnitPacker(RANGE).pack(groups);
    }

    private static List<SizedRange> ranges(int collection, int count, long bytes) {
        return IntStream.range(0, count)
                .mapToObj(i -> new SizedRange(
                        new Range(
                                collection,
                                bound(i).filter(_ -> i > 0),
                                bound(i + 1).filter(_ -> i + 1 < count)),
                        bytes))
                .toList();
    }

    private static Optional<BsonDocument> bound(int at) {
        return Optional.of(new BsonDocument("_id", new BsonInt32(at)));
    }
}
