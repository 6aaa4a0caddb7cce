package io.firedrill.oplog;

import static io.firedrill.oplog.OrderEntries.ORDERS;
import static io.firedrill.oplog.OrderEntries.entry;
import static io.firedrill.oplog.OrderEntries.insert;
import static io.firedrill.oplog.OrderEntries.update;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.Segment;
import io.firedrill.mongo.OpTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBinaryWriter;
import org.bson.BsonBoolean;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.io.BasicOutputBuffer;
import org.bson.types.Decimal128;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an entry touches; and that whatever is in doubt counts as touched. */
class TouchedRangesTest {
    private static final UUID WORDED = UUID.randomUUID();
    private static final OpTime READ = new OpTime(100, 1);
    private static final OpTime BEGIN = new OpTime(90, 1);

    /** Four of each: from the first id to 10, to 20, to "m", to the last. The third was read later than the others. */
    private final List<Segment> orders = List.of(
            segment(null, new BsonInt32(10), READ),
            segment(new BsonInt32(10), new BsonInt32(20), READ),
            segment(new BsonInt32(20), new BsonString("m"), new OpTime(200, 1)),
            segment(new BsonString("m"), null, READ));

    private final List<Segment> worded = List.of(segment(null, null, READ));
    private TouchedRanges touched;

    @BeforeEach
    void begin() {
        touched = new TouchedRanges(Map.of(ORDERS, orders, WORDED, worded), Set.of(WORDED));
    }

    private static Segment segment(@Nullable BsonValue min, @Nullable BsonValue max, OpTime at) {
        return new Segment(0, bound(min), bound(max), at, 1, 1, 1, "", "", false, Optional.empty());
    }

    private static Optional<BsonDocument> bound(@Nullable BsonValue id) {
        return Optional.ofNullable(id).map(value -> new BsonDocument("_id", value));
    }

    private List<Integer> touchedOrders() {
        return IntStream.range(0, orders.size())
                .filter(i -> !touched.isUntouched(ORDERS, orders.get(i)))
                .boxed()
                .toList();
    }

    private void add(BsonDocument entry) {
        touched.add(OplogEntry.copyOf(new RawBsonDocument(entry, new BsonDocumentCodec())), BEGIN);
    }

    private static BsonDocument command(int second, String text) {
        return entry("c", second, BsonDocument.parse(text));
    }

    @Test
    void aWriteTouchesTheOneRangeThatItsIdLiesIn() {
        add(insert(101, new BsonInt64(9)));
        add(update(101, new BsonString("n")));

        assertThat(touchedOrders()).containsExactly(0, 3);
        assertThat(touched.isUntouched(WORDED, worded.getFirst())).isTrue();
    }

    @Test
    void aBoundBelongsToTheRangeThatItBeginsWhateverTypeOfNumberItIs() {
        add(insert(101, new BsonDouble(10)));
        assertThat(touchedOrders()).containsExactly(1);

        begin();
        add(insert(101, new BsonDecimal128(Decimal128.parse("9.999"))));
        assertThat(touchedOrders()).containsExactly(0);
    }

    @Test
    void whatARangeHeldWhenItWasReadDoesNotTouchIt() {
        add(insert(100, new BsonInt32(1)));
        add(insert(150, new BsonInt32(30)));
        add(insert(200, new BsonInt32(30)));

        assertThat(touchedOrders()).isEmpty();

        add(insert(201, new BsonInt32(30)));
        assertThat(touchedOrders()).containsExactly(2);
    }

    @Test
    void ofACollectionInNoOrderThatWeKnowAnyWriteTouchesAll() {
        add(insert(101, new BsonString("word")).append("ui", new BsonBinary(WORDED)));

        assertThat(touched.isUntouched(WORDED, worded.getFirst())).isFalse();
        assertThat(touchedOrders()).isEmpty();
    }

    @Test
    void theOperationsOfATransactionTouchAndSoDoThoseWhoseEndIsNotKnown() {
        BsonDocument write = insert(0, new BsonInt32(1));
        write.remove("ts");
        var operations = new BsonArray(List.of(write));
        add(entry("c", 101, new BsonDocument("applyOps", operations)).append("txnNumber", new BsonInt64(1)));
        assertThat(touchedOrders()).containsExactly(0);

        begin();
        add(entry("c", 101, new BsonDocument("applyOps", operations)));
        assertThat(touchedOrders()).as("by the command applyOps").containsExactly(0, 1, 3);

        begin();
        add(entry("c", 99, new BsonDocument("applyOps", operations)).append("txnNumber", new BsonInt64(1)));
        assertThat(touchedOrders()).isEmpty();

        add(entry("c", 99, new BsonDocument("applyOps", operations).append("partialTxn", BsonBoolean.TRUE))
                .append("txnNumber", new BsonInt64(1)));
        assertThat(touchedOrders()).as("it may end at any time").containsExactly(0);
    }

