package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.NodeSample;
import io.firedrill.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bson.BsonDateTime;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Migrations applied to a replica set and taken back there, as a person asks for it, and all that is refused before. */
class ReleaseRunIT extends ReleaseRuns {
    @Test
    void whoeverCheatsTheReceiptIsRefusedBeforeAnythingIsWritten() throws IOException {
        MongoDatabase shop = filled("cheated");
        NodeSample project = project("cheated");
        String[] apply = arguments("apply", project, "--accept-quick", "--confirm", "orders");
        desk.run("backup").ended(0);
        refused(desk, "the ledger has no rehearsal of", apply);
        String receipt = rehearsed(project).path("runId").asString();

        refused(desk, "no run was cut off", arguments("apply", project, "--confirm", "orders"));
        refused(desk, "was not confirmed", arguments("apply", project, "--accept-quick"));
        refused(desk, "was not confirmed", arguments("apply", project, "--accept-quick", "--confirm", "other"));
        refused(
                desk,
                "it may be 0 min old",
                arguments("apply", project, "--accept-quick", "--confirm", "orders", "--receipt-age", "1ms"));
        refused(
                desk,
                "it may be 0 min",
                arguments("apply", project, "--accept-quick", "--confirm", "orders", "--backup-age", "1ms"));
        refused(
                desk,
                "in the database 'cheated'",
                arguments("apply", project, "--accept-quick", "--confirm", "orders", "--database", "elsewhere"));

        refused(
                desk,
                "changelog is 'changelogs' and was 'changelog'",
                arguments(
                        "apply",
                        project,
                        "--accept-quick",
                        "--confirm",
                        "orders",
                        "--database",
                        "cheated",
                        "--migrations-dir",
                        "migrations",
                        "--lock-ttl",
                        "3600",
                        "--changelog",
                        "changelogs"));
        refused(
                desk,
                "--time-limit is 0.0 s",
                arguments("apply", project, "--accept-quick", "--confirm", "orders", "--time-limit", "1ms"));

        project.write("migrations/4-more.js", "exports.up = async () => {}; exports.down = async () => {};");
        refused(desk, "the ledger has no rehearsal of", apply);
        refused(
                desk,
                "rehearsal " + receipt + " was of",
                arguments("apply", project, "--accept-quick", "--confirm", "orders", "--receipt", receipt));
        project.delete("migrations/4-more.js");

        var rows = shop.getCollection("changelog");
        rows.insertOne(new Document("_id", 1)
                .append("fileName", "1-mark.js")
                .append("appliedAt", new BsonDateTime(1_764_331_200_000L)));
        refused(desk, "pending now is [2-half.js, 3-index.js]", apply);
        rows.updateOne(Filters.eq("_id", 1), new Document("$set", new Document("fileName", "0-gone.js")));
        refused(desk, "0-gone.js ORPHAN", apply);
        rows.deleteMany(new Document());
        shop.getCollection("changelog_lock").insertOne(new Document("createdAt", new BsonDateTime(1_764_331_200_000L)));
        refused(desk, "the lock of migrate-mongo is held", apply);
        shop.getCollection("changelog_lock").deleteMany(new Document());

        desk.run(arguments("rehearse", project, "--quick", "--budget", "1ms")).ended(62);
        refused(desk, "came to FAILED", apply);
        Path record = desk.records().stream()
                .filter(file -> Desk.record(file).at("/run/runId").asString().equals(receipt))
                .findFirst()
                .orElseThrow();
        byte[] bytes = Files.readAllBytes(record);
        byte[] edited = bytes.clone();
        edited[bytes.length / 2] ^= 1;
        Files.write(record, edited);
        String[] named = arguments("apply", project, "--accept-quick", "--confirm", "orders", "--receipt", receipt);
        refused(desk, "is not sound", named);
        Files.delete(record);
        refused(desk, "is not sound", named);
        Files.write(record, bytes);
        desk.run(arguments("apply", project, "--accept-quick", "--receipt", receipt, "--dry-run"))
                .ended(0);
        assertThat(shop.getCollection("orders").countDocuments(Filters.exists("v")))
                .isZero();
    }

