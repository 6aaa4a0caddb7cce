package io.firedrill.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.model.Sorts;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.testing.MongodServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bson.BsonInt64;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What follows an oplog, beside the driver's own reading of it. */
class OplogTailIT {
    private static final Duration LOOK = Duration.ofMillis(100);

    private static MongodServer server;
    private static MongoClient client;
    private static Deployment source;

    @BeforeAll
    static void start() {
        server = MongodServer.replicaSet("source", "--setParameter", "enableTestCommands=1");
        client = server.client();
        source = server.deployment("source");
    }

    @AfterAll
    static void stop() {
        source.close();
        client.close();
        server.close();
    }

    @Test
    void whatIsHandedOnIsWhatTheOplogHoldsByteForByteAndInOrder() {
        OplogPosition begin = position(source.fence("begin"));
        write("ordinary", 300);
        List<RawBsonDocument> found = new ArrayList<>();
        try (var tail = OplogTail.after(source, begin)) {
            follow(tail, found, source.fence("middle"));
            assertThat(tail.joined()).isTrue();
            // Another cursor's worth: what comes while one waits.
            write("later", 20);
            follow(tail, found, source.fence("end"));
        }

        List<RawBsonDocument> expected = entriesAfter(begin.at());
        List<RawBsonDocument> inclusive = new ArrayList<>();
        try (var tail = OplogTail.from(source, begin)) {
            follow(tail, inclusive, begin.at());
        }
        assertThat(inclusive.getFirst().getTimestamp("ts")).isEqualTo(begin.at().timestamp());
        assertThat(inclusive.get(1)).isEqualTo(expected.getFirst());
        assertThat(found).hasSizeGreaterThan(320).isEqualTo(expected.subList(0, found.size()));
    }

    @Test
    void theHeadOfEveryEntryIsWhatTheDriverDecodes() {
        write("heads", 5);
        for (RawBsonDocument entry : entriesAfter(new OpTime(0, 0))) {
            byte[] padded = new byte[entry.getByteBuffer().remaining() + 7];
            entry.getByteBuffer().get(padded, 7, padded.length - 7);
            OplogHead head = OplogHead.of(padded, 7, padded.length - 7);
            assertThat(head.at().timestamp()).isEqualTo(entry.getTimestamp("ts"));
            assertThat(head.position().term())
                    .isEqualTo(entry.getInt64("t", new BsonInt64(-1)).getValue());
            assertThat(head.wall().toEpochMilli())
                    .isEqualTo(entry.getDateTime("wall").getValue());
        }
    }

    @Test
    void anotherEntryThanTheKnownOneIsAGap() {
        OplogPosition known = position(source.fence("known"));
        assertThatThrownBy(() -> first(new OplogPosition(known.at(), known.term() + 1)))
                .as("the same time in another term")
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(FailureKind.OPLOG_GAP));
        var before = new OplogPosition(new OpTime(known.at().seconds() - 1, 999_999), known.term());
        assertThatThrownBy(() -> first(before))
                .as("a time that is not there")
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> assertThat(failure.text()).contains("does not hold the entry of " + before));
    }

    @Test
    void anEntryThatIsNotThereYetIsWaitedFor() {
        OplogPosition newest = position(source.fence("newest"));
        var future = new OplogPosition(new OpTime(newest.at().seconds() + 3_600, 1), newest.term());
        try (var tail = OplogTail.after(source, future)) {
            tail.next(LOOK, (bytes, offset, length) -> {});
            tail.next(LOOK, (bytes, offset, length) -> {});
            assertThat(tail.joined()).isFalse();
            assertThat(tail.notJoined().kind()).isEqualTo(FailureKind.OPLOG_GAP);
        }
    }

    @Test
    void historyBeginsBeforeATransactionThatIsPrepared() {
        OpTime before = source.fence("before");
        try (ClientSession session = client.startSession()) {
            client.getDatabase("shop").createCollection("prepared");
            session.startTransaction();
            client.getDatabase("shop").getCollection("prepared").insertOne(session, new Document("_id", 1));
            Document reply = client.getDatabase("admin")
                    .runCommand(session, Document.parse("{prepareTransaction: 1, writeConcern: {w: 'majority'}}"));
            BsonTimestamp prepared = reply.get("prepareTimestamp", new BsonTimestamp());
            OpTime fence = source.fence("fence");

            assertThat(new OplogHistory(source, fence).begin().at())
                    .isGreaterThan(before)
                    .isEqualTo(OpTime.of(prepared));
            session.abortTransaction();
        }
        OpTime after = source.fence("after");
        assertThat(new OplogHistory(source, after).begin().at()).isEqualTo(after);
    }

    @Test
    void historyTellsWhatItHolds() {
        OpTime fence = source.fence("fence");
        var history = new OplogHistory(source, fence);
        OplogPosition held = position(fence);
        assertThat(history.holds(held)).isTrue();
        assertThat(history.holds(new OplogPosition(fence, held.term() + 1))).isFalse();
        assertThat(history.first().at().timestamp())
                .isEqualTo(entriesAfter(new OpTime(0, 0)).getFirst().getTimestamp("ts"));
        assertThat(history.last().at()).isGreaterThanOrEqualTo(fence);
    }

    private static void first(OplogPosition known) {
        try (var tail = OplogTail.after(source, known)) {
            tail.next(LOOK, (bytes, offset, length) -> {});
        }
    }

    private static void follow(OplogTail tail, List<RawBsonDocument> found, OpTime until) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (found.isEmpty() || OpTime.of(found.getLast().getTimestamp("ts")).compareTo(until) < 0) {
            assertThat(System.nanoTime()).as("patience").isLessThan(deadline);
            tail.next(
                    LOOK,
                    (bytes, offset, length) ->
                            found.add(new RawBsonDocument(Arrays.copyOfRange(bytes, offset, offset + length))));
        }
    }

    private static void write(String collection, int documents) {
        for (int i = 0; i < documents; i++) {
            client.getDatabase("shop").getCollection(collection).insertOne(new Document("_id", i));
        }
    }

    private static List<RawBsonDocument> entriesAfter(OpTime time) {
        return client.getDatabase("local")
                .getCollection("oplog.rs", RawBsonDocument.class)
                .find(new Document("ts", new Document("$gt", time.timestamp())))
                .sort(Sorts.ascending("$natural"))
                .into(new ArrayList<>());
    }

    private static OplogPosition position(OpTime at) {
        Document entry = client.getDatabase("local")
                .getCollection("oplog.rs")
                .find(new Document("ts", at.timestamp()))
                .first();
        return new OplogPosition(at, java.util.Objects.requireNonNull(entry).getLong("t"));
    }
}
