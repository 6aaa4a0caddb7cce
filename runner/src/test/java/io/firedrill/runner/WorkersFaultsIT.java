package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.firedrill.mongo.Deployment;
import io.firedrill.restore.StagingMarker;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What nobody can tell from death: a worker that stands still and wakes up, and a broker that goes and comes back; and a source
 * that changes under workers.
 */
class WorkersFaultsIT extends WorkersRoom {
    private static final int DOCUMENTS = 15_500;

    /** Of what the third insert and none before it brings: each takes up to fourteen megabytes. */
    private static final Bson END = Filters.gte("_id", DOCUMENTS - 1_000);

    /** A large unit: more than two inserts take, and less than is divided. */
    @BeforeAll
    static void fill() {
        fill("orders", DOCUMENTS);
        try (MongoClient client = source.client()) {
            Number bytes = client.getDatabase("shop")
                    .runCommand(new Document("collStats", "orders"))
                    .get("size", Number.class);
            long end = bytes.longValue() / DOCUMENTS * 1_000;
            assertThat(bytes.longValue()).isBetween(2L * (14 << 20) + end, 32L << 20);
        }
    }

    /** The same store and state, and nobody who helps. */
    private Desk alone(String name) {
        return new Desk(directory.resolve(name), source, staging);
    }

    private Desk hasty(String name) {
        return desk(name).with("FIREDRILL_BROKER_URL", broker.url() + ";connectionTTL=20000");
    }

    private static void assertLeftBehind(Running worker) {
        assertThat(worker.exitCode()).as(worker.err()).isEqualTo(ExitCode.UNAVAILABLE.code());
        // That its connection was ended, or that a call has lasted too long: which one, the moment decides at which it
        // was frozen.
        assertThat(worker.err())
                .contains("the broker tcp://localhost:%d ".formatted(broker.port()))
                .contains("that the broker runs");
    }

    /**
     * It had not loaded all of its unit when another one did; meanwhile the replay has deleted what it has left. The run needs no
     * broker any more, and does not mind that there was none for a moment.
     */
    @Test
    void aWorkerThatWakesUpInTheReplayOfARestoreWritesNothingMore() {
        // The restore keeps its lease for as long as it is frozen.
        String[] lease = {"FIREDRILL_LEASE", "10m"};
        Desk desk = desk("replay").with(lease[0], lease[1]);
        history("replay");
        Running frozen = worker(hasty("replay").with(lease[0], lease[1]));
        try (Running restore = desk.start("restore", "--at", "latest", "--confirm", "practice");
                Deployment target = staging.deployment("staging");
                MongoClient client = staging.client()) {
            try (var _ = new SlowInserts(staging)) {
                restore.awaits(
                        "the large unit is being loaded", () -> orders(client).estimatedDocumentCount() > 0);
                frozen.signal("STOP");
                assertThat(orders(client).countDocuments(END)).as("of its end").isZero();
            }
            worker(desk);
            var marker = new StagingMarker(target);
            restore.awaits(
                    "it has deleted what it deletes",
                    () -> marker.isReplaying() && orders(client).countDocuments(END) == 0);
            restore.signal("STOP");
            assertThat(desk.isLocked()).as("the run goes on").isTrue();
            frozen.signal("CONT");
            assertLeftBehind(frozen);
            broker.stop();
            broker.startAgain();
            restore.signal("CONT");
            assertThat(restore.exitCode()).as(restore.err()).isZero();
        }
        assertThat(staging.dbHash("shop")).isEqualTo(source.dbHash("shop"));
    }

    private static MongoCollection<Document> orders(MongoClient client) {
        return client.getDatabase("shop").getCollection("orders");
    }

    /** A backup; behind it the last orders are deleted, and then much else is written. */
    private void history(String name) {
        Desk alone = alone(name);
        alone.run("oplog", "archive", "--once").ended(0);
        alone.run("backup").ended(0);
        try (MongoClient client = source.client()) {
            orders(client).deleteMany(END);
            client.getDatabase("shop")
                    .getCollection("paid")
                    .insertMany(IntStream.range(0, 30_000)
                            .mapToObj(i -> new Document("_id", i))
                            .toList());
        }
        alone.run("oplog", "archive", "--once").ended(0);
    }

    /** So slow that a unit takes some seconds. */
    private static Desk slow(Desk desk) {
        return desk.with("FIREDRILL_READ_LIMIT", "12MB/s");
    }

