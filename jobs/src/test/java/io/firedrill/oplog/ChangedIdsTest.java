package io.firedrill.oplog;

import static io.firedrill.oplog.OrderEntries.ORDERS;
import static io.firedrill.oplog.OrderEntries.delete;
import static io.firedrill.oplog.OrderEntries.entry;
import static io.firedrill.oplog.OrderEntries.insert;
import static io.firedrill.oplog.OrderEntries.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.Delta;
import io.firedrill.archive.Segment;
import io.firedrill.mongo.OpTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonMaxKey;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.types.Decimal128;
import org.junit.jupiter.api.Test;

/** Which documents of a range have changed, told from the oplog; when in doubt, none that could be told. */
class ChangedIdsTest {
    private static final OpTime READ = new OpTime(100, 1);
    private static final DeltaLimits LIMITS = new DeltaLimits(0.05, 1_000, 100);

    /** Of 100 documents, so that five may change. */
    private static final Segment WHOLE = segment(100, 10_000, Optional.empty());

    private static Segment segment(long documents, long bytes, Optional<Segment.Sealed> sealed) {
        return new Segment(0, Optional.empty(), Optional.empty(), READ, documents, bytes, 1, "base", "", false, sealed);
    }

    private static TouchedRanges touched(Segment segment) {
        return new TouchedRanges(Map.of(ORDERS, List.of(segment)), Set.of(), LIMITS);
    }

    private static Optional<ChangedIds> changed(Segment segment, BsonDocument... entries) {
        TouchedRanges touched = touched(segment);
        for (BsonDocument entry : entries) {
            touched.add(OplogEntry.copyOf(new RawBsonDocument(entry, new BsonDocumentCodec())), READ);
        }
        assertThat(touched.isUntouched(ORDERS, segment)).isFalse();
        return touched.changed(ORDERS, segment);
    }

    private static BsonInt32 number(int number) {
        return new BsonInt32(number);
    }

    @Test
    void theFirstWriteToADocumentTellsWhetherTheBaseHasIt() {
        ChangedIds changed = changed(
                        WHOLE,
                        update(101, number(3)),
                        insert(102, number(2)),
                        delete(103, number(1)),
                        insert(104, number(1)),
                        delete(105, number(2)))
                .orElseThrow();

        assertThat(changed.ids()).contains(new BsonArray(List.of(number(1), number(2), number(3))));
        assertThat(changed.leftOut()).as("1 and 3").isEqualTo(2);
    }

    @Test
    void equalNumbersAreOneDocumentWhateverTheirTypes() {
        ChangedIds changed = changed(
                        WHOLE, delete(101, number(1)), insert(102, new BsonDouble(1)), update(103, new BsonInt64(1)))
                .orElseThrow();

        assertThat(changed.ids().orElseThrow()).hasSize(1);
        assertThat(changed.leftOut()).isEqualTo(1);
    }

    @Test
    void whatTheBaseSawAlreadyHasNotChangedSince() {
        ChangedIds changed =
                changed(WHOLE, insert(100, number(1)), update(101, number(2))).orElseThrow();

        assertThat(changed.ids()).contains(new BsonArray(List.of(number(2))));
    }

    @Test
    void aDeltaGoesOnFromTheOneBefore() {
        var before = new Delta(segment(1, 100, Optional.empty()), new BsonArray(List.of(number(1), number(9))), 1);
        Segment segment = WHOLE.changed(0, READ, before);

        ChangedIds changed =
                changed(segment, update(101, number(9)), update(102, number(5))).orElseThrow();

        assertThat(changed.ids()).contains(new BsonArray(List.of(number(1), number(5), number(9))));
        assertThat(changed.leftOut()).isEqualTo(2);
    }

    @Test
    void moreThanAShareOfTheBaseIsReadWhole() {
        BsonDocument[] entries = new BsonDocument[6];
        Arrays.setAll(entries, i -> update(101 + i, number(i)));

        assertThat(changed(WHOLE, Arrays.copyOf(entries, 5))).isPresent();
        assertThat(changed(WHOLE, entries)).isEmpty();
        assertThat(changed(WHOLE, concat(entries, update(200, number(1))))).isEmpty();
    }

