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
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bson.BsonDateTime;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Releases that are cut off, stopped or met by another, and what those do that come after. */
class CutOffReleaseIT extends ReleaseRuns {
    private static void goOn(MongoDatabase shop) {
        shop.getCollection("asked").deleteOne(Filters.eq("_id", "wait"));
    }

    /** Everything is rehearsed, and the second change will wait in the middle. */
    private String[] waiting(String name) {
        MongoDatabase shop = filled(name);
        NodeSample project = project(name);
        rehearsed(project);
        shop.getCollection("asked").insertOne(new Document("_id", "wait"));
        return arguments("apply", project, "--accept-quick", "--confirm", "orders");
    }

    @Test
    void aRollbackThatWasKilledIsKnownToWhateverComesAfter() {
        MongoDatabase shop = filled("halfback");
        NodeSample project = project("halfback");
        rehearsed(project);
        desk.run(arguments("apply", project, "--accept-quick", "--confirm", "orders"))
                .ended(0);
        desk.run(arguments("rollback", project, "--last", "--confirm", "orders"))
                .ended(0);
        shop.getCollection("asked").insertOne(new Document("_id", "kill"));
        String[] back = arguments("rollback", project, "--last", "--confirm", "orders");
        try (Running running = desk.start(back)) {
            assertThat(running.exitCode()).as(running.err()).isEqualTo(128 + 9);
        }
        assertThat(shop.getCollection("orders").countDocuments(Filters.eq("w", 1)))
                .as("half of it")
                .isBetween(1L, 49L);

        JsonNode listed =
                desk.json("migrations", "list", "--project", project.directory().toString());
        assertThat(listed.at("/changes/1/state").asString()).isEqualTo("APPLIED");
        assertThat(listed.at("/changes/1/note").asString())
                .contains("'2-half.js' was being taken back by run", "'firedrill restore --at");
        refused(
                desk,
                "'2-half.js' was being taken back by run",
                arguments("apply", project, "--accept-quick", "--dry-run"));
        refused(
                desk,
                "firedrill migrations rollback --last --repaired 2-half.js=REASON",
                arguments("apply", project, "--accept-quick", "--confirm", "orders"));
        refused(desk, "'2-half.js' was being taken back by run", back);

        anotherSetHasNothingToDoWithIt("halfback", project);
        desk.run(arguments("rollback", project, "--last", "--confirm", "orders", "--repaired", "2-half.js=bears it"))
                .ended(0);
        assertThat(shop.getCollection("orders").countDocuments(Filters.exists("w")))
                .isZero();
        listed =
                desk.json("migrations", "list", "--project", project.directory().toString());
        assertThat(listed.at("/changes/1/state").asString()).isEqualTo("PENDING");
        assertThat(listed.at("/changes/1/note").asString()).isEmpty();
        desk.run(arguments("apply", project, "--accept-quick", "--confirm", "orders"))
                .ended(0);
    }

    /** With a database of the same name in which the same changes are applied. */
    private void anotherSetHasNothingToDoWithIt(String database, NodeSample project) {
        try (MongodServer other = MongodServer.replicaSet("orders");
                MongoClient there = other.client()) {
            there.getDatabase(database)
                    .getCollection("changelog")
                    .insertMany(Stream.of("1-mark.js", "2-half.js")
                            .map(file -> new Document("fileName", file).append("appliedAt", new BsonDateTime(0)))
                            .toList());
            desk.with("FIREDRILL_SOURCE_URI", other.uri());
            Desk.Answer answer = desk.run(arguments("apply", project, "--accept-quick", "--dry-run"));
            answer.ended(30);
            assertThat(answer.err())
                    .contains("the target is the replica set orders")
                    .doesNotContain("was being taken back");
        } finally {
            desk.with("FIREDRILL_SOURCE_URI", source.uri());
        }
    }

