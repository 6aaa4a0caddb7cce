package io.firedrill.migration;

import static com.mongodb.client.model.Filters.eq;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.MongoException;
import com.mongodb.MongoNamespace;
import com.mongodb.WriteConcern;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.Updates;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.migration.Cut.Mode;
import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.bson.codecs.DocumentCodec;
import org.bson.types.Binary;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The proxy between the real driver and a real server. What it says is held against the server's own oplog and data. */
class WireProxyIT {
    private static final String BOOKS = "changelog";
    private static final String LOCK = "lock";
    private static final int LARGE = 15_900_000;

    private static MongodServer server;
    private static MongoClient direct;

    @BeforeAll
    static void start() {
        server = MongodServer.replicaSet("wire", "--setParameter", "disableLogicalSessionCacheRefresh=true");
        direct = server.client();
    }

    @AfterAll
    static void stop() {
        direct.close();
        server.close();
    }

    private static ToolNamespaces tool(String database) {
        return new ToolNamespaces(Set.of(database + "." + BOOKS, database + "." + LOCK), database + "." + BOOKS);
    }

    private static WireProxy counting(String database) {
        return WireProxy.counting(server.port(), tool(database), System::nanoTime);
    }

    private static WireProxy cutting(String database, Mode mode, WriteKind at, long number) {
        return WireProxy.cutting(server.port(), tool(database), System::nanoTime, new Cut(mode, at, number), () -> {});
    }

    private static MongoClient client(WireProxy proxy, String... options) {
        return MongoClients.create(
                proxy.uri(server.uri()) + "&serverSelectionTimeoutMS=1500" + String.join("", options));
    }

    private static List<String> told(WritesSeen seen) {
        return seen.counts().stream()
                .map(each -> "%s %s %s%s %d/%d"
                        .formatted(
                                each.kind(),
                                each.verb().command(),
                                String.join(" ", each.namespaces()),
                                each.inTransaction() ? " in transaction" : "",
                                each.commands(),
                                each.statements()))
                .toList();
    }

    private static long counted(WritesSeen seen, WriteVerb... verbs) {
        return seen.counts().stream()
                .filter(each -> Set.of(verbs).contains(each.verb()))
                .mapToLong(WriteCount::statements)
                .sum();
    }

    private static BsonTimestamp newest() {
        @Nullable
        Document newest = direct.getDatabase("local")
                .getCollection("oplog.rs")
                .find()
                .sort(new Document("$natural", -1))
                .first();
        return Objects.requireNonNull(newest).get("ts", new BsonTimestamp());
    }

    private static long opcounter(String name) {
        Document counters = direct.getDatabase("admin")
                .runCommand(new Document("serverStatus", 1))
                .get("opcounters", new Document());
        return Objects.requireNonNull(counters.get(name, Number.class)).longValue();
    }

    private static void everyWrite(MongoClient client, String name) {
        MongoDatabase database = client.getDatabase(name);
        database.createCollection("a");
        MongoCollection<Document> a = database.getCollection("a");
        a.insertOne(new Document("_id", 1));
        a.insertMany(
                IntStream.range(2, 12).mapToObj(i -> new Document("_id", i)).toList());
        a.updateOne(eq("_id", 1), Updates.set("x", 1));
        a.updateMany(new Document(), Updates.set("y", 1));
        a.deleteOne(eq("_id", 2));
        a.findOneAndUpdate(eq("_id", 1), Updates.set("z", 1));
        a.bulkWrite(List.of(
                new InsertOneModel<>(new Document("_id", 20)),
                new InsertOneModel<>(new Document("_id", 21)),
                new UpdateOneModel<>(eq("_id", 20), Updates.set("x", 2))));
        a.createIndex(new Document("x", 1));
        a.dropIndex("x_1");
        database.runCommand(new Document("collMod", "a").append("validationLevel", "moderate"));
        a.aggregate(List.of(Document.parse("{$match: {}}"), Document.parse("{$out: 'b'}")))
                .toCollection();
        a.aggregate(List.of(Document.parse("{$merge: {into: 'c'}}"))).toCollection();
        a.aggregate(List.of(Document.parse("{$match: {}}"))).first();
        a.find().first();
        database.getCollection("c").renameCollection(new MongoNamespace(name, "d"));
        database.getCollection("d").drop();
        database.getCollection(BOOKS).insertOne(new Document("_id", "row"));
        database.getCollection(LOCK).insertOne(new Document("_id", "lock"));
        database.getCollection(BOOKS).createIndex(new Document("x", 1));
        try (ClientSession session = client.startSession()) {
            session.withTransaction(() -> a.updateOne(session, eq("_id", 3), Updates.set("t", 1)));
            session.startTransaction();
            a.insertOne(session, new Document("_id", 99));
            session.abortTransaction();
        }
        client.getDatabase(name + "-gone").getCollection("x").insertOne(new Document());
        client.getDatabase(name + "-gone").drop();
    }

