package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.MongoNamespace;
import com.mongodb.client.ClientSession;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.RenameCollectionOptions;
import io.firedrill.testing.MongodServer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code oplog show} after a day on which much went wrong. */
class OplogShowIT {
    private static final String SECRET = "4711-0815";

    @TempDir
    private Path directory;

    private MongodServer source;
    private Desk desk;

    @BeforeEach
    void live() {
        source = MongodServer.replicaSet("source");
        desk = new Desk(directory, source, source);
        desk.run("oplog", "archive", "--once").ended(0);
        try (MongoClient client = source.client()) {
            aBadDay(client);
        }
        desk.run("oplog", "archive", "--once").ended(0);
    }

    @AfterEach
    void stop() {
        source.close();
    }

    private static void aBadDay(MongoClient client) {
        MongoDatabase shop = client.getDatabase("shop");
        MongoCollection<Document> orders = shop.getCollection("orders");
        orders.insertMany(IntStream.range(0, 100)
                .mapToObj(i -> new Document("_id", i).append("card", SECRET))
                .toList());
        orders.createIndex(Indexes.ascending("card"));
        orders.updateOne(new Document("_id", 1), new Document("$set", new Document("card", SECRET + "!")));
        orders.deleteOne(new Document("_id", 2));
        try (ClientSession session = client.startSession()) {
            session.withTransaction(() -> {
                orders.insertOne(session, new Document("_id", 200));
                return shop.getCollection("payments").insertOne(session, new Document("_id", 1));
            });
        }
        shop.getCollection("new").insertOne(new Document("_id", 1));
        shop.getCollection("new")
                .renameCollection(new MongoNamespace("shop.payments"), new RenameCollectionOptions().dropTarget(true));
        orders.drop();
        client.getDatabase("other").getCollection("things").insertOne(new Document("_id", 1));
        client.getDatabase("other").drop();
    }

    @Test
    void itTellsWhatHappenedAndNoValue() {
        String told = desk.run("oplog", "show").ended(0).out();

        assertThat(told)
                .contains("shop.orders  (100 documents)", "shop.orders, shop.payments  (2 documents)")
                .containsSubsequence(
                        "create ",
                        "shop.orders",
                        "insert ",
                        "update ",
                        "delete ",
                        "transaction with create ",
                        "renameCollection")
                .contains("shop.new to shop.payments, which it replaces", "dropDatabase")
                .doesNotContain(SECRET, "indexBuilds", "gap");
    }

    @Test
    void ofDefinitionsAndOfCollectionsItTellsAlone() {
        JsonNode definitions = desk.json("oplog", "show", "--ddl");
        assertThat(kinds(definitions))
                .contains(
                        "create",
                        "commitIndexBuild",
                        "renameCollection",
                        "drop",
                        "dropDatabase",
                        "transaction with create")
                .doesNotContain("insert", "update", "delete");

        JsonNode orders = desk.json("oplog", "show", "--ns", "shop.orders", "--ddl");
        assertThat(kinds(orders)).contains("drop").doesNotContain("renameCollection", "dropDatabase");
        assertThat(kinds(desk.json("oplog", "show", "--ns", "other"))).contains("dropDatabase", "insert");
    }

    @Test
    void itGoesOnWhereALimitEndedIt() {
        List<JsonNode> all = entries(desk.json("oplog", "show"));
        JsonNode some = desk.json("oplog", "show", "--limit", "3");
        assertThat(entries(some)).isEqualTo(all.subList(0, 3));
        String next = some.path("next").asString();
        assertThat(entries(desk.json("oplog", "show", "--from", next))).isEqualTo(all.subList(3, all.size()));
        assertThat(desk.run("oplog", "show", "--limit", "3").ended(0).out()).contains("go on with --from " + next);
    }

    @Test
    void aSpanIsKeptTo() {
        List<JsonNode> all = entries(desk.json("oplog", "show"));
        String drop = all.stream()
                .filter(line -> line.path("kind").asString().equals("drop"))
                .findFirst()
                .orElseThrow()
                .path("at")
                .asString();
        JsonNode one = desk.json("oplog", "show", "--from", drop, "--to", drop);
        assertThat(kinds(one)).containsExactly("drop");
        assertThat(desk.run("oplog", "show", "--to", "1970-01-01T00:00:10Z")
                        .ended(0)
                        .out())
                .contains("nothing from 0,0 to 10,4294967295");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        assertThat(desk.run("oplog", "show", "--from", "2026-11-22T10:00:00")
                        .ended(2)
                        .err())
                .contains("'2026-11-22T10:00:00' has no zone");
        assertThat(desk.run("oplog", "show", "--from", "20,1", "--to", "10,1")
                        .ended(2)
                        .err())
                .contains("--from 20,1 is after --to 10,1");
        assertThat(desk.run("oplog", "show", "--limit", "0").ended(2).err()).contains("--limit is 0");
    }

    private static List<String> kinds(JsonNode result) {
        return entries(result).stream()
                .map(line -> line.path("kind").asString())
                .toList();
    }

    private static List<JsonNode> entries(JsonNode result) {
        return result.path("entries").valueStream().toList();
    }
}
