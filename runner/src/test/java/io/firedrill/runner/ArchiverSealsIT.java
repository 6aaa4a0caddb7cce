package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.OplogArchiving;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code oplog archive --seal-interval} as a person runs it: the seals, what they prove, and what stops them. */
class ArchiverSealsIT {
    private static final String SEALS = "sources/source/seals";

    private static MongodServer source;
    private static MongodServer staging;

    @TempDir
    private Path directory;

    private Desk desk;

    @BeforeAll
    static void start() {
        source = MongodServer.replicaSet("source");
        staging = MongodServer.replicaSet("staging");
        write(0, 500);
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
    }

    @BeforeEach
    void sitDown() {
        desk = new Desk(directory, source, staging);
    }

    @Test
    void sealsAppearBesideTheArchiveAndEachProvesItsMoment() {
        desk.run("oplog", "archive", "--once").ended(0);
        desk.run("backup").ended(0);
        JsonNode ended;
        try (ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();
                Running running = follow("--seal-interval", "1s", "--output", "json")) {
            var next = new AtomicInteger(10_000);
            var _ = writer.scheduleAtFixedRate(() -> write(next.getAndAdd(10), 10), 0, 20, TimeUnit.MILLISECONDS);
            running.awaits("three seals", () -> sealed().size() >= 3);
            writer.shutdownNow();
            ended = terminated(running);
        }
        assertThat(ended.at("/seals/taken").asInt()).isGreaterThanOrEqualTo(3);
        assertThat(ended.at("/seals/failed").asInt()).as(ended.toString()).isZero();
        assertThat(ended.at("/seals/bytesRead").asLong()).isPositive();
        requireArchiveIsTheOplog();
        List<JsonNode> seals = sealed();
        assertThat(seals).hasSize(ended.at("/seals/taken").asInt());
        JsonNode archive = records("oplog-archive").getLast();
        assertThat(archive.at("/notes/seals").asString()).startsWith(seals.size() + " taken (");
        for (JsonNode seal : seals) {
            assertThat(seal.at("/result/verdict").asString()).isEqualTo("SEALED");
            assertThat(seal.at("/run/parameters/archiver")).isEqualTo(archive.at("/run/runId"));
            assertThat(seal.at("/notes/cost").asString()).contains("bytes read in");
        }
        for (JsonNode seal : seals.subList(0, 2)) {
            String moment = seal.at("/notes/sealed-at").asString().replaceFirst(", .*", "");
            Desk.Answer drilled =
                    desk.run("drill", "--at", moment, "--confirm", "staging").ended(0);
            assertThat(drilled.out()).startsWith("PROVEN").contains("Proven by   seal");
        }
    }

    @Test
    void whereNothingWasWrittenNoSealIsTaken() {
        try (Running running = follow("--seal-interval", "1s", "--fence-interval", "200ms", "--output", "json")) {
            running.awaits("a first seal and its record", () -> records("seal").size() == 1);
            int links = desk.files("sources/source/oplog/links").size();
            running.awaits(
                    "archived notes of more than two intervals",
                    () -> desk.files("sources/source/oplog/links").size() > links + 12);
            JsonNode ended = terminated(running);
            assertThat(ended.at("/seals/taken").asInt()).isOne();
            assertThat(ended.at("/seals/unneeded").asInt()).isPositive();
        }
        assertThat(desk.files(SEALS)).hasSize(1);
        // What is left out now was not then.
        try (Running running = follow("--seal-interval", "1s", "--exclude", "shop.other", "--output", "json")) {
            running.awaits("another seal", () -> desk.files(SEALS).size() == 2);
            terminated(running);
        }
    }

    @Test
    void theNewestSealOfTheStoreDecidesWhenTheNextIsDue() {
        desk.run("seal").ended(0);
        write(20_000, 1);
        try (Running running = follow("--seal-interval", "1h", "--output", "json")) {
            running.awaits(
                    "it archives",
                    () -> desk.files("sources/source/oplog/links").size() > 3);
            JsonNode ended = terminated(running);
            assertThat(ended.at("/seals/taken").asInt(-1)).isZero();
        }
        assertThat(desk.files(SEALS)).hasSize(1);
        assertThat(records("seal"))
                .as("not even one that was begun and stopped")
                .hasSize(1);
    }

