package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Indexes;
import io.firedrill.testing.MongodServer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A day with an accident, and what a person does about it with {@code --at}. */
class PointInTimeRunIT {
    @TempDir
    private static Path directory;

    private static MongodServer source;
    private static MongodServer staging;
    private static Desk desk;
    private static JsonNode sealed;
    private static String atSeal;
    private static String beforeDrop;

    @BeforeAll
    static void aDay() {
        source = MongodServer.replicaSet("source");
        staging = MongodServer.replicaSet("staging");
        desk = new Desk(directory, source, staging);
        insert(0, 500);
        desk.run("oplog", "archive", "--once").ended(0);
        assertThat(desk.run("restore", "--at", "latest", "--confirm", "staging")
                        .ended(13)
                        .err())
                .contains("no sealed backup lies in an archived oplog", "exit code 13");
        desk.run("backup").ended(0);
        insert(500, 500);
        try (MongoClient client = source.client()) {
            orders(client).createIndex(Indexes.ascending("n"));
        }
        sealed = desk.json("seal");
        atSeal = source.dbHash("shop");
        insert(1_000, 100);
        beforeDrop = source.dbHash("shop");
        try (MongoClient client = source.client()) {
            orders(client).drop();
        }
        desk.run("oplog", "archive", "--once").ended(0);
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
    }

    private static MongoCollection<Document> orders(MongoClient client) {
        return client.getDatabase("shop").getCollection("orders");
    }

    private static void insert(int first, int count) {
        try (MongoClient client = source.client()) {
            orders(client)
                    .insertMany(IntStream.range(first, first + count)
                            .mapToObj(i -> new Document("_id", i).append("n", i % 7))
                            .toList());
        }
    }

    private static void clean() {
        desk.run("staging", "clean", "--confirm", "staging").ended(0);
    }

    @Test
    void theMomentBeforeTheAccidentComesBack() {
        JsonNode planned = desk.json("restore", "--at", "before-last-drop", "--dry-run", "--confirm", "staging");
        assertThat(planned.at("/point/chosen").asString()).startsWith("the entry before drop of shop.orders at ");

        Desk.Answer drilled = desk.run("drill", "--at", "before-last-drop", "--keep", "--confirm", "staging")
                .ended(0);

        assertThat(drilled.out())
                .startsWith("PROVEN")
                .contains("Asked for   before-last-drop, the entry before drop of shop.orders at")
                .contains("Proven by   base digests + strict replay");
        assertThat(staging.dbHash("shop")).isEqualTo(beforeDrop);
        JsonNode record = desk.lastRecord();
        assertThat(record.at("/point/asked").asString()).isEqualTo("before-last-drop");
        assertThat(record.at("/point/entries").asLong()).isGreaterThan(600);
        assertThat(record.at("/verification/checks")
                        .valueStream()
                        .map(check -> check.path("id").asString()))
                .contains("chain", "content", "replay", "definitions");
        assertThat(record.at("/verification/notTested").toString()).contains("no seal of it is stored");
        clean();
    }

    @Test
    void aMomentThatWasSealedIsProvenByItsSeal() {
        String moment = sealed.at("/sealedAt/t").asLong() + ","
                + sealed.at("/sealedAt/i").asLong();

        Desk.Answer restored =
                desk.run("restore", "--at", moment, "--confirm", "staging").ended(0);

        assertThat(restored.out()).contains("Proven by   seal");
        assertThat(staging.dbHash("shop")).isEqualTo(atSeal);
        assertThat(desk.lastRecord()
                        .at("/verification/checks")
                        .valueStream()
                        .map(check -> check.path("id").asString()))
                .contains("sealed-content", "sealed-definitions");
        clean();
    }

    @Test
    void aSelectionOfAMomentAndAnyMomentAreRestoredToo() {
        desk.run("drill", "--at", "random:7", "--confirm", "staging").ended(0);
        assertThat(desk.lastRecord().at("/point/chosen").asString()).isEqualTo("chosen at random, with seed 7");
        Desk.Answer part = desk.run("drill", "--at", "latest", "--include", "shop", "--confirm", "staging")
                .ended(0);
        assertThat(part.out()).startsWith("PROVEN");
    }

    @Test
    void whatCannotBeReachedIsRefusedWithTheNearestMoments() {
        assertThat(desk.run("restore", "--at", "2001-01-01T00:00:00Z", "--confirm", "staging")
                        .ended(13)
                        .err())
                .contains("exit code 13", "nearest");
        assertThat(desk.run("drill", "--at", "2101-01-01T00:00:00Z", "--confirm", "staging")
                        .ended(13)
                        .err())
                .contains("exit code 13");
        for (String nonsense : List.of("yesterday", "2026-11-22T10:00:00", "2026-11-22T10:00:00.5Z", "1,2,3")) {
            assertThat(desk.run("restore", "--at", nonsense, "--confirm", "staging")
                            .ended(2)
                            .err())
                    .contains(nonsense);
        }
        assertThat(desk.run("restore", "--at", "latest", "--backup", "none", "--confirm", "staging")
                        .ended(2)
                        .err())
                .contains("'none' is not a backup id");
    }
}
