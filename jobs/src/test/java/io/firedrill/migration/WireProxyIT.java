package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.MongoException;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.testing.Patience;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.codecs.DocumentCodec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The proxy between the real driver and a real server: whatever passes arrives as it is, and what cannot be read is refused. */
class WireProxyIT {
    private static ProxyBench bench;

    @BeforeAll
    static void start() {
        bench = ProxyBench.started();
    }

    @AfterAll
    static void stop() {
        bench.close();
    }

    private static void insertLarge(MongoDatabase database) {
        database.getCollection("batch").insertMany(ProxyBench.documents(30, 1_000_000));
        database.getCollection("data").insertMany(ProxyBench.documents(2, ProxyBench.LARGE));
        // In the body, as drivers of other languages send them.
        database.runCommand(
                new Document("insert", "body").append("documents", ProxyBench.documents(1, ProxyBench.LARGE)));
    }

    @Test
    void messagesOfAnySizePassAsTheyAre() {
        try (WireProxy proxy = bench.counting("large");
                MongoClient client = bench.client(proxy)) {
            insertLarge(client.getDatabase("large"));
            insertLarge(bench.direct().getDatabase("large-direct"));
            assertThat(ProxyBench.told(proxy.seen()))
                    .containsExactly(
                            "DATA insert large.batch 2/30", "DATA insert large.data 2/2", "DATA insert large.body 1/1");
            assertThat(client.getDatabase("large")
                            .getCollection("data", RawBsonDocument.class)
                            .find()
                            .map(each -> each.getByteBuffer().remaining())
                            .into(new ArrayList<>()))
                    .hasSize(2)
                    .allMatch(bytes -> bytes > ProxyBench.LARGE);
            proxy.requireSound();
        }
        assertThat(bench.server().dbHash("large")).isEqualTo(bench.server().dbHash("large-direct"));
    }

    /** As large as the server takes; the driver itself sends less at a time. */
    @Test
    void theLargestMessagePassesAsItIs() throws IOException {
        byte[] insert = WireBytes.message(0)
                .body("{insert: 'data', $db: 'largest'}")
                .sequence(
                        "documents",
                        ProxyBench.documents(3, ProxyBench.LARGE).stream()
                                .map(each -> new RawBsonDocument(each, new DocumentCodec()))
                                .toList())
                .sent();
        assertThat(insert.length).isGreaterThan(47_000_000);
        try (WireProxy proxy = bench.counting("largest");
                Socket socket = ProxyBench.connect(proxy)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(insert);
            InputStream answer = socket.getInputStream();
            assertThat(answer.readNBytes(MessageHeader.BYTES)).hasSize(MessageHeader.BYTES);
            assertThat(ProxyBench.told(proxy.seen())).containsExactly("DATA insert largest.data 1/3");
        }
        bench.direct()
                .getDatabase("largest-direct")
                .getCollection("data")
                .insertMany(ProxyBench.documents(3, ProxyBench.LARGE));
        assertThat(bench.server().dbHash("largest")).isEqualTo(bench.server().dbHash("largest-direct"));
    }

