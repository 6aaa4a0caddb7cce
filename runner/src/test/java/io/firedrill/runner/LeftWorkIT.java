package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import io.firedrill.testing.NodeSample;
import io.firedrill.testing.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a release that is gone has left at the server, and what it has not even begun. */
class LeftWorkIT extends ReleaseRuns {
    private static final Duration ENOUGH = Duration.ofMinutes(2);

    /** The operation of the server's that is at work on a database, by whomever. */
    private static List<Document> works(String database) {
        return client.getDatabase("admin")
                .aggregate(List.of(
                        Document.parse("{$currentOp: {allUsers: true}}"),
                        new Document("$match", new Document("ns", database + ".orders").append("op", "update"))))
                .into(new ArrayList<>());
    }

    @Test
    void whatTheServerStillDoesForAToolThatIsGoneHasToEndBeforeAnythingIsBegun() {
        MongoDatabase shop = filled("leftwork");
        NodeSample project = project("leftwork");
        rehearsed(project);
        shop.getCollection("asked").insertOne(new Document("_id", "slow"));
        String[] apply = arguments("apply", project, "--accept-quick", "--confirm", "orders");
        try (Running running = desk.start(apply)) {
            running.awaits(
                    "the server works",
                    () -> isAtWork(shop) && !works("leftwork").isEmpty());
            ProcessHandle tool = tool(shop);
            assertThat(running.kill()).isEqualTo(128 + 9);
            tool.destroyForcibly();
            Patience.await("the tool is gone", ENOUGH, () -> !tool.isAlive());
        }
        shop.getCollection("changelog_lock").deleteMany(new Document());
        String[] dry = arguments("apply", project, "--accept-quick", "--dry-run");
        String[] beside = arguments("apply", project("leftwork-beside"), "--accept-quick", "--confirm", "orders");
        long notes = notes();
        for (String[] next : List.of(dry, apply, beside)) {
            Desk.Answer answer = desk.run(next).ended(20);
            assertThat(answer.err())
                    .contains("the server is still at work on leftwork.orders for the tool of run", "db.killOp(");
        }
        assertThat(notes()).as("notes in the oplog").isEqualTo(notes);
        works("leftwork")
                .forEach(each -> client.getDatabase("admin")
                        .runCommand(new Document("killOp", 1).append("op", each.get("opid"))));
        Patience.await("the server is free", ENOUGH, () -> works("leftwork").isEmpty());

        shop.getCollection("asked").deleteMany(new Document());
        refused(desk, "'2-half.js' was begun by run", apply);
        desk.run(arguments("apply", project, "--accept-quick", "--confirm", "orders", "--repaired", "2-half.js=seen"))
                .ended(0);
    }

    private static long notes() {
        return client.getDatabase("local")
                .getCollection("oplog.rs")
                .countDocuments(Filters.and(Filters.eq("op", "n"), Filters.exists("o.firedrill")));
    }

    /** The first change takes away what the second would be run by. */
    @Test
    void aChangeWhoseToolCouldNotBeStartedIsNotBegunAndTheNextRunJustGoesOn() throws IOException {
        MongoDatabase shop = filled("unstarted");
        NodeSample project = project("unstarted").write("migrations/1-mark.js", """
                const fs = require('fs');
                exports.up = async (db) => {
                  if (await db.collection('asked').findOne({ _id: 'take' })) fs.unlinkSync('own-node');
                };
                exports.down = async (db) => {};
                """);
        rehearsed(project);
        shop.getCollection("asked").insertOne(new Document("_id", "take"));
        Path node = project.directory().resolve("own-node");
        Files.createSymbolicLink(node, Path.of(NodeSample.requireNode()));
        String[] apply =
                arguments("apply", project, "--accept-quick", "--confirm", "orders", "--node", node.toString());
        Desk.Answer answer = desk.run(apply).ended(30);
        assertThat(answer.err())
                .contains("'%s' cannot be started".formatted(node), "1 of 3 changes were done before, and stay");
        JsonNode record = desk.lastRecord();
        assertThat(record.at("/release/changes/0/done").asBoolean()).isTrue();
        assertThat(record.at("/release/changes/1/restorePoint").asString())
                .as("never begun")
                .isEmpty();

        Files.createSymbolicLink(node, Path.of(NodeSample.requireNode()));
        desk.run(apply).ended(0);
        assertThat(desk.lastRecord().at("/release/changes").size()).isEqualTo(2);
    }
}
