package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoNamespace;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.RenameCollectionOptions;
import com.mongodb.client.model.Updates;
import io.firedrill.archive.Selection;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.RecoveryTarget;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.HandmadeArchive;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A part of a source at a point in time, under other names, while all sorts of things happen to what is left out. */
class SelectedPointIT {
    private static final Selection PART = Selection.of(
            List.of("shop", "crm.p*", "moved.*"),
            List.of("shop.cache*", "shop.tmp_*"),
            List.of("shop=copy", "crm.people=crm.persons"));

    private static MongodServer sourceServer;
    private static MongodServer stagingServer;
    private static Deployment source;
    private static Deployment staging;

    @TempDir
    Path directory;

    private MongoClient client;
    private MongoDatabase shop;
    private ObjectStore store;
    private Recovery recovery;
    private OpTime begin;

    @BeforeAll
    static void start() {
        sourceServer = MongodServer.replicaSet("source");
        stagingServer = MongodServer.replicaSet("staging");
        source = sourceServer.deployment("source");
        staging = stagingServer.deployment("staging");
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
        sourceServer.close();
        stagingServer.close();
    }

    @BeforeEach
    void backUp() {
        client = sourceServer.client();
        for (String database : List.of("shop", "crm", "junk", "moved")) {
            client.getDatabase(database).drop();
        }
        shop = client.getDatabase("shop");
        for (String name : List.of(
                "shop.orders",
                "shop.places",
                "shop.cache",
                "shop.tmp_old",
                "crm.people",
                "crm.visits",
                "junk.x",
                "moved.first")) {
            fill(name);
        }
        store = ObjectStores.directory(directory);
        recovery = new Recovery(store).selecting(PART);
        begin = source.fence("begin");
        recovery.backup(source, 1);
    }

    @AfterEach
    void clean() {
        var marker = new StagingMarker(staging);
        if (marker.read().isPresent()) {
            new StagingCleaner(staging, marker).clean();
        }
        recovery.close();
        store.close();
        client.close();
    }

    private void fill(String name) {
        var namespace = new MongoNamespace(name);
        client.getDatabase(namespace.getDatabaseName())
                .getCollection(namespace.getCollectionName())
                .insertMany(IntStream.range(0, 20)
                        .mapToObj(i -> new Document("_id", i).append("n", i % 5).append("of", name))
                        .toList());
    }

    private void rename(String from, String to, boolean replacing) {
        var namespace = new MongoNamespace(from);
        client.getDatabase(namespace.getDatabaseName())
                .getCollection(namespace.getCollectionName())
                .renameCollection(new MongoNamespace(to), new RenameCollectionOptions().dropTarget(replacing));
    }

    private Ended restored() {
        OpTime end = source.fence("end");
        new HandmadeArchive(recovery.catalog()).archive(sourceServer, begin, end, 100);
        return recovery.restoreTo(staging, new RecoveryTarget.At(end), "run");
    }

    @Test
    void severalPatternsTakeTheirPartWhateverHappensToWhatIsLeftOut() {
        happenToWhatIsTaken();
        happenToWhatIsLeftOut();

        Ended ended = restored();

        assertThat(ended.failure()).isNull();
        requireEqual("shop", "copy", name -> name);
        requireEqual("crm", "crm", name -> name.replace("people", "persons"));
        try (MongoClient restored = stagingServer.client()) {
            Set<String> databases = restored.listDatabaseNames().into(new HashSet<>());
            assertThat(databases).contains("copy", "crm", "moved").doesNotContain("shop", "junk");
        }
        Set<String> listed = new TreeSet<>();
        JsonNode collections = ended.record().json().at("/verification/collections");
        collections.forEach(each -> listed.add(each.path("namespace").asString()));
        assertThat(listed)
                .as("what is there in the end, not what the backup held")
                .containsExactly(
                        "copy.made",
                        "copy.orders",
                        "copy.out",
                        "copy.seen",
                        "copy.spots",
                        "crm.persons",
                        "moved.first");
        for (JsonNode each : collections) {
            String name = each.path("namespace").asString();
            assertThat(each.path("result").asString()).as(name).isEqualTo("PASSED");
            if (!name.equals("copy.seen")) {
                assertThat(each.path("documents").asLong(-1)).as(name).isEqualTo(count(name));
            }
        }
        assertThat(collections
                        .valueStream()
                        .filter(each -> each.path("segments").asInt() == 0)
                        .map(each -> each.path("namespace").asString()))
                .containsExactlyInAnyOrder("copy.made", "copy.out", "copy.seen");
    }

