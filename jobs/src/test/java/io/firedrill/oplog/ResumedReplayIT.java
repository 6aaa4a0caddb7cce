package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.testing.MongodServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bson.BsonDocument;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a replay finds that an earlier attempt has left. */
class ResumedReplayIT {
    private static MongodServer sourceServer;
    private static MongodServer targetServer;
    private static Deployment source;
    private static Deployment target;
    private static MongoClient sourceClient;
    private static MongoClient targetClient;

    @TempDir
    Path directory;

    private OpTime from;
    private MongoCollection<Document> orders;
    private Watermarks watermarks;

    @BeforeAll
    static void start() {
        sourceServer = MongodServer.replicaSet("source");
        targetServer = MongodServer.replicaSet("target", "--setParameter", "enableTestCommands=1");
        source = sourceServer.deployment("source");
        target = targetServer.deployment("staging");
        sourceClient = sourceServer.client();
        targetClient = targetServer.client();
    }

    @AfterAll
    static void stop() {
        sourceClient.close();
        targetClient.close();
        source.close();
        target.close();
        sourceServer.close();
        targetServer.close();
    }

    @BeforeEach
    void bothHoldNothing() {
        for (MongoClient client : List.of(sourceClient, targetClient)) {
            client.getDatabase("shop").drop();
            client.getDatabase(LoggedSpan.WATERMARKS.database()).drop();
            client.getDatabase("shop").runCommand(Document.parse("{create: 'orders'}"));
            client.getDatabase("shop").runCommand(Document.parse("{create: 'ring', capped: true, size: 200000}"));
        }
        from = source.fence("begin");
        orders = sourceClient.getDatabase("shop").getCollection("orders");
        watermarks = LoggedSpan.watermarks(target);
    }

    private LoggedSpan span() {
        return new LoggedSpan(source, from, source.fence("end"), directory);
    }

    private void insert(int first, int count) {
        orders.insertMany(IntStream.range(first, first + count)
                .mapToObj(i -> new Document("_id", i).append("text", "x".repeat(100)))
                .toList());
    }

    private static void assertSame() {
        assertThat(targetServer.dbHash("shop")).isEqualTo(sourceServer.dbHash("shop"));
    }

    @Test
    void whatWasAppliedBeforeAStopIsNotAppliedAgainWhateverTheNumberOfLanes() {
        insert(0, 12_000);
        sourceClient.getDatabase("shop").getCollection("ring").insertOne(new Document("_id", 1));
        try (LoggedSpan span = span()) {
            var slices = new AtomicInteger();
            assertThatThrownBy(() -> span.replay(() -> {
                                if (slices.incrementAndGet() == span.slices()) {
                                    throw new IllegalStateException("told to stop");
                                }
                            })
                            .into(target, 2, watermarks, bytes -> {}))
                    .hasMessage("told to stop");
            assertThat(watermarks.isResumable()).isTrue();
            Replayed replayed = span.replay(() -> {}).into(target, 5, watermarks, bytes -> {});
            assertThat(replayed.repeated()).isBetween(8_000L, 12_000L);
            Replayed again = span.replay(() -> {}).into(target, 2, watermarks, bytes -> {});
            assertThat(again.repeated()).isEqualTo(again.applied()).isEqualTo(12_001);
        }
        assertSame();
    }

    @Test
    void aTransactionThatADeadProcessLeftOpenIsEnded() {
        insert(0, 10);
        BsonDocument sender;
        try (ClientSession dead = targetClient.startSession();
                LoggedSpan span = span()) {
            dead.startTransaction();
            targetClient.getDatabase("shop").getCollection("orders").insertOne(dead, new Document("_id", 3));
            sender = dead.getServerSession().getIdentifier();
            watermarks.begin(2);
            watermarks.write(List.of(sender));
            assertThat(span.replay(() -> {})
                            .into(target, 2, watermarks, bytes -> {})
                            .inserts())
                    .isEqualTo(10);
        }
        assertSame();
    }

    @Test
    void aTransactionThatFailsInPassingAtItsEndIsTriedAgainAsAWhole() {
        insert(0, 10);
        targetClient
                .getDatabase("admin")
                .runCommand(Document.parse("{configureFailPoint: 'failCommand', mode: {times: 2},"
                        + " data: {failCommands: ['commitTransaction'], errorCode: 112,"
                        + " errorLabels: ['TransientTransactionError']}}"));
        try (LoggedSpan span = span()) {
            assertThat(span.replay(() -> {})
                            .into(target, 2, watermarks, bytes -> {})
                            .inserts())
                    .isEqualTo(10);
        } finally {
            targetClient
                    .getDatabase("admin")
                    .runCommand(Document.parse("{configureFailPoint: 'failCommand', mode: 'off'}"));
        }
        assertSame();
    }

    @Test
    void whatWasCutOffInTheMiddleOfSomethingNoTransactionTakesIsNotGoneOnWith() {
        insert(0, 10);
        watermarks.begin(2);
        Watermarks.Section section = watermarks.begins(Watermarks.Mark.NONE);
        assertThat(watermarks.isResumable()).isFalse();
        assertRefused("cannot be gone on with");
        watermarks.ended(section, Watermarks.Mark.NONE);
        assertThat(watermarks.isResumable()).isTrue();
    }