    @Test
    void onSigtermTheChangeThatIsAtWorkComesToItsEndAndNoOtherIsBegun() {
        String[] apply = waiting("stopped");
        MongoDatabase shop = client.getDatabase("stopped");
        try (Running running = desk.start(apply)) {
            running.awaits("the change waits", () -> isAtWork(shop));
            running.signal("TERM");
            running.awaits("it is told", () -> running.err().contains("asked to stop: the change that is at work"));
            assertThat(tool(shop).isAlive()).isTrue();
            goOn(shop);
            assertThat(running.exitCode()).as(running.err()).isEqualTo(143);
        }
        JsonNode record = desk.lastRecord();
        assertThat(record.at("/result/outcome").asString()).isEqualTo("ABORTED");
        assertThat(record.at("/release/changes/1/state").asString()).isEqualTo("APPLIED");
        assertThat(record.at("/release/changes/2/restorePoint").asString())
                .as("never begun")
                .isEmpty();
        assertThat(desk.openRuns()).isEmpty();
        desk.run(apply).ended(0);
        assertThat(desk.lastRecord().at("/release/changes").size()).isEqualTo(1);
    }

    @Test
    void aSecondSignalKillsTheToolAndTheRecordSaysWhatItWasAt() {
        String[] apply = waiting("killed-twice");
        MongoDatabase shop = client.getDatabase("killed-twice");
        ProcessHandle tool;
        try (Running running = desk.start(apply)) {
            running.awaits("the change waits", () -> isAtWork(shop));
            tool = tool(shop);
            // Not INT, which whoever starts tests in the background may have had ignored.
            running.signal("TERM");
            running.awaits("it is told", () -> running.err().contains("asked to stop: the change that is at work"));
            running.signal("TERM");
            assertThat(running.exitCode()).as(running.err()).isEqualTo(143);
        }
        assertThat(tool.isAlive()).as("the tool lives on").isFalse();
        JsonNode record = desk.lastRecord();
        assertThat(record.at("/result/outcome").asString()).isEqualTo("ABORTED");
        assertThat(record.at("/result/message").asString()).contains("while '2-half.js' was being run");
        assertThat(record.at("/release/changes/1/restorePoint").asString()).isNotEmpty();
        assertThat(record.at("/release/changes/1/done").asBoolean(true)).isFalse();
    }

    @Test
    void aToolThatOutlivesAKilledReleaseIsFoundByWhoeverComesNext() {
        String[] apply = waiting("outlived");
        MongoDatabase shop = client.getDatabase("outlived");
        ProcessHandle tool;
        try (Running running = desk.start(apply)) {
            running.awaits("the change waits", () -> isAtWork(shop));
            tool = tool(shop);
            assertThat(running.kill()).isEqualTo(128 + 9);
        }
        try {
            assertThat(tool.isAlive()).isTrue();
            BsonTimestamp before = now();
            String[] back = {"migrations", "rollback", "--project", apply[3], "--last", "--confirm", "orders"};
            String[] dry = {"migrations", "apply", "--project", apply[3], "--accept-quick", "--dry-run"};
            // The first closes the dead run, so the others find it in the ledger.
            for (String[] next : List.of(dry, apply, back, apply)) {
                Desk.Answer answer = desk.run(next).ended(20);
                assertThat(answer.err())
                        .contains("process " + tool.pid() + " on this machine is still at work on '2-half.js'")
                        .contains("'kill " + tool.pid() + "'");
            }
            // Releases of a source come one after the other, also where they are of other databases.
            Desk.Answer elsewhere = desk.run(arguments("apply", project("outlived-beside"), "--confirm", "orders"));
            assertThat(elsewhere.ended(20).err())
                    .contains("process " + tool.pid(), "at work on '2-half.js' of the database 'outlived'");
            assertThat(written(before)).as("what they wrote").isEmpty();
            assertThat(desk.json("migrations", "list", "--project", apply[3])
                            .at("/changes/1/note")
                            .asString())
                    .contains("'2-half.js' was begun by run", "process " + tool.pid() + " on this machine is still");
            goOn(shop);
            Patience.await("the tool ends", Duration.ofMinutes(2), () -> !tool.isAlive());
        } finally {
            tool.destroyForcibly();
        }
        desk.run(apply).ended(0);
        assertThat(shop.getCollection("changelog").countDocuments()).isEqualTo(3);
        assertThat(desk.lastRecord().at("/release/changes").size()).isEqualTo(1);
    }