    @Test
    void everyKindOfWriteIsCountedAsTheServerCountsIt() {
        long inserts = opcounter("insert");
        long updates = opcounter("update");
        long deletes = opcounter("delete");
        BsonTimestamp before = newest();
        WritesSeen seen;
        try (WireProxy proxy = counting("every");
                MongoClient client = client(proxy)) {
            everyWrite(client, "every");
            proxy.requireSound();
            seen = proxy.seen();
        }
        assertThat(told(seen))
                .containsExactly(
                        "DATA create every.a 1/1",
                        "DATA insert every.a 3/13",
                        "DATA update every.a 3/3",
                        "DATA delete every.a 1/1",
                        "DATA findAndModify every.a 1/1",
                        "DATA createIndexes every.a 1/1",
                        "DATA dropIndexes every.a 1/1",
                        "DATA collMod every.a 1/1",
                        "DATA aggregate every.b 1/1",
                        "DATA aggregate every.c 1/1",
                        "DATA renameCollection every.c every.d 1/1",
                        "DATA drop every.d 1/1",
                        "ROW insert every.changelog 1/1",
                        "BOOKS insert every.lock 1/1",
                        "BOOKS createIndexes every.changelog 1/1",
                        "DATA update every.a in transaction 1/1",
                        "DATA commitTransaction  in transaction 1/1",
                        "DATA insert every.a in transaction 1/1",
                        "DATA abortTransaction  in transaction 1/1",
                        "DATA insert every-gone.x 1/1",
                        "DATA dropDatabase every-gone 1/1");
        assertThat(seen.data()).isEqualTo(22);
        assertThat(seen.rows()).isEqualTo(1);
        assertThat(opcounter("insert") - inserts)
                .as("with $out, which inserts each of its twelve documents")
                .isEqualTo(counted(seen, WriteVerb.INSERT) + 12);
        assertThat(opcounter("delete") - deletes).isEqualTo(counted(seen, WriteVerb.DELETE));
        assertThat(opcounter("update") - updates)
                .as("with $merge, which updates each of its twelve documents")
                .isEqualTo(counted(seen, WriteVerb.UPDATE) + 12);
        List<String> commands = oplog(before, "every");
        for (String each :
                List.of("create", "collMod", "renameCollection", "drop", "dropIndexes", "commitIndexBuild")) {
            assertThat(commands).as("the server's oplog").anyMatch(entry -> entry.startsWith(each));
        }
    }

    /** The first fields of the commands that the oplog has of one database. */
    private static List<String> oplog(BsonTimestamp since, String database) {
        return direct.getDatabase("local")
                .getCollection("oplog.rs")
                .find(Document.parse("{op: 'c', ns: '%s.$cmd'}".formatted(database))
                        .append("ts", new Document("$gt", since)))
                .map(entry -> entry.get("o", Document.class).keySet().iterator().next())
                .into(new ArrayList<>());
    }

    private static long applied(String database) {
        return direct.getDatabase(database).getCollection("data").countDocuments();
    }

    /** Inserts documents one by one until one fails, while a lock is refreshed over the same client. */
    private static int inserted(MongoClient client, String name, int count) throws Exception {
        MongoDatabase database = client.getDatabase(name);
        var stop = new AtomicBoolean();
        try (var threads = Executors.newSingleThreadExecutor()) {
            Future<?> refresher = threads.submit(() -> {
                while (!stop.get()) {
                    try {
                        database.getCollection(LOCK).updateOne(eq("_id", 1), Updates.inc("n", 1));
                    } catch (MongoException expected) {
                        return;
                    }
                }
            });
            int done = 0;
            try {
                for (; done < count; done++) {
                    database.getCollection("data").insertOne(new Document("_id", done + 1));
                }
            } catch (MongoException expected) {
                assertThat(expected).isNotNull();
            }
            stop.set(true);
            refresher.get(30, TimeUnit.SECONDS);
            return done;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 10})
    void aCutBeforeAWriteLeavesExactlyThoseBeforeIt(int number) throws Exception {
        String name = "before" + number;
        try (WireProxy proxy = cutting(name, Mode.CUT_BEFORE, WriteKind.DATA, number);
                MongoClient client = client(proxy)) {
            assertThat(inserted(client, name, 10)).isEqualTo(number - 1);
            assertThat(proxy.reached()).isTrue();
            assertThat(proxy.seen().data()).isEqualTo(number);
            proxy.requireSound();
        }
        assertThat(applied(name)).isEqualTo(number - 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 10})
    void aCutAfterAWriteLeavesItApplied(int number) throws Exception {
        String name = "after" + number;
        try (WireProxy proxy = cutting(name, Mode.CUT_AFTER, WriteKind.DATA, number);
                MongoClient client = client(proxy)) {
            assertThat(inserted(client, name, 10))
                    .as("what the client knows of")
                    .isEqualTo(number - 1);
            assertThat(proxy.reached()).isTrue();
        }
        assertThat(applied(name)).isEqualTo(number);
    }