    @Test
    void anotherLogThanTheOneThatWasBegunWithIsRefused() {
        insert(0, 10);
        try (LoggedSpan span = span()) {
            span.replay(() -> {}).into(target, 1, watermarks, bytes -> {});
        }
        from = source.fence("later");
        insert(10, 10);
        assertRefused("and now that operation is one of");
    }

    private void assertRefused(String why) {
        try (LoggedSpan span = span()) {
            assertThatThrownBy(() -> span.replay(() -> {}).into(target, 2, watermarks, bytes -> {}))
                    .isInstanceOfSatisfying(Failure.class, failure -> {
                        assertThat(failure.kind()).isEqualTo(FailureKind.TARGET_REFUSED);
                        assertThat(failure.text()).contains(why);
                    });
        }
    }

    @Test
    void aMarkThatIsNotTheOneThatWasConfirmedEndsTheReplay() {
        orders.insertMany(IntStream.range(0, 100)
                .mapToObj(i -> new Document("_id", "order " + i))
                .toList());
        sourceClient.getDatabase("shop").getCollection("ring").insertOne(new Document("_id", 1));
        // The last mark of each lane, and of what no transaction takes.
        for (String mark : List.of("lane-0", "lane-1", "outside")) {
            bothMarksAndCopyAreGone();
            try (var span = new LoggedSpan(source, from, source.fence("end"), directory.resolve(mark))) {
                span.replay(() -> {}).into(target, 2, watermarks, bytes -> {});
                try (Lanes lanes = Lanes.resumed(target, 2, watermarks)) {
                    marks().deleteOne(new Document("_id", mark));
                    assertLost(lanes::flush);
                }
            }
            assertThat(watermarks.isResumable()).as(mark).isFalse();
        }
    }

    @Test
    void aLaneDoesNotGoOnUponAMarkThatIsGone() {
        var slices = new AtomicInteger();
        insert(0, 12_000);
        try (LoggedSpan span = span()) {
            assertLost(() -> span.replay(() -> {
                        if (slices.incrementAndGet() == span.slices() / 2) {
                            marks().updateMany(
                                            new Document("number", new Document("$gt", 0)),
                                            new Document("$inc", new Document("number", -1L)));
                        }
                    })
                    .into(target, 2, watermarks, bytes -> {}));
        }
        assertThat(watermarks.isResumable()).isFalse();
    }

    @Test
    void whatIsDoneOutsideOfLanesIsDoneUponAMarkThatIsThere() {
        try (Lanes lanes = Lanes.resumed(target, 2, watermarks)) {
            lanes.outside(() -> {});
            assertLost(() -> lanes.outside(() -> marks().deleteOne(new Document("_id", "outside"))));
        }
    }

    @Test
    void aStandaloneIsNeverGoneOnWith() {
        insert(0, 10);
        try (MongodServer server = MongodServer.standalone();
                Deployment standalone = server.deployment("staging");
                MongoClient client = server.client();
                LoggedSpan span = span()) {
            client.getDatabase("shop").runCommand(Document.parse("{create: 'orders'}"));
            client.getDatabase("shop").runCommand(Document.parse("{create: 'ring', capped: true, size: 200000}"));
            Watermarks alone = LoggedSpan.watermarks(standalone);
            span.replay(() -> {}).into(standalone, 2, alone, bytes -> {});
            assertThat(alone.isResumable()).isFalse();
            assertThat(server.dbHash("shop")).isEqualTo(sourceServer.dbHash("shop"));
        }
    }

    private static MongoCollection<Document> marks() {
        return targetClient
                .getDatabase(LoggedSpan.WATERMARKS.database())
                .getCollection(LoggedSpan.WATERMARKS.collection());
    }

    private static void bothMarksAndCopyAreGone() {
        marks().drop();
        targetClient.getDatabase("shop").getCollection("orders").deleteMany(new Document());
        targetClient.getDatabase("shop").getCollection("ring").drop();
        targetClient.getDatabase("shop").runCommand(Document.parse("{create: 'ring', capped: true, size: 200000}"));
    }

    private static void assertLost(ThrowingCallable work) {
        assertThatThrownBy(work).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
            assertThat(failure.text()).contains("has lost writes that it had confirmed");
        });
    }

    @Test
    void whatIsDoneOutsideOfLanesIsDoneOnceAndNotGoneOnWithWhereItWasCutOff() {
        var done = new ArrayList<String>();
        try (Lanes lanes = Lanes.resumed(target, 2, watermarks)) {
            lanes.outside(() -> done.add("first"));
        }
        try (Lanes lanes = Lanes.resumed(target, 2, watermarks)) {
            lanes.outside(() -> done.add("again"));
            lanes.outside(() -> done.add("second"));
            assertThat(watermarks.isResumable()).isTrue();
            assertThatThrownBy(() -> lanes.outside(() -> {
                        throw new IllegalStateException("cut off");
                    }))
                    .hasMessage("cut off");
        }
        assertThat(done).containsExactly("first", "second");
        assertThat(watermarks.isResumable()).isFalse();
    }
}