    @Test
    void ofATransactionThatBeganBeforeWhatWasSeenNothingIsKnown() {
        var previous = new BsonDocument("ts", new BsonTimestamp(89, 1)).append("t", new BsonInt64(1));
        add(command(101, "{commitTransaction: 1}").append("prevOpTime", previous));

        assertThat(touchedOrders()).containsExactly(0, 1, 2, 3);
        assertThat(touched.doubt()).contains("the oplog holds a transaction that began before it at 101,1");
    }

    @Test
    void retriedInsertsThatOnlyNameWhatCameBeforeAreNoSuchTransaction() {
        var previous = new BsonDocument("ts", new BsonTimestamp(89, 1)).append("t", new BsonInt64(1));
        add(entry("c", 101, new BsonDocument("applyOps", new BsonArray()))
                .append("prevOpTime", previous)
                .append("multiOpType", new BsonInt32(1)));

        assertThat(touched.doubt()).isEmpty();
    }

    @Test
    void whatMayChangeAWholeCollectionTouchesIt() {
        for (String text : List.of(
                "{drop: 'orders'}",
                "{renameCollection: 'shop.orders', to: 'shop.x'}",
                "{collMod: 'orders'}",
                "{convertToCapped: 'orders', size: 1}",
                "{emptycapped: 'orders'}")) {
            begin();
            add(command(300, text));
            assertThat(touchedOrders()).as(text).containsExactly(0, 1, 2, 3);
            assertThat(touched.isUntouched(WORDED, worded.getFirst())).as(text).isTrue();
        }
    }

    @Test
    void indexesAndNewCollectionsTouchNothing() {
        add(command(101, "{createIndexes: 'orders', v: 2}"));
        add(command(101, "{startIndexBuild: 'orders'}"));
        add(command(101, "{commitIndexBuild: 'orders'}"));
        add(command(101, "{dropIndexes: 'orders'}"));
        add(command(101, "{create: 'other'}"));
        add(command(101, "{dropDatabase: 1}"));
        add(entry("n", 101, new BsonDocument()));

        assertThat(touchedOrders()).isEmpty();
        assertThat(touched.doubt()).isEmpty();
    }

    @Test
    void whatIsNotUnderstoodIsADoubtAboutEverything() {
        BsonDocument nameless = insert(101, new BsonInt32(1));
        nameless.remove("ui");
        BsonDocument dropped = command(101, "{collMod: 'orders'}");
        dropped.remove("ui");
        for (BsonDocument entry : List.of(
                nameless, dropped, command(101, "{futureCommand: 'orders'}"), entry("x", 101, new BsonDocument()))) {
            begin();
            add(entry);
            assertThat(touchedOrders()).as(entry.toJson()).hasSize(4);
            assertThat(touched.isUntouched(WORDED, worded.getFirst())).isFalse();
            assertThat(touched.doubt()).isPresent();
        }
    }

    @Test
    void anIdThatJavaDoesNotReadToTheLastByteTouchesAllOfItsCollection() {
        for (RawBsonDocument object : List.of(invalidUtf8(), duplicateFields())) {
            begin();
            add(entry("i", 300, object));
            assertThat(touchedOrders()).hasSize(4);
            assertThat(touched.doubt()).isEmpty();
        }
        begin();
        add(insert(101, BsonDocument.parse("{a: 1, b: ['é', {c: 2}]}")));
        assertThat(touchedOrders()).containsExactly(3);
    }

    private static RawBsonDocument invalidUtf8() {
        // {_id: "a?"}, where the second byte begins no character.
        byte[] bytes = {0, 0, 0, 0, 2, '_', 'i', 'd', 0, 3, 0, 0, 0, 'a', (byte) 0xFF, 0, 0};
        bytes[0] = (byte) bytes.length;
        return new RawBsonDocument(bytes);
    }

    private static RawBsonDocument duplicateFields() {
        try (var buffer = new BasicOutputBuffer();
                var writer = new BsonBinaryWriter(buffer)) {
            writer.writeStartDocument();
            writer.writeStartDocument("_id");
            writer.writeInt32("twice", 1);
            writer.writeInt32("twice", 2);
            writer.writeEndDocument();
            writer.writeEndDocument();
            return new RawBsonDocument(buffer.toByteArray());
        }
    }
}
