package io.firedrill.job;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.bson.BsonType.DB_POINTER;
import static org.bson.BsonType.DECIMAL128;
import static org.bson.BsonType.JAVASCRIPT;
import static org.bson.BsonType.JAVASCRIPT_WITH_SCOPE;
import static org.bson.BsonType.SYMBOL;
import static org.bson.BsonType.TIMESTAMP;
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
import io.firedrill.testing.StrangersCopy;
import io.firedrill.testing.TestKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.bson.BsonDbPointer;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonJavaScript;
import org.bson.BsonJavaScriptWithScope;
import org.bson.BsonMaxKey;
import org.bson.BsonMinKey;
import org.bson.BsonNull;
import org.bson.BsonSymbol;
import org.bson.BsonTimestamp;
import org.bson.BsonUndefined;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
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
            var copy = new StrangersCopy(read.out());
            assertThat(copy.documents("shop.%s.bson".formatted(name)))
                    .as(name)
                    .isEqualTo(StrangersCopy.documents(client.getDatabase("shop"), name));
        }
    }

    /** Segments are cut at ids of every type, and names, options and indexes are whatever a server allows. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MANY_COLLECTIONS")
    void readsEveryKindOfCollection(Kind kind) throws Exception {
        kind.make(client);

        requireWhatTheServerHas(backedUpAndRead(true));
    }

    /** Enough of each type that ranges begin and end within it: bounds are ids, and lie in a part as they are. */
    @Test
    void readsRangesThatAreCutAtIdsOfAnyType() throws Exception {
        List<Document> documents = IntStream.range(0, 150)
                .boxed()
                .flatMap(i -> idsOfOtherTypes(i).stream())
                .map(id -> new Document("_id", id).append("text", "x".repeat(900)))
                .toList();
        client.getDatabase("shop").getCollection("ids").insertMany(documents);

        Ended read = backedUpAndRead(true);

        assertThat(RestoreSource.of(recovery.catalog(), "latest").segments())
                .flatExtracting(segment -> segment.min().stream()
                        .map(bound -> bound.getOrDefault("_id", BsonNull.VALUE).getBsonType())
                        .toList())
                .contains(SYMBOL, JAVASCRIPT, JAVASCRIPT_WITH_SCOPE, DB_POINTER, DECIMAL128, TIMESTAMP);
        requireWhatTheServerHas(read);
    }

    private static List<BsonValue> idsOfOtherTypes(int number) {
        String text = "%03d".formatted(number);
        return List.of(
                new BsonSymbol(text),
                new BsonJavaScript(text),
                new BsonJavaScriptWithScope(text, new BsonDocument("scope", new BsonSymbol(text))),
                new BsonDbPointer("shop.orders", new ObjectId(number, 1)),
                new BsonDecimal128(new Decimal128(number)),
                new BsonTimestamp(number, 1));
    }

    @Test
    void isToldOptionsAndIndexesThatHoldRegularExpressions() throws Exception {
        var shop = client.getDatabase("shop");
        shop.runCommand(Document.parse("{create: 'people', validator: {name: {$regex: /^[A-Z]/i}}}"));
        shop.getCollection("people").insertOne(new Document("_id", 1).append("name", "Ada"));
        shop.runCommand(Document.parse("{createIndexes: 'people', indexes: [{key: {name: 1}, name: 'some',"
                + " partialFilterExpression: {since: {$gte: {$date: '2026-01-01T00:00:00Z'}, $lt: {$maxKey: 1}}}}]}"));
        shop.runCommand(Document.parse("{create: 'view', viewOn: 'people', pipeline: [{$match: {name: /a$/}}]}"));
        List<BsonValue> values = new ArrayList<>(idsOfOtherTypes(1));
        values.addAll(List.of(new BsonUndefined(), new BsonMinKey(), new BsonMaxKey(), BsonNull.VALUE));
        var literal = new Document("$project", new Document("all", new Document("$literal", values)));
        shop.createView("every type", "people", List.of(literal));

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
        return "%s%s\n%s"
                .formatted(head, HexFormat.of().formatHex(digest), lines[2])
                .getBytes(ISO_8859_1);
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

    private static void requireWhatTheServerHas(Ended read) throws IOException {
        new StrangersCopy(read.out())
                .requireAllOf(databases().stream().map(client::getDatabase).toList());
    }
}
