package io.firedrill.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.firedrill.mongo.Namespace;
import io.firedrill.staging.Saved;
import io.firedrill.staging.StagingServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every kind of difference, planted by hand after the files were saved, and found with its document and its place: each in a
 * collection of its own, so that mongod's dbHash can say which are equal.
 */
class PlantedDifferencesIT {
    private static final int DOCUMENTS = 2_000;
    private static final Namespace OWN = Namespace.parse("shop.changelog");

    @TempDir
    static Path root;

    private static StagingServer server;
    private static StagingServer shelf;
    private static Saved saved;
    private static DatabaseState before;
    private static Map<String, String> hashesBefore;
    private static Map<String, String> hashesAfter;
    private static Map<String, CollectionComparison> compared;
    private static Map<String, List<String>> found;

    @BeforeAll
    static void plant() {
        server = StagingServer.start(System.getenv("FIREDRILL_MONGOD"), root, 0, "6.0");
        server.toReplicaSet();
        try (MongoClient client = MongoClients.create(server.userUri())) {
            MongoDatabase shop = client.getDatabase("shop");
            fill(shop);
            saved = server.save();
            before = state();
            hashesBefore = hashes();
            change(shop);
        }
        DatabaseState after = state();
        hashesAfter = hashes();
        StateComparison comparison = StateComparison.between(before, after);
        compared = comparison.collections().stream()
                .collect(Collectors.toMap(each -> each.namespace().collection(), Function.identity()));
        shelf = server.shelf(saved);
        found = new DocumentDifferences(shelf.deployment(), server.deployment(), () -> {})
                .find(comparison).stream()
                        .collect(Collectors.toMap(
                                each -> each.namespace().collection(),
                                each -> each.documents().stream()
                                        .map(DocumentDifference::toString)
                                        .toList()));
    }

    @AfterAll
    static void stop() {
        shelf.close();
        server.close();
    }

    private static DatabaseState state() {
        return new StateReader(server.deployment(), List.of("shop"), Set.of(OWN), 2, () -> {}).read();
    }

    private static Map<String, String> hashes() {
        Map<String, String> hashes = new TreeMap<>();
        server.deployment()
                .run("shop", new BsonDocument("dbHash", new BsonInt32(1)))
                .getDocument("collections")
                .forEach((name, hash) -> hashes.put(name, hash.asString().getValue()));
        return hashes;
    }

    private static void fill(MongoDatabase shop) {
        for (String name : List.of(
                "same",
                "value",
                "type",
                "order",
                "missing",
                "surplus",
                "index dropped",
                "index changed",
                "recreated",
                "renamed away",
                "gone",
                "many",
                "retyped id")) {
            fill(shop.getCollection(name));
        }
        shop.runCommand(Document.parse("{create: 'validated', validator: {n: {$type: 'int'}}}"));
        shop.runCommand(Document.parse("{create: 'view', viewOn: 'same', pipeline: [{$match: {n: 1}}]}"));
        shop.runCommand(Document.parse("{create: 'ring', capped: true, size: 100000}"));
        shop.getCollection("ring").insertMany(List.of(new Document("_id", 1), new Document("_id", 2)));
        shop.runCommand(Document.parse("{create: 'series', timeseries: {timeField: 't', metaField: 'm'}}"));
        shop.getCollection("series").insertOne(measured(1));
        shop.runCommand(Document.parse("{create: 'words', collation: {locale: 'de', strength: 1}}"));
        shop.getCollection("words").insertOne(new Document("_id", "Äpfel").append("n", 1));
        shop.getCollection("missing").insertOne(new Document("_id", "anna@example.org"));
        shop.getCollection("changelog").insertOne(new Document("_id", 1));
    }

    private static Document measured(int value) {
        return new Document("t", Date.from(Instant.parse("2026-01-01T00:00:00Z")))
                .append("m", "sensor")
                .append("v", value);
    }

    private static void fill(MongoCollection<Document> collection) {
        collection.insertMany(IntStream.range(0, DOCUMENTS)
                .mapToObj(i -> new Document("_id", i)
                        .append("n", i)
                        .append("card", "4111-" + i)
                        .append("list", List.of(new Document("a", 1).append("b", 2), new Document("a", i))))
                .toList());
        collection.createIndex(new Document("n", 1));
    }