    @Test
    void toStopEndsTheSealUnderWayAndLeavesNoHalfOfIt() {
        try (Running running = follow("--seal-interval", "1s", "--read-limit", "1kB/s", "--output", "json")) {
            running.awaits("a seal under way", () -> desk.openRuns().size() == 2);
            running.awaits("that waits for its turn", () -> running.err().contains(", sealing"));
            JsonNode ended = terminated(running);
            assertThat(ended.at("/seals/taken").asInt(-1)).isZero();
            assertThat(ended.at("/seals/failed").asInt(-1)).isZero();
        }
        assertThat(desk.files(SEALS)).isEmpty();
        assertThat(desk.openRuns()).isEmpty();
        assertThat(records("seal"))
                .singleElement()
                .satisfies(record ->
                        assertThat(record.at("/result/outcome").asString()).isEqualTo("ABORTED"));
        assertThat(records("oplog-archive").getLast().at("/result/outcome").asString())
                .isEqualTo("PASSED");
        requireArchiveIsTheOplog();
    }

    @Test
    void aSealThatFailsIsShownAndTheArchiveGoesOn() {
        try (Running running =
                follow("--seal-interval", "1s", "--exclude", "shop.orders,shop.other", "--output", "json")) {
            running.awaits("the alarm", () -> running.err().contains("warning: no seal was taken: source"));
            int links = desk.files("sources/source/oplog/links").size();
            running.awaits(
                    "more of the archive",
                    () -> desk.files("sources/source/oplog/links").size() > links + 2);
            JsonNode ended = terminated(running);
            assertThat(ended.at("/seals/failed").asInt()).isPositive();
            assertThat(ended.at("/seals/lastFailure").asString()).contains("holds no collection to back up");
        }
        // The first one; of the last it may be said that it was stopped.
        assertThat(records("seal").getFirst().at("/result/outcome").asString()).isEqualTo("FAILED");
        JsonNode archive = records("oplog-archive").getLast();
        assertThat(archive.at("/result/outcome").asString()).isEqualTo("PASSED");
        assertThat(archive.at("/notes/last-seal-failed").asString()).contains("holds no collection to back up");
    }

    private Running follow(String... more) {
        List<String> all = new ArrayList<>(
                List.of("oplog", "archive", "--slice-interval", "200ms", "--progress-interval", "200ms"));
        all.addAll(List.of(more));
        if (!all.contains("--fence-interval")) {
            all.addAll(List.of("--fence-interval", "300ms"));
        }
        return desk.start(all.toArray(String[]::new));
    }

    private static JsonNode terminated(Running running) {
        running.signal("TERM");
        assertThat(running.exitCode()).as(running.err()).isZero();
        return JsonMapper.shared().readTree(running.out());
    }

    private List<JsonNode> records(String kind) {
        return desk.records().stream()
                .map(Desk::record)
                .filter(record -> record.at("/run/kind").asString().equals(kind))
                .toList();
    }

    /** The records of seals, but for one that was under way when its archiver was asked to stop. */
    private List<JsonNode> sealed() {
        return records("seal").stream()
                .filter(record -> !record.at("/result/outcome").asString().equals("ABORTED"))
                .toList();
    }

    private static void write(int first, int count) {
        try (MongoClient client = source.client()) {
            for (String name : List.of("orders", "other")) {
                MongoCollection<Document> collection =
                        client.getDatabase("shop").getCollection(name);
                collection.insertMany(IntStream.range(first, first + count)
                        .mapToObj(i -> new Document("pad", "x".repeat(200)).append("i", i))
                        .toList());
            }
        }
    }

    private void requireArchiveIsTheOplog() {
        try (ObjectStore store = ObjectStores.directory(desk.store());
                MongoClient client = source.client()) {
            List<OplogTimeline> timelines = OplogArchiving.archive(store).timelines();
            assertThat(timelines).hasSize(1);
            List<RawBsonDocument> archived = OplogArchiving.entries(store, timelines.getFirst());
            List<RawBsonDocument> oplog = client.getDatabase("local")
                    .getCollection("oplog.rs", RawBsonDocument.class)
                    .find(new Document(
                            "ts",
                            new Document("$gte", timelines.getFirst().begin().timestamp())))
                    .sort(new Document("$natural", 1))
                    .into(new ArrayList<>());
            assertThat(archived).isNotEmpty().isEqualTo(oplog.subList(0, archived.size()));
        }
    }
}