    @Test
    void aCutBeforeTheRowLeavesAllDataAndNoRow() {
        try (WireProxy proxy = cutting("row", Mode.CUT_BEFORE, WriteKind.ROW, 1);
                MongoClient client = client(proxy)) {
            MongoDatabase database = client.getDatabase("row");
            database.getCollection("data").insertMany(List.of(new Document(), new Document()));
            assertThatThrownBy(() -> database.getCollection(BOOKS).insertOne(new Document()))
                    .isInstanceOf(MongoException.class);
        }
        assertThat(applied("row")).isEqualTo(2);
        assertThat(direct.getDatabase("row").getCollection(BOOKS).countDocuments())
                .isZero();
    }

    @Test
    void anAnswerLostOnceIsAskedForAgainAndTheWriteIsAppliedOnce() {
        try (WireProxy proxy = cutting("lost", Mode.ANSWER_LOST, WriteKind.DATA, 3);
                MongoClient client = client(proxy)) {
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
        assertThat(direct.getDatabase("lost").getCollection("data").find())
                .containsExactly(new Document("_id", 1).append("n", 5));
    }

    /** The counterpart: what a driver does not send again is an error although it was applied. */
    @Test
    void anAnswerLostWithoutRetriesIsAnErrorOfAWriteThatWasApplied() {
        try (WireProxy proxy = cutting("unretried", Mode.ANSWER_LOST, WriteKind.DATA, 1);
                MongoClient client = client(proxy, "&retryWrites=false")) {
            MongoCollection<Document> data = client.getDatabase("unretried").getCollection("data");
            assertThatThrownBy(() -> data.insertOne(new Document())).isInstanceOf(MongoException.class);
            assertThat(data.countDocuments()).as("seen over another connection").isEqualTo(1);
        }
        assertThat(applied("unretried")).isEqualTo(1);
    }

    /** The second data write is the commit. */
    @ParameterizedTest
    @CsvSource({"CUT_BEFORE, 0, false", "CUT_AFTER, 2, false", "ANSWER_LOST, 2, true"})
    void theEndOfATransactionCanBeCutToo(Mode mode, int left, boolean succeeds) {
        String name = "transaction-" + mode;
        direct.getDatabase(name).createCollection("data");
        try (WireProxy proxy = cutting(name, mode, WriteKind.DATA, 2);
                MongoClient client = client(proxy);
                ClientSession session = client.startSession()) {
            MongoCollection<Document> data = client.getDatabase(name).getCollection("data");
            session.startTransaction();
            data.insertMany(session, List.of(new Document(), new Document()));
            assertThat(committed(session)).isEqualTo(succeeds);
            assertThat(proxy.reached()).isTrue();
        }
        assertThat(applied(name)).isEqualTo(left);
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
        try (WireProxy proxy = cutting("lasting", Mode.CUT_BEFORE, WriteKind.DATA, 1)) {
            try (MongoClient client = client(proxy)) {
                assertThat(inserted(client, "lasting", 1)).isZero();
                assertThatThrownBy(() -> client.getDatabase("lasting").runCommand(new Document("ping", 1)))
                        .isInstanceOf(MongoException.class);
            }
            try (MongoClient another = client(proxy, "&connectTimeoutMS=1000")) {
                assertThatThrownBy(() -> another.getDatabase("lasting").runCommand(new Document("ping", 1)))
                        .isInstanceOf(MongoException.class);
            }
            assertThatThrownBy(() -> connect(proxy).close()).isInstanceOf(IOException.class);
        }
        assertThat(applied("lasting")).isZero();
    }

    private static Socket connect(WireProxy proxy) throws IOException {
        return new Socket(InetAddress.ofLiteral("127.0.0.1"), port(proxy));
    }

    private static int port(WireProxy proxy) {
        return URI.create(proxy.uri("mongodb://h")).getPort();
    }

    @Test
    void whoeverIsToldOfTheCutIsToldWhileTheClientStillWaits() {
        var calls = new AtomicInteger();
        var told = new AtomicBoolean(true);
        try (WireProxy proxy = WireProxy.cutting(
                        server.port(),
                        tool("told"),
                        System::nanoTime,
                        new Cut(Mode.CUT_AFTER, WriteKind.DATA, 1),
                        () -> {
                            calls.incrementAndGet();
                            told.set(told.get() && applied("told") == 1);
                        });
                MongoClient client = client(proxy)) {
            MongoCollection<Document> data = client.getDatabase("told").getCollection("data");
            assertThatThrownBy(() -> data.insertOne(new Document())).isInstanceOf(MongoException.class);
        }
        assertThat(calls).hasValue(1);
        assertThat(told).as("the write was applied when the cut was told").isTrue();
    }

    @Test
    void anUnacknowledgedWriteHasNoAnswerToLose() {
        try (WireProxy proxy = cutting("silent", Mode.CUT_AFTER, WriteKind.DATA, 1);
                MongoClient client = client(proxy)) {
            MongoCollection<Document> data = client.getDatabase("silent").getCollection("data");
            data.withWriteConcern(WriteConcern.UNACKNOWLEDGED).insertOne(new Document());
            data.insertOne(new Document());
            assertThat(proxy.unanswered()).isTrue();
            assertThat(proxy.reached()).isFalse();
            assertThat(proxy.seen().data()).isEqualTo(2);
        }
        assertThat(applied("silent")).isEqualTo(2);
    }

    private static List<Document> documents(int count, int bytes) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Document("_id", i).append("bytes", new Binary(new byte[bytes])))
                .toList();
    }

    private static void insertLarge(MongoDatabase database) {
        database.getCollection("batch").insertMany(documents(30, 1_000_000));
        database.getCollection("data").insertMany(documents(2, LARGE));
        // In the body, as drivers of other languages send them.
        database.runCommand(new Document("insert", "body").append("documents", documents(1, LARGE)));
    }

    @Test
    void messagesOfAnySizePassAsTheyAre() {
        try (WireProxy proxy = counting("large");
                MongoClient client = client(proxy)) {
            insertLarge(client.getDatabase("large"));
            insertLarge(direct.getDatabase("large-direct"));
            assertThat(told(proxy.seen()))
                    .containsExactly(
                            "DATA insert large.batch 2/30", "DATA insert large.data 2/2", "DATA insert large.body 1/1");
            assertThat(client.getDatabase("large")
                            .getCollection("data", RawBsonDocument.class)
                            .find()
                            .map(each -> each.getByteBuffer().remaining())
                            .into(new ArrayList<>()))
                    .hasSize(2)
                    .allMatch(bytes -> bytes > LARGE);
            proxy.requireSound();
        }
        assertThat(server.dbHash("large")).isEqualTo(server.dbHash("large-direct"));
    }

    /** As large as the server takes; the driver itself sends less at a time. */
    @Test
    void theLargestMessagePassesAsItIs() throws IOException {
        byte[] insert = WireBytes.message(0)
                .body("{insert: 'data', $db: 'largest'}")
                .sequence(
                        "documents",
                        documents(3, LARGE).stream()
                                .map(each -> new RawBsonDocument(each, new DocumentCodec()))
                                .toList())
                .sent();
        assertThat(insert.length).isGreaterThan(47_000_000);
        try (WireProxy proxy = counting("largest");
                Socket socket = connect(proxy)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(insert);
            InputStream answer = socket.getInputStream();
            assertThat(answer.readNBytes(MessageHeader.BYTES)).hasSize(MessageHeader.BYTES);
            assertThat(told(proxy.seen())).containsExactly("DATA insert largest.data 1/3");
        }
        direct.getDatabase("largest-direct").getCollection("data").insertMany(documents(3, LARGE));
        assertThat(server.dbHash("largest")).isEqualTo(server.dbHash("largest-direct"));
    }

    @Test
    void aLargeMessageThatIsWithheldWritesNothing() {
        try (WireProxy proxy = cutting("withheld", Mode.CUT_BEFORE, WriteKind.DATA, 1);
                MongoClient client = client(proxy)) {
            MongoCollection<Document> data = client.getDatabase("withheld").getCollection("data");
            assertThatThrownBy(() -> data.insertMany(documents(15, 1_000_000))).isInstanceOf(MongoException.class);
        }
        assertThat(applied("withheld")).isZero();
    }

    @Test
    void manyConnectionsAreCountedTogether() throws Exception {
        try (WireProxy proxy = counting("many");
                MongoClient client = client(proxy, "&maxPoolSize=100");
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
                writer.get(60, TimeUnit.SECONDS);
            }
            assertThat(proxy.seen().data()).isEqualTo(2_000);
            proxy.requireSound();
        }
        assertThat(applied("many")).isEqualTo(2_000);
    }

    @Test
    void ofManyConnectionsNoWriteOvertakesACut() throws Exception {
        try (WireProxy proxy = cutting("overtaken", Mode.CUT_AFTER, WriteKind.DATA, 500);
                MongoClient client = client(proxy, "&maxPoolSize=20");
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
                writer.get(60, TimeUnit.SECONDS);
            }
            assertThat(proxy.reached()).isTrue();
        }
        assertThat(applied("overtaken")).isBetween(480L, 500L);
    }

    @Test
    void whoeverCompressesIsRefusedWithTheReason() {
        try (WireProxy proxy = counting("compressed");
                MongoClient client = client(proxy, "&compressors=zlib")) {
            MongoCollection<Document> data = client.getDatabase("compressed").getCollection("data");
            assertThatThrownBy(() -> data.insertOne(new Document())).isInstanceOf(MongoException.class);
            Failure failure = catchThrowableOfType(Failure.class, proxy::requireSound);
            assertThat(failure.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID);
            assertThat(failure.text()).contains("compresses");
        }
        assertThat(applied("compressed")).isZero();
    }

    @Test
    void whatIsNoMessageOfMongoIsRefusedWithTheReason() throws IOException {
        try (WireProxy proxy = counting("garbage");
                Socket socket = connect(proxy)) {
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
        try (WireProxy proxy = WireProxy.counting(nobody, tool("nobody"), System::nanoTime);
                Socket socket = connect(proxy)) {
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
        try (WireProxy proxy = counting("checked");
                Socket socket = connect(proxy)) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(insert);
            InputStream answer = socket.getInputStream();
            assertThat(answer.readNBytes(MessageHeader.BYTES)).hasSize(MessageHeader.BYTES);
            assertThat(proxy.seen().data()).isEqualTo(1);
        }
        assertThat(applied("checked")).isEqualTo(2);
    }

    /** The server sends answer after answer to one question then, each a heartbeat. */
    @Test
    void aStreamOfAnswersPasses() throws Exception {
        try (WireProxy proxy = counting("stream");
                MongoClient client = client(proxy, "&serverMonitoringMode=stream&heartbeatFrequencyMS=500")) {
            assertThat(inserted(client, "stream", 200)).isEqualTo(200);
            proxy.requireSound();
        }
        assertThat(applied("stream")).isEqualTo(200);
    }

    @Test
    void whenItIsClosedNoThreadAndNoSocketIsLeft() {
        long connections = connections();
        WireProxy proxy = counting("closed");
        try (MongoClient client = client(proxy)) {
            client.getDatabase("closed").getCollection("data").insertOne(new Document());
            String threads = WireProxy.THREADS + port(proxy);
            assertThat(threadsOf(threads)).isPositive();
            proxy.close();
            assertThat(threadsOf(threads)).isZero();
            // The server notices a little later.
            for (int looks = 0; connections() > connections; looks++) {
                assertThat(looks)
                        .as("looks until the server has lost our connections")
                        .isLessThan(10_000);
            }
            assertThatThrownBy(() -> connect(proxy).close()).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> client.getDatabase("closed").runCommand(new Document("ping", 1)))
                    .isInstanceOf(MongoException.class);
            proxy.requireSound();
        }
    }

    private static long connections() {
        return direct.getDatabase("admin")
                .runCommand(new Document("serverStatus", 1))
                .get("connections", new Document())
                .getInteger("current");
    }

    private static long threadsOf(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(name))
                .count();
    }

    /** In turns, since machines are shared; without waiting for the journal, which would hide what the way costs. */
    @Test
    void itCostsLittle() {
        try (WireProxy proxy = counting("cost");
                MongoClient through = client(proxy)) {
            inserts(direct, "warm", 2_000);
            inserts(through, "warm", 2_000);
            Duration alone = Duration.ZERO;
            Duration proxied = Duration.ZERO;
            for (int round = 0; round < 10; round++) {
                alone = alone.plus(inserts(direct, "cost", 1_000));
                proxied = proxied.plus(inserts(through, "cost", 1_000));
            }
            System.out.printf(
                    "10,000 inserts: %d ms directly, %d ms through the proxy%n", alone.toMillis(), proxied.toMillis());
            assertThat(proxied).as("a coarse bound").isLessThan(alone.multipliedBy(4));
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
