package io.firedrill.migration;

import static com.mongodb.client.model.Filters.eq;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.MongoException;
import com.mongodb.WriteConcern;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Updates;
import io.firedrill.migration.Cut.Mode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left in a real server when the real driver is cut off at a write. */
class WireCutsIT {
    private static ProxyBench bench;

    @BeforeAll
    static void start() {
        bench = ProxyBench.started();
    }

    @AfterAll
    static void stop() {
        bench.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 10})
    void aCutBeforeAWriteLeavesExactlyThoseBeforeIt(int number) throws Exception {
        String name = "before" + number;
        try (WireProxy proxy = bench.cutting(name, Mode.CUT_BEFORE, WriteKind.DATA, number);
                MongoClient client = bench.hasty(proxy)) {
            assertThat(ProxyBench.inserted(client, name, 10)).isEqualTo(number - 1);
            assertThat(proxy.reached()).isTrue();
            assertThat(proxy.seen().data()).isEqualTo(number);
            proxy.requireSound();
        }
        assertThat(bench.applied(name)).isEqualTo(number - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 10})
    void aCutAfterAWriteLeavesItApplied(int number) throws Exception {
        String name = "after" + number;
        try (WireProxy proxy = bench.cutting(name, Mode.CUT_AFTER, WriteKind.DATA, number);
                MongoClient client = bench.hasty(proxy)) {
            assertThat(ProxyBench.inserted(client, name, 10))
                    .as("what the client knows of")
                    .isEqualTo(number - 1);
            assertThat(proxy.reached()).isTrue();
        }
        assertThat(bench.applied(name)).isEqualTo(number);
    }

    @Test
    void aCutBeforeTheRowLeavesAllDataAndNoRow() {
        try (WireProxy proxy = bench.cutting("row", Mode.CUT_BEFORE, WriteKind.ROW, 1);
                MongoClient client = bench.hasty(proxy)) {
            MongoDatabase database = client.getDatabase("row");
            database.getCollection("data").insertMany(List.of(new Document(), new Document()));
            assertThatThrownBy(() -> database.getCollection(ProxyBench.BOOKS).insertOne(new Document()))
                    .isInstanceOf(MongoException.class);
        }
        assertThat(bench.applied("row")).isEqualTo(2);
        assertThat(bench.direct()
                        .getDatabase("row")
                        .getCollection(ProxyBench.BOOKS)
                        .countDocuments())
                .isZero();
    }

    @Test
    void anAnswerLostOnceIsAskedForAgainAndTheWriteIsAppliedOnce() {
        try (WireProxy proxy = bench.cutting("lost", Mode.ANSWER_LOST, WriteKind.DATA, 3);
                MongoClient client = bench.client(proxy)) {
            MongoCollection<Document> data = client.getDatabase("lost").getCollection("data");
            data.insertOne(new Document("_id", 1).append("n", 0));
            for (int i = 0; i < 5; i++) {
                data.updateOne(eq("_id", 1), Updates.inc("n", 1));
            }
            assertThat(proxy.reached()).isTrue();
            assertThat(proxy.seen().data()).isEqualTo(6);
            assertThat(proxy.seen().counts().stream()
                            .mapToLong(WriteCount::repeated)
                            .sum())
                    .isEqualTo(1);
            proxy.requireSound();
        }
        assertThat(bench.direct().getDatabase("lost").getCollection("data").find())
                .containsExactly(new Document("_id", 1).append("n", 5));
    }

    /** The counterpart: what a driver does not send again is an error although it was applied. */
    @Test
    void anAnswerLostWithoutRetriesIsAnErrorOfAWriteThatWasApplied() {
        try (WireProxy proxy = bench.cutting("unretried", Mode.ANSWER_LOST, WriteKind.DATA, 1);
                MongoClient client = bench.client(proxy, "&retryWrites=false")) {
            MongoCollection<Document> data = client.getDatabase("unretried").getCollection("data");
            assertThatThrownBy(() -> data.insertOne(new Document())).isInstanceOf(MongoException.class);
            assertThat(data.countDocuments()).as("seen over another connection").isEqualTo(1);
        }
        assertThat(bench.applied("unretried")).isEqualTo(1);
    }

    /** The second data write is the commit. */
    @ParameterizedTest
    @CsvSource({"CUT_BEFORE, 0, false", "CUT_AFTER, 2, false", "ANSWER_LOST, 2, true"})
    void theEndOfATransactionCanBeCutToo(Mode mode, int left, boolean succeeds) {
        String name = "transaction-" + mode;
        bench.direct().getDatabase(name).createCollection("data");
        try (WireProxy proxy = bench.cutting(name, mode, WriteKind.DATA, 2);
                MongoClient client = succeeds ? bench.client(proxy) : bench.hasty(proxy);
                ClientSession session = client.startSession()) {
            MongoCollection<Document> data = client.getDatabase(name).getCollection("data");
            session.startTransaction();
            data.insertMany(session, List.of(new Document(), new Document()));
            assertThat(committed(session)).isEqualTo(succeeds);
            assertThat(proxy.reached()).isTrue();
        }
        assertThat(bench.applied(name)).isEqualTo(left);
    }

    private static boolean committed(ClientSession session) {
        try {
            session.commitTransaction();
            return true;
        } catch (MongoException expected) {
            return false;
        }
    }

    @Test
    void afterALastingCutNothingWorksAnyMore() throws Exception {
        try (WireProxy proxy = bench.cutting("lasting", Mode.CUT_BEFORE, WriteKind.DATA, 1)) {
            try (MongoClient client = bench.hasty(proxy)) {
                assertThat(ProxyBench.inserted(client, "lasting", 1)).isZero();
                assertThatThrownBy(() -> client.getDatabase("lasting").runCommand(new Document("ping", 1)))
                        .isInstanceOf(MongoException.class);
            }
            try (MongoClient another = bench.client(proxy, ProxyBench.QUICKLY, "&connectTimeoutMS=1000")) {
                assertThatThrownBy(() -> another.getDatabase("lasting").runCommand(new Document("ping", 1)))
                        .isInstanceOf(MongoException.class);
            }
            assertThatThrownBy(() -> ProxyBench.connect(proxy).close()).isInstanceOf(IOException.class);
        }
        assertThat(bench.applied("lasting")).isZero();
    }

    @Test
    void whoeverIsToldOfTheCutIsToldWhileTheClientStillWaits() {
        var calls = new AtomicInteger();
        var told = new AtomicBoolean(true);
        try (WireProxy proxy = WireProxy.cutting(
                        bench.server().port(),
                        ProxyBench.tool("told"),
                        System::nanoTime,
                        new Cut(Mode.CUT_AFTER, WriteKind.DATA, 1),
                        () -> {
                            calls.incrementAndGet();
                            told.set(told.get() && bench.applied("told") == 1);
                        });
                MongoClient client = bench.hasty(proxy)) {
            MongoCollection<Document> data = client.getDatabase("told").getCollection("data");
            assertThatThrownBy(() -> data.insertOne(new Document())).isInstanceOf(MongoException.class);
        }
        assertThat(calls).hasValue(1);
        assertThat(told).as("the write was applied when the cut was told").isTrue();
    }

    @Test
    void anUnacknowledgedWriteHasNoAnswerToLose() {
        try (WireProxy proxy = bench.cutting("silent", Mode.CUT_AFTER, WriteKind.DATA, 1);
                MongoClient client = bench.client(proxy)) {
            MongoCollection<Document> data = client.getDatabase("silent").getCollection("data");
            data.withWriteConcern(WriteConcern.UNACKNOWLEDGED).insertOne(new Document());
            data.insertOne(new Document());
            assertThat(proxy.unanswered()).isTrue();
            assertThat(proxy.reached()).isFalse();
            assertThat(proxy.seen().data()).isEqualTo(2);
        }
        assertThat(bench.applied("silent")).isEqualTo(2);
    }

    @Test
    void aLargeMessageThatIsWithheldWritesNothing() {
        try (WireProxy proxy = bench.cutting("withheld", Mode.CUT_BEFORE, WriteKind.DATA, 1);
                MongoClient client = bench.hasty(proxy)) {
            MongoCollection<Document> data = client.getDatabase("withheld").getCollection("data");
            assertThatThrownBy(() -> data.insertMany(ProxyBench.documents(15, 1_000_000)))
                    .isInstanceOf(MongoException.class);
        }
        assertThat(bench.applied("withheld")).isZero();
    }

    @Test
    void ofManyConnectionsNoWriteOvertakesACut() throws Exception {
        try (WireProxy proxy = bench.cutting("overtaken", Mode.CUT_AFTER, WriteKind.DATA, 500);
                MongoClient client = bench.hasty(proxy, "&maxPoolSize=20");
                var threads = Executors.newFixedThreadPool(20)) {
            MongoCollection<Document> data = client.getDatabase("overtaken").getCollection("data");
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                writers.add(threads.submit(() -> {
                    try {
                        for (int j = 0; j < 100; j++) {
                            data.insertOne(new Document());
                        }
                    } catch (MongoException expected) {
                        assertThat(expected).isNotNull();
                    }
                }));
            }
            for (Future<?> writer : writers) {
                writer.get(5, TimeUnit.MINUTES);
            }
            assertThat(proxy.reached()).isTrue();
        }
        assertThat(bench.applied("overtaken")).isBetween(480L, 500L);
    }
}