    private static void change(MongoDatabase shop) {
        shop.getCollection("value").updateOne(Filters.eq("_id", 7), Updates.set("list.1.a", -1));
        shop.getCollection("type").updateOne(Filters.eq("_id", 8), Updates.set("n", 8L));
        reorder(shop.getCollection("order"), 9);
        shop.getCollection("missing").deleteOne(Filters.eq("_id", "anna@example.org"));
        shop.getCollection("surplus").insertOne(new Document("_id", new ObjectId("65f000000000000000000001")));
        shop.getCollection("index dropped").dropIndex("n_1");
        shop.runCommand(Document.parse("{collMod: 'index changed', index: {name: 'n_1', hidden: true}}"));
        shop.runCommand(Document.parse("{collMod: 'validated', validator: {n: {$type: 'long'}}}"));
        shop.getCollection("recreated").drop();
        fill(shop.getCollection("recreated"));
        shop.runCommand(Document.parse("{collMod: 'view', viewOn: 'same', pipeline: [{$match: {n: 2}}]}"));
        shop.getCollection("ring").drop();
        shop.runCommand(Document.parse("{create: 'ring', capped: true, size: 100000}"));
        shop.getCollection("ring").insertMany(List.of(new Document("_id", 2), new Document("_id", 1)));
        shop.getCollection("series").insertOne(measured(2));
        shop.getCollection("words").updateOne(Filters.eq("_id", "apfel"), Updates.set("n", 2));
        shop.getCollection("gone").drop();
        shop.runCommand(new Document("create", "come"));
        shop.getCollection("many").updateMany(new Document(), Updates.unset("card"));
        shop.getCollection("retyped id").deleteOne(Filters.eq("_id", 5));
        shop.getCollection("retyped id").insertOne(new Document("_id", 5L));
        shop.getCollection("changelog").insertOne(new Document("_id", 2));
    }

    private static void reorder(MongoCollection<Document> collection, int id) {
        Document document =
                Objects.requireNonNull(collection.find(Filters.eq("_id", id)).first());
        Document list = new Document("_id", id)
                .append("list", List.of(new Document("b", 2).append("a", 1), new Document("a", id)));
        list.append("card", document.get("card")).append("n", id);
        collection.replaceOne(Filters.eq("_id", id), list);
    }

    private static CollectionComparison of(String collection) {
        return Objects.requireNonNull(compared.get(collection), collection);
    }

    private static Level documents(String collection) {
        return of(collection).documents();
    }

    @Test
    void mongodsOwnDigestSaysTheSameOfEveryCollection() {
        hashesBefore.keySet().stream()
                .filter(name -> hashesAfter.containsKey(name) && compared.containsKey(name))
                // It reads a capped collection by its index too, and does not see another order.
                .filter(name -> !name.equals("ring"))
                .forEach(name -> assertThat(documents(name) == Level.EXACT)
                        .as(name)
                        .isEqualTo(Objects.equals(hashesBefore.get(name), hashesAfter.get(name))));
        assertThat(compared).doesNotContainKeys("changelog", "system.views");
        assertThat(of("same").level()).isEqualTo(Level.EXACT);
    }

    @Test
    void aChangedValueIsFoundWithItsPlace() {
        assertThat(documents("value")).isEqualTo(Level.DIFFERENT);
        assertThat(found.get("value")).containsExactly("changed 7: list.1.a has another value");
    }

    @Test
    void aChangedTypeIsFoundThoughTheServerTakesBothForTheSame() {
        assertThat(documents("type")).isEqualTo(Level.DIFFERENT);
        assertThat(found.get("type")).containsExactly("changed 8: n has another type (int32 to int64)");
        assertThat(documents("retyped id")).isEqualTo(Level.DIFFERENT);
        assertThat(found.get("retyped id")).containsExactlyInAnyOrder("missing 5", "surplus 5 (int64)");
    }