    @Test
    void theReceiptOfOneSetDoesNotCountForAnother() {
        filled("moved");
        NodeSample project = project("moved");
        rehearsed(project);
        try (MongodServer other = MongodServer.replicaSet("orders")) {
            desk.with("FIREDRILL_SOURCE_URI", other.uri());
            Desk.Answer answer = desk.run(arguments("apply", project, "--accept-quick", "--confirm", "orders"));
            answer.ended(30);
            assertThat(answer.err()).contains("the target is the replica set orders");
            try (MongoClient there = other.client()) {
                assertThat(there.listDatabaseNames()).doesNotContain("moved");
            }
        }
    }

    @Test
    void whatWasRehearsedIsAppliedRecordedAndTakenBack() {
        MongoDatabase shop = filled("applied");
        NodeSample project = project("applied");
        JsonNode rehearsal = rehearsed(project);
        String receipt = rehearsal.path("runId").asString();
        String before = hash(shop);
        BsonTimestamp began = now();

        JsonNode applied = desk.json(
                arguments("apply", project, "--accept-quick", "--confirm", "orders", "--record-in", "firedrill"));

        assertThat(applied.path("outcome").asString()).isEqualTo("passed");
        assertThat(shop.getCollection("orders").countDocuments(Filters.eq("w", 1)))
                .isEqualTo(50);
        JsonNode record = desk.lastRecord();
        assertThat(record.path("release")).isEqualTo(applied.path("release"));
        assertThat(record.at("/release/receipt").asString()).isEqualTo(receipt);
        assertThat(record.at("/verification/notTested").toString())
                .contains("CRASH_SAFE was NOT_TESTED in rehearsal " + receipt + ", of 1-mark.js, 2-half.js, 3-index.js")
                .doesNotContain("ROLLBACK was");
        assertThat(record.at("/release/changes/1/state").asString()).isEqualTo("APPLIED");
        assertThat(record.at("/release/changes/1/plannedSeconds").asDouble()).isPositive();
        assertThat(record.at("/release/changes/1/actualSeconds").asDouble()).isPositive();
        List<String> notes = written(began).stream()
                .filter(entry -> entry.getString("op").equals("n"))
                .map(entry -> entry.get("ts", BsonTimestamp.class))
                .map(ts -> ts.getTime() + "," + ts.getInc())
                .toList();
        assertThat(notes).as("fences in the oplog").hasSize(4);
        assertThat(record.at("/release/restorePoint").asString()).isEqualTo(notes.getFirst());
        assertThat(record.at("/release/changes/2/restorePoint").asString()).isEqualTo(notes.get(2));
        assertThat(record.at("/release/endPoint").asString()).isEqualTo(notes.getLast());
        List<Document> rows = client.getDatabase("firedrill")
                .getCollection("migration_rehearsals")
                .find(Filters.eq("rehearsal", receipt))
                .into(new ArrayList<>());
        assertThat(rows)
                .extracting(row -> row.getString("kind") + " " + row.getString("outcome"))
                .containsExactlyInAnyOrder("migrations-rehearse PASSED", "migrations-apply PASSED");
        assertThat(rows)
                .extracting(row -> row.getString("record"))
                .contains(applied.path("record").asString());

        BsonTimestamp done = now();
        desk.run(arguments("apply", project, "--confirm", "orders")).ended(0);
        assertThat(written(done)).as("nothing is pending, nothing is written").isEmpty();

        desk.run(arguments("rollback", project, "--last", "--dry-run")).ended(0);
        assertThat(written(done)).isEmpty();
        List<List<String>> commands = commands(rehearsal, record);
        assertThat(commands)
                .extracting(words -> String.join(" ", words.subList(0, 2)))
                .containsExactly(
                        "migrations rollback",
                        "migrations rollback",
                        "migrations rollback",
                        "evidence list",
                        "evidence show",
                        "restore --at",
                        "restore --at");
        run(commands.get(3)).ended(0);
        assertThat(run(commands.get(4)).ended(0).out())
                .contains("\"restorePoint\":\""
                        + record.at("/release/changes/1/restorePoint").asString());
        // Of the three: the newest, with all after the first, and the first by itself, which is the last by then.
        run(commands.get(1)).ended(0);
        assertThat(shop.getCollection("orders").countDocuments(Filters.exists("w")))
                .isZero();
        assertThat(desk.lastRecord().at("/release/changes/0/id").asString()).isEqualTo("3-index.js");
        assertThat(desk.lastRecord().at("/release/changes/1/state").asString()).isEqualTo("PENDING");
        run(commands.get(2)).ended(0);
        assertThat(hash(shop)).isEqualTo(before);
        desk.run("evidence", "verify").ended(0);
    }

