package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.testing.Fixtures;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Patience;
import io.firedrill.testing.ServersWord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Restoring a part of a backup as a person types it, on real servers. */
class SelectiveRunIT {
    private static MongodServer source;
    private static MongodServer staging;
    private static ServersWord original;
    private static ServersWord restored;

    @TempDir
    Path directory;

    private RealCall call;

    @BeforeAll
    static void start() {
        source = MongodServer.replicaSet("orders");
        staging = MongodServer.replicaSet("practice", "--setParameter", "enableTestCommands=1");
        original = new ServersWord(source);
        restored = new ServersWord(staging);
        try (MongoClient client = source.client()) {
            Fixtures.everything(client);
        }
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
    }

    @BeforeEach
    void backUp() {
        call = new RealCall(directory)
                .with("FIREDRILL_SOURCE_URI", source.uri())
                .with("FIREDRILL_STAGING_URI", staging.uri());
        call.succeed("backup");
    }

    @AfterEach
    void clean() {
        try (MongoClient client = staging.client()) {
            if (client.listDatabaseNames().into(new ArrayList<>()).contains("__firedrill")) {
                call.succeed("staging", "clean", "--confirm", "practice");
            }
        }
    }

    @Test
    void aDrillOfAPartProvesThatPartAndNeverTheBackup() throws Exception {
        JsonNode drill =
                json("drill", "--include", "shop.*,odd.ids", "--exclude", "shop.places", "--confirm", "practice");
        assertThat(drill.path("outcome").asString()).isEqualTo("PASSED");
        assertThat(drill.at("/scope/partial").asBoolean()).isTrue();
        assertThat(drill.at("/scope/leftOut").toString())
                .contains("shop.places", "odd.big")
                .doesNotContain("odd.ids");
        assertThat(drill.path("digestsEqual")).isEqualTo(drill.path("digestsCompared"));
        assertThat(drill.path("collections").asInt())
                .isEqualTo(original.digests("shop").size());
        call.succeed("status");
        assertThat(call.out())
                .contains("backed up, never proven", "Last proven never", "PASSED in part at", "firedrill drill");
        call.succeed("backups");
        assertThat(call.out()).contains("PARTLY").doesNotContain("PROVEN");
        assertThat(json("status").at("/lastDrill/partial").asBoolean()).isTrue();

        call.succeed("drill", "--confirm", "practice", "--rename", "shop=copy");
        assertThat(call.out()).startsWith("PROVEN  ").contains("Renamed     shop.checked to copy.checked");
        call.succeed("status");
        assertThat(call.out()).contains("the newest backup is proven");
        call.succeed("drill", "--confirm", "practice", "--include", "shop.empty");
        assertThat(call.out()).startsWith("PROVEN IN PART  ");
        call.succeed("status");
        assertThat(call.out()).as("what was proven stays proven").contains("the newest backup is proven");
    }

    @Test
    void onlyWhatIsAskedForIsRestoredUnderTheNameAskedFor() throws Exception {
        String[] asked = {
            "--include", "shop.orders", "--rename", "shop.orders=shop.orders_then", "--confirm", "practice"
        };
        JsonNode plan = json(with(asked, "restore", "--dry-run"));
        assertThat(plan.path("collections").asInt()).isOne();
        assertThat(plan.path("documents").asLong()).isEqualTo(12_000);
        assertThat(restored.names()).isEmpty();

        JsonNode restore = json(with(asked, "restore"));
        assertThat(restore.at("/scope/renamed/shop.orders").asString()).isEqualTo("shop.orders_then");
        assertThat(restored.names()).containsExactly("shop.orders_then");
        assertThat(restored.digests("shop"))
                .isEqualTo(Map.of(
                        "orders_then", String.valueOf(original.digests("shop").get("orders"))));
    }

