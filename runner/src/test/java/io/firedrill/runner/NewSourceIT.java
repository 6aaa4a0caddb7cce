package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.testing.MongodServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two replica sets of one name: one by mistake, and one that takes the place of the other. */
class NewSourceIT {
    private static final String[] ONCE = {"oplog", "archive", "--once"};

    private static MongodServer first;
    private static MongodServer second;
    private static MongodServer staging;

    @TempDir
    private Path directory;

    @BeforeAll
    static void start() {
        first = filled("first", 300);
        second = filled("second", 200);
        staging = MongodServer.replicaSet("staging");
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
        staging.close();
    }

    private static MongodServer filled(String pad, int documents) {
        MongodServer server = MongodServer.replicaSet("source");
        insert(server, pad, 0, documents);
        return server;
    }

    private static void insert(MongodServer server, String pad, int from, int count) {
        try (MongoClient client = server.client()) {
            client.getDatabase("shop")
                    .getCollection("orders")
                    .insertMany(IntStream.range(from, from + count)
                            .mapToObj(i -> new Document("_id", i).append("pad", pad))
                            .toList());
        }
    }

    /** As the server itself tells it. */
    private static String idOf(MongodServer server) {
        try (MongoClient client = server.client()) {
            Document config = client.getDatabase("admin")
                    .runCommand(new Document("replSetGetConfig", 1))
                    .get("config", Document.class);
            return Objects.requireNonNull(config.get("settings", Document.class))
                    .getObjectId("replicaSetId")
                    .toHexString();
        }
    }

    private Desk desk(MongodServer source) {
        return new Desk(directory, source, staging);
    }

    private Desk aims(MongodServer target) {
        return new Desk(directory, second, target);
    }

    private List<Path> known() {
        Desk desk = desk(first);
        return Stream.of("identities", "successors", "oplog", "backups", "seals")
                .flatMap(what -> desk.files("sources/source/" + what).stream())
                .toList();
    }

    private void refused(MongodServer source, String... arguments) {
        List<Path> before = known();
        String told = desk(source).run(arguments).ended(2).err();
        assertThat(told).contains(idOf(first), idOf(second), "--new-source " + idOf(source));
        assertThat(known()).isEqualTo(before);
    }

    @Test
    void anotherReplicaSetIsRefusedAndTheSourceIsBackedUpAsBefore() {
        desk(first).run("backup").ended(0);
        desk(first).run(ONCE).ended(0);

        refused(second, ONCE);
        refused(second, "oplog", "archive", "--dry-run");
        refused(second, "backup");
        refused(second, "seal");

        desk(first).run("backup").ended(0);
        desk(first).run("seal").ended(0);
        desk(first).run(ONCE).ended(0);
    }

    @Test
    void anAcceptedReplicaSetTakesTheSourcesPlace() {
        desk(first).run("backup").ended(0);
        desk(first).run(ONCE).ended(0);

        JsonNode archived = desk(second)
                .run("oplog", "archive", "--once", "--new-source", idOf(second), "--output", "json")
                .ended(14)
                .json();
        assertThat(archived.path("timeline").asInt()).isEqualTo(2);
        assertThat(archived.at("/gaps/0/reason").asString()).isEqualTo("other source");
        assertThat(desk(second).lastRecord().path("notes").toString())
                .contains(idOf(second) + " accepted in the place of " + idOf(first));

        desk(second).run("backup").ended(0);
        insert(second, "later", 1_000, 50);
        desk(second).run(ONCE).ended(0);
        requireLatestIsSecond();
        refused(first, "backup");
        refused(first, "seal");
        refused(first, ONCE);
        for (MongodServer source : List.of(first, second)) {
            assertThat(aims(source)
                            .run("restore", "--confirm", "source")
                            .ended(30)
                            .err())
                    .contains("exit code 30");
        }
    }

    private void requireLatestIsSecond() {
        desk(second).run("restore", "--at", "latest", "--confirm", "staging").ended(0);
        assertThat(staging.dbHash("shop")).isEqualTo(second.dbHash("shop"));
        desk(second).run("staging", "clean", "--confirm", "staging").ended(0);
    }

    @Test
    void aBackupAcceptsItTooAndOnceIsEnough() {
        desk(first).run("seal").ended(0);
        desk(second).run("backup", "--new-source", idOf(second)).ended(0);
        desk(second).run("backup", "--new-source", idOf(second)).ended(0);
        assertThat(desk(second).files("sources/source/successors")).hasSize(1);

        desk(first).run("seal", "--new-source", idOf(first)).ended(0);
        assertThat(desk(second).files("sources/source/successors")).hasSize(2);
        refused(second, "backup");
        desk(first).run("backup").ended(0);
    }

    @Test
    void nobodyIsAcceptedUnderAnIdOfAnother() {
        desk(first).run("seal").ended(0);
        List<Path> before = known();

        assertThat(desk(second)
                        .run("oplog", "archive", "--once", "--new-source", idOf(first))
                        .ended(2)
                        .err())
                .contains("--new-source accepts the replica set " + idOf(first), idOf(second));
        assertThat(desk(second)
                        .run("backup", "--dry-run", "--new-source", idOf(second))
                        .ended(2)
                        .err())
                .contains("give one of the two");
        assertThat(known()).isEqualTo(before);
    }
}