    @Test
    void theToolIsOutOfTheTerminalsReachAndKilledWhenItsTimeIsOver() {
        String[] apply = waiting("timed");
        MongoDatabase shop = client.getDatabase("timed");
        String[] limited = Stream.concat(Arrays.stream(apply), Stream.of("--time-limit", "60s"))
                .toArray(String[]::new);
        ProcessHandle tool;
        try (Running running = desk.start(limited)) {
            running.awaits("the change waits", () -> isAtWork(shop));
            tool = tool(shop);
            assertThat(session(tool)).as("its session").isEqualTo(tool.pid());
            running.signal("TERM");
            assertThat(running.exitCode()).as(running.err()).isEqualTo(143);
        }
        assertThat(tool.isAlive()).isFalse();
        assertThat(desk.lastRecord().at("/result/message").asString()).contains("while '2-half.js' was being run");
        assertThat(desk.lastRecord().at("/result/exitCode").asInt()).isEqualTo(143);
    }

    /** The sixth field of the kernel's line about it, counted behind its name. */
    private static long session(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", process.pid() + "", "stat"));
            return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[3]);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    @Test
    void ofTwoAppliesAtOnceOneIsRefusedBeforeItWrites() {
        String[] apply = waiting("two");
        MongoDatabase shop = client.getDatabase("two");
        try (Running first = desk.start(apply)) {
            first.awaits("the change waits", () -> isAtWork(shop));
            BsonTimestamp before = now();
            desk.run(apply).ended(20);
            desk.run("migrations", "apply", apply[2], apply[3], "--accept-quick", "--dry-run")
                    .ended(20);
            assertThat(written(before)).as("what the second one wrote").isEmpty();
            goOn(shop);
            assertThat(first.exitCode()).as(first.err()).isZero();
            assertThat(first.endsWithin(Duration.ZERO)).isTrue();
        }
        assertThat(shop.getCollection("changelog").countDocuments()).isEqualTo(3);
    }

    @Test
    void aRehearsalThatAnApproverRejectedIsRefused() {
        filled("rejected");
        NodeSample project = project("rejected");
        String record = rehearsed(project).path("record").asString();
        String seq = Integer.toString(Integer.parseInt(record.replaceFirst(".*/0*(\\d+)\\..*", "$1")));
        Path keys = directory.resolve("jane");
        desk.run("evidence", "keys", "create", "--out", keys.toString()).ended(0);
        String key = keys.resolve(EvidenceKeys.PRIVATE_KEY).toString();
        desk.run(
                        "evidence",
                        "reject",
                        seq,
                        "--operator",
                        "jane",
                        "--role",
                        "data owner",
                        "--comment",
                        "not now",
                        "--key",
                        key)
                .ended(0);
        String[] apply = arguments("apply", project, "--accept-quick", "--confirm", "orders");
        refused(desk, "was rejected by", apply);
        desk.run(
                        "evidence",
                        "approve",
                        seq,
                        "--operator",
                        "jane",
                        "--role",
                        "data owner",
                        "--comment",
                        "now",
                        "--key",
                        key)
                .ended(0);
        desk.run(apply).ended(0);
    }

    /** The first change does something behind the runner's back, where the database asks for it. */
    private NodeSample meddling(String name) {
        return project(name).write("migrations/1-mark.js", """
                const fs = require('fs');
                exports.up = async (db) => {
                  if (await db.collection('asked').findOne({ _id: 'edit' })) fs.appendFileSync('migrations/3-index.js', '// edited');
                  if (await db.collection('asked').findOne({ _id: 'row' }))
                    await db.collection('changelog').insertOne({ fileName: '2-half.js', appliedAt: new Date() });
                };
                exports.down = async (db) => {};
                """);
    }

    @Test
    void whatIsExchangedOrOvertakenWhileItIsAppliedIsNotBegun() {
        for (String what : List.of("edit", "row")) {
            MongoDatabase shop = filled("meddled-" + what);
            NodeSample project = meddling("meddled-" + what);
            rehearsed(project);
            shop.getCollection("asked").insertOne(new Document("_id", what));
            Desk.Answer answer = desk.run(arguments("apply", project, "--accept-quick", "--confirm", "orders"));
            boolean exchanged = what.equals("edit");
            // Of what was exchanged while it was run, nobody can tell which of the two was run.
            answer.ended(exchanged ? 63 : 30);
            assertThat(answer.err())
                    .contains(
                            exchanged ? "while it was run " : "'2-half.js' is APPLIED now",
                            exchanged ? "was exchanged" : "1 of 3 changes were done before, and stay");
            JsonNode record = desk.lastRecord();
            assertThat(record.at("/release/changes/0/done").asBoolean()).isEqualTo(!exchanged);
            assertThat(record.at("/release/changes/1/restorePoint").asString())
                    .as("never begun")
                    .isEmpty();
        }
    }
}