    private Desk.Answer run(List<String> words) {
        return desk.run(words.toArray(String[]::new));
    }

    /** Those of ROLLBACK.md as a shell takes them, with what a person has to fill in. */
    private static List<List<String>> commands(JsonNode rehearsal, JsonNode applied) {
        try {
            return ShellBlocks.firedrill(
                    Files.readString(Path.of(rehearsal.path("rollbackPlan").asString())),
                    Map.of(
                            "RECORD=N",
                            "RECORD=" + applied.at("/identity/recordId").asString(),
                            "AT=T,I",
                            "AT="
                                    + applied.at("/release/changes/1/restorePoint")
                                            .asString(),
                            "SET=NAME",
                            "SET=orders"));
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    @Test
    void aRollbackThatWasNeverProvenIsRefusedWithTheMomentToRestoreTo() {
        MongoDatabase shop = filled("unproven");
        NodeSample project = project("unproven");
        rehearsed(project);
        desk.run(arguments("apply", project, "--accept-quick", "--confirm", "orders"))
                .ended(0);
        String point = desk.lastRecord().at("/release/changes/2/restorePoint").asString();
        project.write(
                "migrations/3-index.js", "exports.up = async () => {}; exports.down = async () => { /* edited */ };");

        refused(
                desk,
                "firedrill restore --at " + point,
                arguments("rollback", project, "--last", "--confirm", "orders"));
        assertThat(shop.getCollection("changelog").countDocuments()).isEqualTo(3);
    }

    @Test
    void aChangeThatFailsEndsItWithACodeOfItsOwnAndApplyGoesOnAfterwards() {
        MongoDatabase shop = filled("failed");
        NodeSample project = project("failed");
        rehearsed(project);
        shop.getCollection("asked").insertOne(new Document("_id", "fail"));
        String[] apply = arguments("apply", project, "--accept-quick", "--confirm", "orders");

        Desk.Answer answer = desk.run(apply);

        answer.ended(63);
        assertThat(answer.out()).startsWith("FAILED  1 of 3 changes applied");
        assertThat(answer.err()).contains("2-half.js is PENDING", "firedrill restore --at");
        JsonNode record = desk.lastRecord();
        assertThat(record.at("/result/outcome").asString()).isEqualTo("FAILED");
        assertThat(record.at("/result/exitCode").asInt()).isEqualTo(63);
        assertThat(record.at("/release/changes/2/restorePoint").asString())
                .as("never begun")
                .isEmpty();
        shop.getCollection("asked").deleteMany(new Document());
        shop.getCollection("changelog_lock").deleteMany(new Document());
        refused(desk, "did not prove that it can be run again after a crash: CRASH_SAFE is NOT_TESTED", apply);
        // A backup knows its moment by the second, and one of the second in which it failed might be from before that.
        long failed = Instant.now().getEpochSecond();
        Patience.await(
                "the next second", Duration.ofSeconds(5), () -> Instant.now().getEpochSecond() > failed);
        desk.run("backup").ended(0);
        // What is half done cannot be told from what is not, once it is done.
        desk.run(arguments("rehearse", project, "--quick", "--accept", "2-half.js:ROLLBACK=half done before"))
                .ended(0);
        desk.run(arguments(
                        "apply", project, "--accept-quick", "--confirm", "orders", "--record-in", "firedrill-failed"))
                .ended(0);
        assertThat(client.getDatabase("firedrill-failed")
                        .getCollection("migration_rehearsals")
                        .find()
                        .map(row -> row.getString("kind"))
                        .into(new ArrayList<>()))
                .as("both rehearsals, and the one apply that was asked to leave a row")
                .containsExactlyInAnyOrder("migrations-rehearse", "migrations-rehearse", "migrations-apply");
        assertThat(desk.lastRecord().at("/release/changes").size())
                .as("rehearsed upon what the failure had left")
                .isEqualTo(2);
    }

    @Test
    void killedInTheMiddleOfTheSecondOfThreeApplyAgainDoesTheRest() {
        MongoDatabase shop = filled("killed");
        NodeSample project = project("killed");
        rehearsed(project);
        shop.getCollection("asked").insertOne(new Document("_id", "kill"));
        String[] apply =
                arguments("apply", project, "--accept-quick", "--confirm", "orders", "--record-in", "firedrill");
        try (Running running = desk.start(apply)) {
            assertThat(running.exitCode()).as(running.err()).isEqualTo(128 + 9);
        }
        assertThat(shop.getCollection("orders").countDocuments(Filters.eq("w", 1)))
                .as("half of it")
                .isBetween(1L, 49L);
        JsonNode listed =
                desk.json("migrations", "list", "--project", project.directory().toString());
        assertThat(listed.path("changes")
                        .valueStream()
                        .map(each -> each.path("state").asString()))
                .containsExactly("APPLIED", "PENDING", "PENDING");
        assertThat(listed.at("/changes/1/note").asString())
                .contains("'2-half.js' was begun by run", "'firedrill restore --at");
        String[] goOn = arguments(
                "apply",
                project,
                "--accept-quick",
                "--confirm",
                "orders",
                "--record-in",
                "firedrill",
                "--repaired",
                "2-half.js=looked at");
        Desk.Answer dry = desk.run(
                arguments("apply", project, "--accept-quick", "--dry-run", "--repaired", "2-half.js=looked at"));
        dry.ended(0);
        assertThat(dry.out())
                .contains(
                        "ended without a word while '2-half.js' was applied",
                        "closed as ABORTED, and this one begins with '2-half.js'")
                .contains("Not proven", "CRASH_SAFE was NOT_TESTED in rehearsal");
        Desk.Answer mistyped = desk.run(
                arguments("apply", project, "--accept-quick", "--dry-run", "--repaired", "2-hafl.js=looked at"));
        mistyped.ended(2);
        assertThat(mistyped.err()).contains("--repaired names '2-hafl.js'", "Did you mean '2-half.js'?");
        refused(desk, "CRASH_SAFE is NOT_TESTED", apply);
        refused(desk, "'2-half.js' was begun by run", arguments("rollback", project, "--last", "--confirm", "orders"));

        JsonNode applied = desk.json(goOn);

        assertThat(applied.at("/release/changes")
                        .valueStream()
                        .map(each -> each.path("id").asString()))
                .containsExactly("2-half.js", "3-index.js");
        assertThat(shop.getCollection("orders").countDocuments(Filters.eq("w", 1)))
                .isEqualTo(50);
        assertThat(desk.lastRecord().at("/run/parameters/repaired.2-half.js").asString())
                .isEqualTo("looked at");
        JsonNode dead = desk.records().stream()
                .map(Desk::record)
                .filter(record -> record.at("/result/outcome").asString().equals("ABORTED"))
                .findFirst()
                .orElseThrow();
        assertThat(dead.at("/release/changes/1/restorePoint").asString())
                .as("it had begun")
                .isNotEmpty();
        assertThat(client.getDatabase("firedrill")
                        .getCollection("migration_rehearsals")
                        .find(Filters.and(Filters.eq("kind", "migrations-apply"), Filters.eq("outcome", "BEGUN")))
                        .first())
                .as("the row of the killed run")
                .isNotNull();
    }
}