    @Test
    void fieldsInAnotherOrderAreNoOtherDocument() {
        assertThat(documents("order")).isEqualTo(Level.CANONICAL);
        assertThat(found.get("order"))
                .containsExactly("changed 9: list.0 has its fields in another order;"
                        + " the document has its fields in another order");
        assertThat(of("order")).hasToString("shop.order has the same documents but for the order of fields");
    }

    @Test
    void missingAndSurplusDocumentsAreFoundAndIdsOfPeopleAreNotTold() {
        assertThat(documents("missing")).isEqualTo(Level.DIFFERENT);
        assertThat(found.get("missing")).singleElement().asString().matches("missing sha256:[0-9a-f]{16}");
        assertThat(found.get("surplus"))
                .singleElement()
                .asString()
                .startsWith("surplus")
                .contains("65f0000");
        assertThat(of("surplus")).hasToString("shop.surplus has other documents, 2001 instead of 2000");
        assertThat(found.toString()).doesNotContain("anna", "4111", "Äpfel");
    }

    @Test
    void ofManyTheFirstTwentyAreTold() {
        assertThat(found.get("many")).hasSize(20).allMatch(line -> line.endsWith(": card is missing"));
    }

    @Test
    void definitionsAreComparedApartFromDocuments() {
        for (String name : List.of("index dropped", "index changed", "validated", "view")) {
            assertThat(documents(name)).as(name).isEqualTo(Level.EXACT);
            assertThat(of(name).level()).as(name).isEqualTo(Level.DIFFERENT);
            assertThat(found).doesNotContainKey(name);
        }
        assertThat(of("index dropped").definition()).isEqualTo("has other indexes: [_id_] instead of [_id_, n_1]");
        assertThat(of("index changed").definition()).isEqualTo("has another index n_1: hidden");
        assertThat(of("validated").definition())
                .startsWith("has other options: ")
                .contains("validator");
        assertThat(of("view").definition()).isEqualTo("has other options: pipeline");
    }

    @Test
    void aCollectionThatWasMadeAnewIsNotedAndNoDifference() {
        assertThat(of("recreated").level()).isEqualTo(Level.EXACT);
        assertThat(of("recreated").isRecreated()).isTrue();
        assertThat(of("recreated"))
                .hasToString("shop.recreated has the same documents, is another collection of the same name");
        assertThat(of("same").isRecreated()).isFalse();
    }

    @Test
    void theOrderOfACappedCollectionCounts() {
        assertThat(documents("ring")).isEqualTo(Level.DIFFERENT);
        assertThat(of("ring").toString()).contains("has its documents in another order");
        assertThat(found.get("ring")).isEmpty();
    }

    @Test
    void whatATimeSeriesHoldsIsItsBuckets() {
        assertThat(documents("series")).isEqualTo(Level.EXACT);
        assertThat(documents("system.buckets.series")).isEqualTo(Level.DIFFERENT);
        assertThat(found.get("system.buckets.series")).isNotEmpty();
    }

    @Test
    void aCollatedIdIsFoundByItsVeryBytes() {
        assertThat(found.get("words")).singleElement().asString().endsWith(": n has another value");
    }

    @Test
    void whatCameAndWhatIsGoneIsSaid() {
        assertThat(of("gone").isGone()).isTrue();
        assertThat(of("gone").level()).isEqualTo(Level.DIFFERENT);
        assertThat(of("gone")).hasToString("shop.gone is gone");
        assertThat(of("come").hasCome()).isTrue();
        assertThat(of("come")).hasToString("shop.come was not there before");
        assertThat(found).doesNotContainKeys("gone", "come");
    }

    @Test
    void backOnTheSavedFilesEverythingIsTheSame() {
        Saved changed = server.save();
        server.goBackTo(saved);
        StateComparison comparison = StateComparison.between(before, state());
        assertThat(comparison.level()).isEqualTo(Level.EXACT);
        assertThat(comparison.recreated()).isEmpty();
        assertThat(hashes()).isEqualTo(hashesBefore);
        server.goBackTo(changed);
        assertThat(hashes()).isEqualTo(hashesAfter);
    }
}
