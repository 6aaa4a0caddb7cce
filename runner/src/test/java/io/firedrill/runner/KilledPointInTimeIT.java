package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.firedrill.mongo.Deployment;
import io.firedrill.restore.StagingMarker;
import io.firedrill.testing.EventfulHistory;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Oracle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * {@code kill -9} of a {@code restore --at} at random moments of its replay, with everything in the log that can happen to
 * collections and indexes; each restart ends with what the source has.
 */
class KilledPointInTimeIT {
    /** For CI; more with {@code -Dfiredrill.restore.kills=20}. */
    private static final int KILLS = Integer.getInteger("firedrill.restore.kills", 5);

    private static final int TRIES_MAX = 3 * KILLS;
    private static final int ROUNDS = 6;
    private static final int WRITES = 4_000;
    private static final String[] RESTORE = {"restore", "--at", "latest", "--confirm", "practice"};

    @TempDir
    Path directory;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    @Test
    void aRestoreToAMomentKilledInItsReplayEndsEqualAfterARestart() {
        try (MongodServer source = MongodServer.replicaSet("orders");
                MongodServer practice = MongodServer.replicaSet("practice");
                Deployment staging = practice.deployment("staging")) {
            var desk = new Desk(directory, source, practice);
            archive(desk, source);
            var marker = new StagingMarker(staging);
            Duration span = uncut(desk, marker);
            requireEqual(source, practice, "uncut");
            clean(desk);
            int kills = 0;
            int resumed = 0;
            for (int tries = 1; kills < KILLS; tries++) {
                assertThat(tries).as("tries with seed %d", seed).isLessThanOrEqualTo(TRIES_MAX);
                if (killed(desk, marker, span)) {
                    String which = "kill %d with seed %d".formatted(++kills, seed);
                    assertThat(desk.json(RESTORE).path("outcome").asString())
                            .as(which)
                            .isEqualTo("PASSED");
                    requireEqual(source, practice, which);
                    JsonNode notes = desk.lastRecord().path("notes");
                    resumed += notes.has("resumed") ? 1 : 0;
                    System.out.printf("%s: %s%n", which, notes.path("replayed").asString());
                } else {
                    // The one that was measured was slower.
                    span = span.multipliedBy(3).dividedBy(4);
                }
                clean(desk);
            }
            System.out.printf("%d kills in the replay, %d of them gone on with, seed %d%n", kills, resumed, seed);
        }
    }

    /** A backup, and a log behind it in which ordinary writes stand between all that can happen to collections. */
    private void archive(Desk desk, MongodServer source) {
        try (EventfulHistory history = new EventfulHistory(source, seed).filled();
                MongoClient client = source.client()) {
            desk.run("oplog", "archive", "--once").ended(0);
            desk.run("backup").ended(0);
            MongoCollection<Document> orders = client.getDatabase("shop").getCollection("orders");
            for (int round = 0; round < ROUNDS; round++) {
                write(orders, round);
                history.happen(1);
            }
            orders.createIndex(new Document("n", 1));
            desk.run("oplog", "archive", "--once").ended(0);
        }
    }

    private static void write(MongoCollection<Document> orders, int round) {
        List<Document> documents = new ArrayList<>();
        IntStream.range(round * WRITES, (round + 1) * WRITES)
                .forEach(i -> documents.add(new Document("_id", i).append("n", i % 10)));
        orders.insertMany(documents);
        orders.updateMany(Filters.gte("_id", (round - 1) * WRITES), Updates.inc("m", 1));
        orders.deleteMany(Filters.eq("n", round));
    }

    /** How long the replay takes that nobody disturbs. */
    private static Duration uncut(Desk desk, StagingMarker marker) {
        try (Running running = desk.start(RESTORE)) {
            running.awaits("it replays", marker::isReplaying);
            long began = System.nanoTime();
            running.awaits("the end of the replay", () -> running.phasesEnded().contains("replay"));
            Duration span = Duration.ofNanos(System.nanoTime() - began);
            assertThat(running.exitCode()).as(running.err()).isZero();
            System.out.printf("the replay uncut: %s%n", span);
            return span;
        }
    }

    /** Whether the kill came in the midst of the replay. */
    private boolean killed(Desk desk, StagingMarker marker, Duration span) {
        try (Running running = desk.start(RESTORE)) {
            running.awaits("it replays", marker::isReplaying);
            boolean ended = running.endsWithin(Duration.ofNanos((long) (random.nextDouble() * span.toNanos())));
            int code = running.kill();
            if (ended || running.phasesEnded().contains("replay")) {
                return false;
            }
            assertThat(code).as(running.err()).isEqualTo(128 + 9);
            return true;
        }
    }

    /** By mongod's own digests, definitions and indexes of every database. */
    private static void requireEqual(MongodServer source, MongodServer practice, String which) {
        for (String database : List.of("shop", "fleeting")) {
            Oracle.Comparison found = Oracle.compare(source, practice, database);
            assertThat(found.content()).as("content of %s, %s", database, which).isEmpty();
            assertThat(found.definitions())
                    .as("definitions of %s, %s", database, which)
                    .isEmpty();
            assertThat(found.indexes()).as("indexes of %s, %s", database, which).isEmpty();
            assertThat(practice.dbHash(database)).as(which).isEqualTo(source.dbHash(database));
        }
    }

    private static void clean(Desk desk) {
        desk.run("staging", "clean", "--confirm", "practice").ended(0);
    }
}
