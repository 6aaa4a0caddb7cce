package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.archive.Segment;
import io.firedrill.failure.Failure;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.bson.BsonBinary;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonNull;
import org.bson.BsonString;
import org.bson.BsonSymbol;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What of an oplog is in a copy already that was read range by range; and that where nobody can say, nobody does. */
class CollectionMomentsTest {
    private static final OpTime EARLY = new OpTime(100, 1);
    private static final OpTime BETWEEN = new OpTime(150, 1);
    private static final OpTime LATE = new OpTime(200, 1);
    private static final BsonString BOUND = new BsonString("a~");

    private final CollectionMoments two = moments(BOUND, EARLY, LATE);

    @Test
    void eachRangeShowsWhatHadHappenedWhenItWasRead() {
        assertThat(two.show(new BsonString("a"), BETWEEN)).contains(false);
        assertThat(two.show(new BsonString("b"), BETWEEN)).contains(true);
        assertThat(two.show(BsonNull.VALUE, BETWEEN)).contains(false);
        assertThat(two.show(new BsonSymbol("b"), BETWEEN)).contains(true);
        assertThat(two.show(new BsonString("b"), LATE)).contains(true);
        assertThat(two.show(new BsonString("a"), EARLY)).contains(true);
        assertThat(CollectionMoments.BEFORE_ALL.show(new BsonInt32(1), EARLY)).contains(false);
    }

    /** What the byte stands for is lost when Java reads it. */
    @Test
    void whereAnIdThatIsNoTextLiesIsNotGuessed() {
        BsonValue id = idOf(invalidUtf8());
        assertThat(two.show(id, BETWEEN)).isEmpty();
        assertThat(two.show(id, EARLY)).contains(true);
        assertThat(two.show(id, LATE.next())).contains(false);
        assertThat(moments(BOUND, EARLY, EARLY).show(id, EARLY)).contains(true);
        assertThat(moments(BOUND, EARLY, EARLY).show(id, BETWEEN)).contains(false);
    }

    @Test
    void aBoundThatIsNoTextMakesEveryIdDoubtfulBetweenTheMoments() {
        CollectionMoments doubtful = moments(idOf(invalidUtf8()), EARLY, LATE);
        assertThat(doubtful.show(new BsonString("b"), BETWEEN)).isEmpty();
        assertThat(doubtful.show(new BsonString("b"), EARLY)).contains(true);
        CollectionMoments decoded = moments(new BsonDocument("a", new BsonInt32(1)), EARLY, LATE);
        assertThat(decoded.show(new BsonString("b"), BETWEEN)).isEmpty();
    }

    @Test
    void aReplayStopsThereAndNamesTheEntry() {
        var collection = ReplayedCollection.of(shape(), segments(BOUND, EARLY, LATE));
        var entry = OplogEntry.copyOf(new RawBsonDocument(
                new BsonDocument("op", new BsonString("d"))
                        .append("ns", new BsonString("shop.orders"))
                        .append("ui", new BsonBinary(UUID.randomUUID()))
                        .append("ts", new BsonTimestamp(150, 1))
                        .append("o", invalidUtf8()),
                new BsonDocumentCodec()));
        assertThatThrownBy(() -> new Operation(collection, Operation.Kind.DELETE, entry, BETWEEN).isShown())
                .isInstanceOf(Failure.class)
                .hasMessageContaining(
                        "the replay stopped at the oplog entry of 150,1, delete of a document of shop.orders")
                .hasMessageContaining("not valid UTF-8");
        assertThat(new Operation(collection, Operation.Kind.DELETE, entry, EARLY).isShown())
                .isTrue();
    }

    private static CollectionShape shape() {
        return new CollectionShape(
                new Namespace("shop", "orders"),
                CollectionShape.Kind.COLLECTION,
                Optional.of(UUID.randomUUID()),
                new BsonDocument(),
                List.of(),
                false);
    }

    private static CollectionMoments moments(BsonValue bound, OpTime first, OpTime second) {
        return CollectionMoments.of(segments(bound, first, second), false);
    }

    private static List<Segment> segments(BsonValue bound, OpTime first, OpTime second) {
        return List.of(segment(null, bound, first), segment(bound, null, second));
    }

    private static Segment segment(@Nullable BsonValue min, @Nullable BsonValue max, OpTime at) {
        return new Segment(0, bound(min), bound(max), at, 1, 1, 1, "", "", false, Optional.empty());
    }

    private static Optional<BsonDocument> bound(@Nullable BsonValue id) {
        return Optional.ofNullable(id).map(value -> new BsonDocument("_id", value));
    }

    private static BsonValue idOf(BsonDocument document) {
        return document.getOrDefault("_id", BsonNull.VALUE);
    }

    private static RawBsonDocument invalidUtf8() {
        byte[] bytes = {0, 0, 0, 0, 2, '_', 'i', 'd', 0, 3, 0, 0, 0, 'a', (byte) 0x80, 0, 0};
        bytes[0] = (byte) bytes.length;
        return new RawBsonDocument(bytes);
    }

    /** The ids that a server takes for one have to meet in one lane. */
    @Test
    void idsThatAServerTakesForOneHaveOneCanonicalForm() {
        List<String> same = List.of(
                "{_id: {$numberInt: '1'}}",
                "{_id: {$numberLong: '1'}}",
                "{_id: {$numberDouble: '1'}}",
                "{_id: {$numberDecimal: '1.00'}}");
        assertThat(same.stream().map(CollectionMomentsTest::canonical).distinct())
                .hasSize(1);
        List<String> scoped = List.of(
                "{_id: {$code: 'f', $scope: {x: {$numberInt: '1'}}}}",
                "{_id: {$code: 'f', $scope: {x: {$numberDouble: '1'}}}}");
        assertThat(scoped.stream().map(CollectionMomentsTest::canonical).distinct())
                .hasSize(1);
        assertThat(CanonicalId.of(new BsonDocument("a", new BsonInt64(1))))
                .isEqualTo(canonical("{_id: {a: {$numberDecimal: '1'}}}"));
    }

    private static BsonValue canonical(String json) {
        return CanonicalId.of(idOf(new RawBsonDocument(BsonDocument.parse(json), new BsonDocumentCodec())));
    }
}