    private void happenToWhatIsTaken() {
        shop.getCollection("orders").updateMany(Filters.gt("n", 2), Updates.inc("m", 1));
        shop.getCollection("orders").createIndex(new Document("n", 1));
        rename("shop.places", "shop.spots", false);
        shop.getCollection("spots").deleteMany(Filters.eq("n", 1));
        shop.createView("seen", "orders", List.of(new Document("$match", new Document("n", 1))));
        fill("shop.made");
        shop.getCollection("orders")
                .aggregate(List.of(new Document("$out", "out")))
                .toCollection();
        client.getDatabase("crm").getCollection("people").insertOne(new Document("_id", "new"));
    }

    private void happenToWhatIsLeftOut() {
        shop.runCommand(Document.parse("{collMod: 'cache', validator: {n: {$gte: 0}}}"));
        shop.getCollection("cache").createIndex(new Document("n", 1));
        rename("shop.cache", "shop.cache2", false);
        fill("shop.cache");
        rename("shop.cache", "shop.cache2", true);
        shop.getCollection("cache2").drop();
        fill("shop.cache3");
        shop.createView("cache_view", "orders", List.of());
        shop.getCollection("orders")
                .aggregate(List.of(new Document("$out", "cache3")))
                .toCollection();
        fill("shop.tmp_work");
        client.getDatabase("crm").getCollection("visits").drop();
        client.getDatabase("junk").drop();
        fill("junk.y");
    }

    @Test
    void aRenameOutOfThePartIsRefusedAndNamed() {
        requireRefused(() -> rename("shop.orders", "shop.cache_orders", false), "shop.orders");
    }

    @Test
    void aRenameIntoThePartIsRefusedAndNamed() {
        requireRefused(() -> rename("shop.cache", "shop.fresh", false), "shop.cache");
    }

    @Test
    void aRenameFromOutsideOntoAPartIsRefusedAndNamed() {
        requireRefused(() -> rename("shop.cache", "shop.orders", true), "shop.cache");
    }

    private void requireRefused(Runnable rename, String subject) {
        rename.run();
        Ended ended = restored();
        assertThat(ended.failure())
                .hasMessageContaining("renameCollection of " + subject)
                .hasMessageContaining("of its two names one is part of what is restored and the other is not");
        assertThat(ended.record().json().at("/result/outcome").asString()).isEqualTo("FAILED");
    }

    /** Between databases the server copies: what is copied in is known by its documents, and what is copied out is dropped. */
    @Test
    void aMoveBetweenDatabasesAcrossTheBorderIsFollowed() {
        rename("junk.x", "moved.x", false);
        rename("shop.places", "junk.places", false);

        Ended ended = restored();

        assertThat(ended.failure()).isNull();
        requireEqual("shop", "copy", name -> name);
        requireEqual("moved", "moved", name -> name);
    }

    private static long count(String name) {
        var namespace = new MongoNamespace(name);
        try (MongoClient restored = stagingServer.client()) {
            return restored.getDatabase(namespace.getDatabaseName())
                    .getCollection(namespace.getCollectionName())
                    .countDocuments();
        }
    }

    /** What the servers' own digests and lists of indexes say of the collections that are taken. */
    private static void requireEqual(String from, String to, UnaryOperator<String> renaming) {
        try (MongoClient original = sourceServer.client();
                MongoClient restored = stagingServer.client()) {
            Map<String, String> expected = new TreeMap<>();
            digests(original.getDatabase(from), (name, digest) -> {
                if (PART.takes(new Namespace(from, name))) {
                    expected.put(renaming.apply(name), digest);
                }
            });
            Map<String, String> found = new TreeMap<>();
            digests(restored.getDatabase(to), found::put);
            assertThat(found).isEqualTo(expected).isNotEmpty();
        }
    }

    private static void digests(MongoDatabase database, BiConsumer<String, String> consumer) {
        database.runCommand(new BsonDocument("dbHash", new BsonInt32(1)), BsonDocument.class)
                .getDocument("collections")
                .forEach((name, digest) -> {
                    if (!name.startsWith("system.")) {
                        consumer.accept(
                                name,
                                digest.asString().getValue() + " "
                                        + database.getCollection(name)
                                                .listIndexes(BsonDocument.class)
                                                .into(new HashSet<>()));
                    }
                });
    }
}