    @Test
    void aMistakeEndsWithTwoAndWritesNothing() {
        RealCall.Told told = call.fail(2, "restore", "--include", "shop.order", "--confirm", "practice");
        assertThat(told.message()).contains("'shop.order' matches nothing", "shop.orders");
        call.fail(2, "restore", "--dry-run", "--exclude", "*", "--confirm", "practice");
        call.fail(2, "drill", "--rename", "shop.checked=shop.empty", "--confirm", "practice");
        assertThat(restored.names()).isEmpty();
    }

    @Test
    void aRestoreGoesOnWithItsOwnSelectionOnly() throws Exception {
        String[] own = {"restore", "--confirm", "practice", "--include", "shop"};
        call.asking(() -> restored.names().contains("shop.orders"));
        call.fail(143, own);
        call.asking(() -> false);

        RealCall.Told told = call.fail(30, "restore", "--confirm", "practice");
        assertThat(told.message()).contains("--include shop.* instead of everything");
        assertThat(told.hint()).contains("staging clean");
        JsonNode restore = json(own);
        assertThat(restore.path("resumed").asBoolean()).isTrue();
        assertThat(restored.digests("shop")).isEqualTo(original.digests("shop"));
    }

    @Test
    void aKilledRestoreStaysAsItWasUntilItsOwnSelectionGoesOn() {
        String[] own = {"restore", "--confirm", "practice", "--include", "shop"};
        var desk = new Desk(directory, source, staging);
        buildingIndexes("'alwaysOn'");
        try (Running running = desk.start(own);
                MongoClient client = staging.client()) {
            running.awaits("a build of indexes", () -> !heldUp(client).isEmpty());
            assertThat(running.kill()).isEqualTo(128 + 9);
            endWhatIsHeldUp(client);
            buildingIndexes("'off'");
        }
        List<String> open = desk.openRuns();
        assertThat(open).hasSize(1);

        desk.run("restore", "--confirm", "practice").ended(30);
        assertThat(desk.openRuns()).isEqualTo(open);
        JsonNode restore = desk.json(own);
        assertThat(restore.path("runId").asString()).isEqualTo(open.getFirst());
        assertThat(desk.lastRecord().at("/measurement/restarts").asInt()).isOne();
        assertThat(desk.lastRecord().at("/run/parameters/selection").asString()).isEqualTo("--include shop.*");
        assertThat(restored.digests("shop")).isEqualTo(original.digests("shop"));
    }

    /** Holds up builds of indexes until they are ended: all, for one that is at work is never to be ended (docs/MEASURED.md). */
    private static void buildingIndexes(String mode) {
        try (MongoClient client = staging.client()) {
            client.getDatabase("admin")
                    .runCommand(Document.parse(
                            "{configureFailPoint: 'failCommand', mode: %s, data: {failCommands:".formatted(mode)
                                    + " ['createIndexes'], blockConnection: true, blockTimeMS: 600000}}"));
        }
    }

    private static List<Document> heldUp(MongoClient client) {
        return client.getDatabase("admin")
                .aggregate(List.of(
                        Document.parse("{$currentOp: {allUsers: true}}"),
                        Document.parse("{$match: {'command.createIndexes': {$exists: true}}}")))
                .into(new ArrayList<>());
    }

    /** Who waited is dead; what he asked for would be done all the same, whatever has become of the collection by then. */
    private static void endWhatIsHeldUp(MongoClient client) {
        Patience.await("no build is held up", Duration.ofMinutes(1), () -> {
            List<Document> held = heldUp(client);
            held.forEach(each ->
                    client.getDatabase("admin").runCommand(new Document("killOp", 1).append("op", each.get("opid"))));
            return held.isEmpty();
        });
    }

    private static String[] with(String[] arguments, String... first) {
        String[] all = java.util.Arrays.copyOf(first, first.length + arguments.length);
        System.arraycopy(arguments, 0, all, first.length, arguments.length);
        return all;
    }

    private JsonNode json(String... arguments) {
        call.succeed(with(new String[] {"--output", "json"}, arguments));
        return JsonMapper.shared().readTree(call.out());
    }
}