    @Test
    void manyConnectionsAreCountedTogether() throws Exception {
        try (WireProxy proxy = bench.counting("many");
                MongoClient client = bench.client(proxy, "&maxPoolSize=100");
                var threads = Executors.newFixedThreadPool(100)) {
            MongoCollection<Document> data = client.getDatabase("many").getCollection("data");
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                writers.add(threads.submit(() -> {
                    for (int j = 0; j < 20; j++) {
                        data.insertOne(new Document());
                    }
                }));
            }
            for (Future<?> writer : writers) {
                writer.get(5, TimeUnit.MINUTES);
            }
            assertThat(proxy.seen().data()).isEqualTo(2_000);
            proxy.requireSound();
        }
        assertThat(bench.applied("many")).isEqualTo(2_000);
    }

    @Test
    void aLockThatIsWithheldNeverArrivesAndEverythingElseDoes() throws Exception {
        var came = new CountDownLatch(1);
        var others = new AtomicInteger();
        try (var threads = Executors.newSingleThreadExecutor()) {
            Future<?> taker;
            try (WireProxy proxy = WireProxy.withholdingLock(
                            bench.server().port(),
                            ProxyBench.tool("withheld"),
                            System::nanoTime,
                            came::countDown,
                            others::incrementAndGet);
                    MongoClient client = bench.client(proxy)) {
                MongoDatabase database = client.getDatabase("withheld");
                database.getCollection("data").insertOne(new Document());
                taker = threads.submit(
                        () -> database.getCollection(ProxyBench.LOCK).insertOne(new Document()));
                assertThat(came.await(30, TimeUnit.SECONDS)).isTrue();
                database.getCollection("data").insertOne(new Document());
                assertThat(taker.isDone()).isFalse();
            }
            assertThatThrownBy(taker::get).hasCauseInstanceOf(RuntimeException.class);
        }
        MongoDatabase found = bench.direct().getDatabase("withheld");
        assertThat(found.getCollection("data").countDocuments()).isEqualTo(2);
        assertThat(found.getCollection(ProxyBench.LOCK).countDocuments()).isZero();
        assertThat(others).hasValue(2);
    }

    @Test
    void whoeverCompressesIsRefusedWithTheReason() {
        try (WireProxy proxy = bench.counting("compressed");
                MongoClient client = bench.client(proxy, ProxyBench.QUICKLY, "&compressors=zlib")) {
            MongoCollection<Document> data = client.getDatabase("compressed").getCollection("data");
            assertThatThrownBy(() -> data.insertOne(new Document())).isInstanceOf(MongoException.class);
            Failure failure = catchThrowableOfType(Failure.class, proxy::requireSound);
            assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
            assertThat(failure.text()).contains("compresses");
        }
        assertThat(bench.applied("compressed")).isZero();
    }

    @Test
    void whatIsNoMessageOfMongoIsRefusedWithTheReason() throws IOException {
        try (WireProxy proxy = bench.counting("garbage");
                Socket socket = ProxyBench.connect(proxy)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: here\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read())
                    .as("the end of the connection")
                    .isEqualTo(-1);
            Failure failure = catchThrowableOfType(Failure.class, proxy::requireSound);
            assertThat(failure.text()).contains("cannot be read: its length is");
        }
    }

    @Test
    void aServerThatIsNotThereIsToldAsSuch() throws IOException {
        int nobody;
        try (var free = new ServerSocket(0)) {
            nobody = free.getLocalPort();
        }
        try (WireProxy proxy = WireProxy.counting(nobody, ProxyBench.tool("nobody"), System::nanoTime);
                Socket socket = ProxyBench.connect(proxy)) {
            socket.setSoTimeout(10_000);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(catchThrowableOfType(Failure.class, proxy::requireSound).kind())
                    .isEqualTo(FailureKind.DEPENDENCY_UNAVAILABLE);
        }
    }

    /** The server itself holds the checksum against what it got. */
    @Test
    void aMessageWithAChecksumArrivesAsItIs() throws IOException {
        byte[] insert = WireBytes.message(WireBytes.CHECKSUM)
                .body("{insert: 'data', $db: 'checked'}")
                .sequence("documents", "{_id: 1}", "{_id: 2}")
                .sentWithChecksum();
        try (WireProxy proxy = bench.counting("checked");
                Socket socket = ProxyBench.connect(proxy)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(insert);
            InputStream answer = socket.getInputStream();
            assertThat(answer.readNBytes(MessageHeader.BYTES)).hasSize(MessageHeader.BYTES);
            assertThat(proxy.seen().data()).isEqualTo(1);
        }
        assertThat(bench.applied("checked")).isEqualTo(2);
    }

    /** The server sends answer after answer to one question then, each a heartbeat. */
    @Test
    void aStreamOfAnswersPasses() throws Exception {
        try (WireProxy proxy = bench.counting("stream");
                MongoClient client = bench.client(proxy, "&serverMonitoringMode=stream&heartbeatFrequencyMS=500")) {
            assertThat(ProxyBench.inserted(client, "stream", 200)).isEqualTo(200);
            proxy.requireSound();
        }
        assertThat(bench.applied("stream")).isEqualTo(200);
    }

    @Test
    void whenItIsClosedNoThreadAndNoSocketIsLeft() {
        WireProxy proxy = bench.counting("closed");
        try (MongoClient client = bench.hasty(proxy, "&appName=closed")) {
            client.getDatabase("closed").getCollection("data").insertOne(new Document());
            String threads = WireProxy.THREADS + ProxyBench.port(proxy);
            assertThat(threadsOf(threads)).isPositive();
            assertThat(connectionsOf("closed")).isPositive();
            proxy.close();
            assertThat(threadsOf(threads)).isZero();
            Patience.await("the server, too, has noticed", Duration.ofSeconds(60), () -> connectionsOf("closed") == 0);
            assertThatThrownBy(() -> ProxyBench.connect(proxy).close()).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> client.getDatabase("closed").runCommand(new Document("ping", 1)))
                    .isInstanceOf(MongoException.class);
            proxy.requireSound();
        }
    }

    /** By the name that a client gives itself: others come and go. */
    private static int connectionsOf(String application) {
        return bench.direct()
                .getDatabase("admin")
                .runCommand(new Document("currentOp", 1).append("$all", true).append("appName", application))
                .getList("inprog", Document.class)
                .size();
    }

    private static long threadsOf(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(name))
                .count();
    }

    /** The middle one of several turns of both, since machines are shared; without waiting for the journal, which would hide what the way costs. */
    @Test
    void itCostsLittle() {
        try (WireProxy proxy = bench.counting("cost");
                MongoClient through = bench.client(proxy)) {
            inserts(bench.direct(), "warm", 2_000);
            inserts(through, "warm", 2_000);
            double[] times = new double[11];
            for (int turn = 0; turn < times.length; turn++) {
                double alone = inserts(bench.direct(), "cost", 1_000).toNanos();
                times[turn] = inserts(through, "cost", 1_000).toNanos() / alone;
            }
            Arrays.sort(times);
            double middle = times[times.length / 2];
            System.out.printf(
                    "1,000 inserts took %.1f times as long through the proxy as directly (%.1f to %.1f)%n",
                    middle, times[0], times[times.length - 1]);
            assertThat(middle).as("a coarse bound").isLessThan(4);
        }
    }

    private static Duration inserts(MongoClient client, String database, int count) {
        MongoCollection<Document> data =
                client.getDatabase(database).getCollection("data").withWriteConcern(WriteConcern.W1);
        long since = System.nanoTime();
        for (int i = 0; i < count; i++) {
            data.insertOne(new Document("n", i));
        }
        return Duration.ofNanos(System.nanoTime() - since);
    }
}