    private static BsonDocument[] concat(BsonDocument[] entries, BsonDocument last) {
        BsonDocument[] all = Arrays.copyOf(entries, entries.length + 1);
        all[entries.length] = last;
        return all;
    }

    @Test
    void moreThanThereIsRoomForIsReadWholeAndTheRestHasItsRoom() {
        Segment first = bounded(Optional.empty(), Optional.of(number(1_000)));
        Segment second = bounded(Optional.of(number(1_000)), Optional.empty());
        var touched = new TouchedRanges(Map.of(ORDERS, List.of(first, second)), Set.of(), new DeltaLimits(1, 0, 4));
        for (int i = 0; i < 3; i++) {
            add(touched, update(101, number(1_000 + i)));
            add(touched, update(101, number(i)));
        }

        assertThat(touched.changed(ORDERS, first)).isPresent();
        assertThat(touched.changed(ORDERS, second)).as("the fifth of four").isEmpty();
        add(touched, update(102, number(7)));
        assertThat(touched.changed(ORDERS, first).orElseThrow().ids().orElseThrow())
                .hasSize(4);
    }

    private static Segment bounded(Optional<BsonValue> min, Optional<BsonValue> max) {
        return new Segment(
                0,
                min.map(id -> new BsonDocument("_id", id)),
                max.map(id -> new BsonDocument("_id", id)),
                READ,
                100,
                100,
                1,
                "",
                "",
                false,
                Optional.empty());
    }

    private static void add(TouchedRanges touched, BsonDocument entry) {
        touched.add(OplogEntry.copyOf(new RawBsonDocument(entry, new BsonDocumentCodec())), READ);
    }

    @Test
    void anIdThatNoQueryOrOrderIsSureOfHasItsRangeReadWhole() {
        for (BsonValue id : List.of(
                new BsonDecimal128(Decimal128.parse("1")),
                new BsonDouble(Double.NaN),
                BsonNull.VALUE,
                new BsonMaxKey(),
                new BsonDocument("a", number(1)),
                new BsonString("\uFFFD"),
                new BsonString("x".repeat(513)),
                new BsonBinary(new byte[513]))) {
            assertThat(changed(WHOLE, update(101, number(1)), update(102, id)))
                    .as(id.toString())
                    .isEmpty();
        }
    }

    @Test
    void aTransactionOfSeveralEntriesHasItsRangeReadWhole() {
        BsonDocument write = update(0, number(1));
        write.remove("ts");
        var operations = new BsonDocument("applyOps", new BsonArray(List.of(write)));

        assertThat(changed(WHOLE, entry("c", 101, operations).append("txnNumber", new BsonInt64(1))))
                .isPresent();
        assertThat(changed(WHOLE, entry("c", 101, operations)))
                .as("what somebody asked for by applyOps is not what came of it")
                .isEmpty();
        assertThat(changed(WHOLE, entry("c", 101, operations.clone().append("partialTxn", BsonBoolean.TRUE))))
                .isEmpty();
        assertThat(changed(WHOLE, entry("c", 101, operations.clone().append("prepare", BsonBoolean.TRUE))))
                .isEmpty();
    }

    @Test
    void whatMayChangeEveryDocumentHasTheRangeReadWhole() {
        assertThat(changed(WHOLE, update(101, number(1)), entry("c", 102, BsonDocument.parse("{collMod: 'orders'}"))))
                .isEmpty();
    }

    @Test
    void aSmallSegmentAndAnEncryptedOneAreReadWhole() {
        assertThat(changed(segment(100, 999, Optional.empty()), update(101, number(1))))
                .isEmpty();
        assertThat(changed(segment(19, 10_000, Optional.empty()), update(101, number(1))))
                .as("a share of nineteen documents is none")
                .isEmpty();
        assertThat(changed(
                        segment(100, 10_000, Optional.of(new Segment.Sealed("address", "key"))),
                        update(101, number(1))))
                .isEmpty();
    }

    @Test
    void withoutLimitsNothingIsRemembered() {
        var touched = new TouchedRanges(Map.of(ORDERS, List.of(WHOLE)), Set.of());
        add(touched, update(101, number(1)));

        assertThat(touched.changed(ORDERS, WHOLE)).isEmpty();
    }
}
