package io.firedrill.job;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import io.firedrill.archive.ArchiveKeys;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.Segment;
import io.firedrill.mongo.Deployment;
import io.firedrill.oplog.DeltaLimits;
import io.firedrill.restore.RestoreSource;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.Kind;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Stranger;
import io.firedrill.testing.Stranger.Ended;
import io.firedrill.testing.TestKeys;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody without Firedrill comes to by the format document alone is what the server says it holds, or a refusal. */
class StrangerIT {
    private static final Set<String> SERVERS_OWN = Set.of("admin", "config", "local");

    private static MongodServer server;
    private static MongoClient client;
    private static Deployment source;

    @TempDir
    Path directory;

    private final TestKeys keys = TestKeys.make();
    private Stranger stranger;
    private Recovery recovery;

    @BeforeAll
    static void start() {
        assumeTrue(
                Stranger.isEquipped(),
                "no python3 with cryptography, or no zstd: that a stranger can read backups stays unchecked");
        server = MongodServer.replicaSet("orders");
        client = server.client();
        source = server.deployment("source");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            source.close();
            client.close();
            server.close();
        }
    }

    @BeforeEach
    void beginAnew() {
        window(300);
        databases().forEach(name -> client.getDatabase(name).drop());
        stranger = new Stranger(directory);
        recovery = new Recovery(ObjectStores.directory(stranger.store()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void readsRangesInTheOrderOfTheirIndex(boolean encrypted) throws Exception {
        fill();

        Ended read = backedUpAndRead(encrypted);

        for (String name : List.of("orders", "large")) {
            assertThat(documents(read, "shop.%s.bson".formatted(name))).as(name).isEqualTo(asTheServerHasIt("shop", name));
        }
    }

    /** Segments are cut at ids of every type, and names, options and indexes are whatever a server allows. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MANY_COLLECTIONS")
    void readsEveryKindOfCollection(Kind kind) throws Exception {
        kind.make(client);

        requireWhatTheServerHas(backedUpAndRead(true));
    }

    @Test
    void isToldOptionsAndIndexesThatHoldRegularExpressions() throws Exception {
        var shop = client.getDatabase("shop");
        shop.runCommand(Document.parse("{create: 'people', validator: {name: {$regex: /^[A-Z]/i}}}"));
        shop.getCollection("people").insertOne(new Document("_id", 1).append("name", "Ada"));
        shop.runCommand(Document.parse("{createIndexes: 'people', indexes: [{key: {name: 1}, name: 'some',"
                + " partialFilterExpression: {since: {$gte: {$date: '2026-01-01T00:00:00Z'}, $lt: {$maxKey: 1}}}}]}"));
        shop.runCommand(Document.parse("{create: 'view', viewOn: 'people', pipeline: [{$match: {name: /a$/}}]}"));

        requireWhatTheServerHas(backedUpAndRead(true));
    }

    @Test
    void takesNoNameForAPath() throws Exception {
        for (String name : List.of("a/b", "a/../../above", "/tmp", "a/..", "a%2Fb", "é".repeat(120))) {
            client.getDatabase("shop").getCollection(name).insertOne(new Document("_id", name));
        }

        Ended read = backedUpAndRead(false);

        requireWhatTheServerHas(read);
        try (var beside = Files.list(read.out().getParent())) {
            assertThat(beside).containsExactly(read.out());
        }
    }

    /** Deltas stand behind their bases there: what has to be equal is the documents. */
    @Test
    void mergesDeltas() throws Exception {
        recovery.deltas(new DeltaLimits(0.1, 0, 1_000));
        fill();
        recovery.backup(source, 1);
        MongoCollection<Document> orders = client.getDatabase("shop").getCollection("orders");
        orders.deleteOne(new Document("_id", 5));
        orders.insertOne(new Document("_id", 5.0).append("text", "of another type"));
        orders.deleteOne(new Document("_id", 6));
        orders.insertOne(new Document("_id", 6.5).append("text", "new"));
        orders.updateOne(new Document("_id", 700), new Document("$set", new Document("text", "changed")));
        recovery.backup(source, 2);
        List<Segment> segments = RestoreSource.of(recovery.catalog(), "latest").segments();
        assertThat(segments).anyMatch(segment -> segment.delta().isPresent());

        Ended read = stranger.read(2);

        assertThat(read.exit()).as(read.said()).isZero();
        requireWhatTheServerHas(read);
    }

    /** Its segments alone are the source at no moment, though each of their digests is right. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void writesNothingOfABackupWithSeveralMomentsAndSaysWhichTheyAre(boolean encrypted) throws Exception {
        fill();
        // Each range is read at a moment of its own.
        window(0);

        Ended read = backUpAndRead(encrypted);

        Manifest manifest = recovery.catalog().manifest(Recovery.id(1));
        assertThat(manifest.oplog()).isPresent();
        assertThat(read.exit()).as(read.said()).isOne();
        assertThat(read.said())
                .contains("several moments, from %s to %s,"
                        .formatted(
                                moment(manifest.oplog().orElseThrow().from().timestamp()),
                                moment(manifest.consistencyPoint().timestamp())))
                .doesNotContain("Traceback");
        assertThat(read.out()).doesNotExist();
    }

    @Test
    void saysThatItNeedsKeysAndWhichItWasGiven() throws Exception {
        fill();
        recovery.with(keys.ofBackup()).backup(source, 1);

        Ended without = stranger.read(1);
        Ended others = stranger.read(1, stranger.files(TestKeys.make()));

        assertThat(without.exit()).isOne();
        assertThat(without.said()).contains("manifest is encrypted: give").doesNotContain("Traceback");
        assertThat(others.exit()).isOne();
        assertThat(others.said()).contains("is encrypted with the store key").doesNotContain("Traceback");
    }

    @Test
    void refusesAVersionThatItDoesNotKnow() throws Exception {
        fill();
        recovery.backup(source, 1);
        Path manifest = inBackup("manifest");
        Files.write(manifest, withVersion(7, Files.readAllBytes(manifest)));

        requireRefused("manifest has the version 7");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesAFileThatIsWholeButNotTheManifests(boolean plan) throws Exception {
        fill();
        Manifest manifest = recovery.backup(source, 1);
        String name = plan ? "plan" : "part/" + manifest.parts().getFirst().unit();
        recovery.backup(source, 2);
        Files.copy(
                stranger.store().resolve("sources/source/backups/%s/%s".formatted(Recovery.id(2), name)),
                inBackup(name),
                StandardCopyOption.REPLACE_EXISTING);

        requireRefused(name + " is not the one that the manifest names");
    }

    private Path inBackup(String name) {
        return stranger.store().resolve("sources/source/backups/%s/%s".formatted(Recovery.id(1), name));
    }

    private void requireRefused(String why) throws Exception {
        Ended read = stranger.read(1);
        assertThat(read.exit()).isOne();
        assertThat(read.said()).contains(why).doesNotContain("Traceback");
    }

    /** The same file, its digest right, with another version in its first line. */
    private static byte[] withVersion(int version, byte[] file) throws Exception {
        String text = new String(file, ISO_8859_1);
        String[] lines = text.split("\n", 3);
        String head = lines[0].replaceFirst("\\d+$", Integer.toString(version)) + "\n";
        byte[] digest = MessageDigest.getInstance("SHA-256").digest((head + lines[2]).getBytes(ISO_8859_1));
        return "%s%s\n%s".formatted(head, HexFormat.of().formatHex(digest), lines[2]).getBytes(ISO_8859_1);
    }

    private Ended backedUpAndRead(boolean encrypted) throws Exception {
        Ended read = backUpAndRead(encrypted);
        assertThat(read.exit()).as(read.said()).isZero();
        return read;
    }

    private Ended backUpAndRead(boolean encrypted) throws Exception {
        recovery.with(encrypted ? keys.ofBackup() : ArchiveKeys.NONE).backup(source, 1);
        recovery.with(keys.ofRestore());
        return stranger.read(1, encrypted ? stranger.files(keys) : new Path[0]);
    }

    private static void fill() {
        client.getDatabase("shop")
                .getCollection("orders")
                .insertMany(IntStream.range(0, 2_000)
                        .mapToObj(i -> new Document("_id", i).append("text", "order " + i))
                        .toList());
        // More than one piece of the streaming cipher, and nothing that could be compressed into one.
        byte[] noise = new byte[5 << 20];
        new Random(1).nextBytes(noise);
        client.getDatabase("shop").getCollection("large").insertOne(new Document("_id", 1).append("noise", noise));
    }

    private static List<String> databases() {
        return client.listDatabaseNames().into(new ArrayList<>()).stream()
                .filter(name -> !SERVERS_OWN.contains(name))
                .toList();
    }

    private static void window(int seconds) {
        client.getDatabase("admin")
                .runCommand(new Document("setParameter", 1).append("minSnapshotHistoryWindowInSeconds", seconds));
    }

    private static String moment(BsonTimestamp at) {
        return "%d.%d".formatted(Integer.toUnsignedLong(at.getTime()), Integer.toUnsignedLong(at.getInc()));
    }

    /** Documents, options and indexes of everything, and no file besides. */
    private static void requireWhatTheServerHas(Ended read) throws IOException {
        var plan = new RawBsonDocument(Files.readAllBytes(read.out().resolve("plan.bson")));
        List<BsonValue> shapes = plan.getArray("collections");
        Set<String> files = new TreeSet<>(Set.of("plan.bson"));
        int compared = 0;
        for (String database : databases()) {
            for (BsonDocument listed : client.getDatabase(database).listCollections(BsonDocument.class)) {
                String name = listed.getString("name").getValue();
                if (name.equals("system.views")) {
                    continue;
                }
                int position = position(shapes, database, name);
                BsonDocument shape = shapes.get(position).asDocument();
                assertThat(shape.getDocument("options")).as(name).isEqualTo(listed.getDocument("options"));
                if (listed.getString("type").getValue().equals("collection")) {
                    String file = file(database, name, position);
                    files.add(file);
                    assertThat(sorted(documents(read, file))).as(name).isEqualTo(sorted(asTheServerHasIt(database, name)));
                    assertThat(shape.getArray("indexes")).as(name).isEqualTo(indexes(database, name));
                }
                compared++;
            }
        }
        assertThat(compared).isPositive().isEqualTo(shapes.size());
        assertThat(files).containsAll(read.files());
    }

    private static int position(List<BsonValue> shapes, String database, String name) {
        return IntStream.range(0, shapes.size())
                .filter(i -> shapes.get(i).asDocument().getString("database").getValue().equals(database))
                .filter(i -> shapes.get(i).asDocument().getString("name").getValue().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("%s.%s is not in the plan".formatted(database, name)));
    }

    private static String file(String database, String name, int position) {
        String encoded = encoded(database) + "." + encoded(name);
        return (encoded.length() <= 200 ? encoded : encoded.substring(0, 200) + "~" + position) + ".bson";
    }

    /** Forms encode a little otherwise than paths. */
    private static String encoded(String name) {
        return URLEncoder.encode(name, UTF_8).replace("+", "%20").replace("*", "%2A").replace("%7E", "~");
    }

    private static BsonArray indexes(String database, String name) {
        return new BsonArray(client.getDatabase(database)
                .getCollection(name)
                .listIndexes(BsonDocument.class)
                .into(new ArrayList<>()));
    }

    private static List<ByteBuffer> sorted(List<ByteBuffer> documents) {
        return documents.stream().sorted().toList();
    }

    private static List<ByteBuffer> asTheServerHasIt(String database, String name) {
        List<ByteBuffer> documents = new ArrayList<>();
        client.getDatabase(database)
                .getCollection(name, RawBsonDocument.class)
                .find()
                .sort(new Document("_id", 1))
                .forEach(document -> documents.add(document.getByteBuffer().asNIO()));
        return documents;
    }

    /** What the file holds; where a collection is empty, there need be none. */
    private static List<ByteBuffer> documents(Ended read, String file) throws IOException {
        Path path = read.out().resolve(file);
        ByteBuffer rest = ByteBuffer.wrap(Files.exists(path) ? Files.readAllBytes(path) : new byte[0])
                .order(ByteOrder.LITTLE_ENDIAN);
        List<ByteBuffer> documents = new ArrayList<>();
        while (rest.hasRemaining()) {
            int length = rest.getInt(rest.position());
            documents.add(rest.slice(rest.position(), length));
            rest.position(rest.position() + length);
        }
        return documents;
    }
}