    @Test
    void aWorkerOfABackupThatWakesUpWhenItsUnitIsAnothersChangesNothing() {
        Desk desk = slow(desk("woken"));
        Running frozen = worker(slow(hasty("woken")));
        try (Running backup = desk.start("backup")) {
            frozen.awaits("a unit in hand", () -> frozen.err().contains("works for run"));
            frozen.signal("STOP");
            worker(desk);
            backup.awaits("the broker has missed it", () -> broker.connections() == 2);
            frozen.signal("CONT");
            assertLeftBehind(frozen);
            assertThat(backup.exitCode()).as(backup.err()).isZero();
        }
        assertThat(units(desk.lastRecord().path("notes"), "dump").values().stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .as("each unit counts once")
                .isEqualTo(parts(desk).size());
        assertRestorable("woken");
    }

    private void assertRestorable(String name) {
        alone(name).run(RESTORE).ended(0);
        assertThat(staging.dbHash("shop")).isEqualTo(source.dbHash("shop"));
    }

    @Test
    void aBackupWhoseBrokerIsStoppedSaysSoAndGoesOnWhenItIsBack() {
        Desk desk = slow(desk("broker"));
        List<Running> crew = crew(desk, 2);
        try (Running backup = desk.start("backup")) {
            backup.awaits(
                    "a unit in hand",
                    () -> crew.stream().anyMatch(each -> each.err().contains("works for run")));
            broker.stop();
            assertLeftBehind(backup);
            crew.forEach(WorkersFaultsIT::assertLeftBehind);
        } finally {
            broker.startAgain();
        }
        crew(desk, 2);
        assertThat(JsonMapper.shared()
                        .readTree(ended(desk, 0, "backup", "--output", "json").out())
                        .path("resumed")
                        .asBoolean())
                .isTrue();
        assertRestorable("broker");
    }

    /** Replaces a collection all the time, at no moment of which there is none. */
    private static final class Changing implements AutoCloseable {
        private final MongoClient client = source.client();
        private final ScheduledExecutorService clockwork = Executors.newSingleThreadScheduledExecutor();
        private final ScheduledFuture<?> turning;

        Changing() {
            var fleeting = client.getDatabase("shop").getCollection("fleeting");
            fleeting.insertOne(new Document());
            turning = clockwork.scheduleWithFixedDelay(
                    () -> fleeting.aggregate(List.of(Aggregates.match(new Document()), Aggregates.out("fleeting")))
                            .toCollection(),
                    0,
                    20,
                    TimeUnit.MILLISECONDS);
        }

        /** It changes no more. */
        void settle() {
            clockwork.close();
            // One that failed has not been called off: it ended, and nothing has changed since.
            assertThat(turning.state()).as("it turned until now").isEqualTo(Future.State.CANCELLED);
        }

        @Override
        public void close() {
            settle();
            client.close();
        }
    }

    @Test
    void aSourceThatChangesUnderWorkersIsToldAsOneProcessTellsIt() {
        Desk desk = desk("changing");
        crew(desk, 2);
        try (var _ = new Changing()) {
            for (String told : List.of(
                    alone("alone")
                            .run("backup")
                            .ended(ExitCode.UNAVAILABLE.code())
                            .err(),
                    ended(desk, ExitCode.UNAVAILABLE.code(), "backup").err())) {
                assertThat(told).contains("none of 5 attempts found the source unchanged; the last: ");
                assertToldOfTheChange(told);
                // Where the collections were read, or where no look at them was without a change.
                assertThat(told)
                        .containsAnyOf(
                                "hint: Back up when nothing is being dropped",
                                "hint: Run it again when no collection or index is being created or dropped");
            }
        }
        alone("changing").run("oplog", "archive", "--once").ended(0);
        try (var changing = new Changing();
                Running backup = desk.start("backup")) {
            backup.awaits("a second attempt", () -> backup.err().contains("attempt 1 of 5: "));
            changing.settle();
            assertThat(backup.exitCode()).as(backup.err()).isZero();
        }
        assertToldOfTheChange(desk.lastRecord().path("notes").path("attempt 1").asString());
        aDrillToAMomentSaysWhatThatOfOneProcessSays(desk);
    }

    /** By the collection, or by the one that is about to take its place. */
    private static void assertToldOfTheChange(String told) {
        assertThat(told).containsAnyOf(" shop.fleeting", " shop.tmp.agg_out.");
    }

    private void aDrillToAMomentSaysWhatThatOfOneProcessSays(Desk desk) {
        try (MongoClient client = source.client()) {
            orders(client).updateMany(Filters.lt("_id", 100), Updates.inc("paid", 1));
        }
        alone("changing").run("oplog", "archive", "--once").ended(0);
        String[] drill = {"drill", "--at", "latest", "--confirm", "practice"};
        ended(desk, 0, drill);
        JsonNode spread = desk.lastRecord();
        assertThat(units(spread.path("notes"), "load")).isNotEmpty();
        alone("changing").run(drill).ended(0);
        JsonNode one = desk.lastRecord();
        assertThat(one.path("notes").has("workers-load")).isFalse();
        assertThat(spread.path("verification")).isEqualTo(one.path("verification"));
        assertThat(one.path("verification").path("checks").toString()).contains("\"replay\"", "\"content\"");
    }
}
