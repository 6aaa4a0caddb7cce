package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import io.firedrill.archive.OplogLink;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.storage.StoreSettings;
import io.firedrill.testing.ExpositionReader;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.OplogArchiving;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code oplog archive} as a person runs it: stopped, killed, twice at once, late; and its word on the recovery point. */
class OplogArchiveIT {
    /** How often the archiver is killed; the full size is 50. */
    private static final int KILLS = Integer.getInteger("firedrill.archiver.kills", 3);

    /** How many recovery points are measured beside the archiver's own; the full size is 100. */
    private static final int FENCES = Integer.getInteger("firedrill.archiver.fences", 5);

    private static final Duration APART_MAX = Duration.ofSeconds(1);
    private static final String LINKS = "sources/source/oplog/links";
    private static final String[] FOLLOW = {"oplog", "archive", "--slice-interval", "300ms", "--fence-interval", "1s"};
    private static final String[] ONCE = {"oplog", "archive", "--once"};

    private static MongodServer source;

    @TempDir
    private Path directory;

    private Desk desk;

    @BeforeAll
    static void start() {
        // An oplog that is soon full, of which the server takes away what is too much after every checkpoint.
        source = MongodServer.replicaSet("source", "--oplogSize", "200", "--syncdelay", "1");
    }

    @AfterAll
    static void stop() {
        source.close();
    }

    @BeforeEach
    void sitDown() {
        desk = new Desk(directory, source, source);
    }

    @Test
    void aDryRunWritesNothing() {
        JsonNode drafted = desk.json("oplog", "archive", "--dry-run");
        assertThat(drafted.path("archivedTo").isNull()).isTrue();
        assertThat(drafted.path("oplogWindowSeconds").isNumber()).isTrue();
        assertThat(desk.files("sources")).isEmpty();
        assertThat(desk.run("oplog", "archive", "--dry-run").ended(0).out()).contains("a first timeline would begin");
    }

    @Test
    void whatFollowsEndsWellWhenItIsAskedToStopAndASecondOneIsRefused() {
        try (Running running = desk.start(FOLLOW)) {
            running.awaits("its first links", () -> links() > 3);
            assertThat(desk.run(ONCE).ended(20).err()).contains("lease 'oplog-source' is held by run");
            running.signal("TERM");
            assertThat(running.exitCode()).as(running.err()).isZero();
            assertThat(running.out()).contains("Archived to", "RPO", "Record");
        }
        JsonNode record = desk.lastRecord();
        assertThat(record.at("/run/kind").asString()).isEqualTo("oplog-archive");
        assertThat(record.at("/result/outcome").asString()).isEqualTo("PASSED");
        assertThat(record.at("/result/exitCode").asInt(-1)).isZero();
        assertThat(record.at("/notes").toString()).contains("rpo-measured", "oplog-window", "archive-entries");
        JsonNode on = desk.json(ONCE);
        assertThat(on.path("timeline").asInt()).isOne();
        assertThat(on.path("gaps").size()).isZero();
        requireChainEqualsOplog();
        requireStatusTells();
    }

    /** A window from the only backup to the end of the archive, and the warning that the small oplog deserves. */
    private void requireStatusTells() {
        assertThat(desk.json("status").at("/archives/0/windows").size()).isZero();
        try (MongoClient client = source.client()) {
            client.getDatabase("shop").getCollection("goods").insertOne(new Document("_id", 1));
        }
        JsonNode backup = desk.json("backup");
        desk.json(ONCE);
        JsonNode archive = desk.json("status", "--rpo-target", "1s").at("/archives/0");
        assertThat(archive.path("windows").size()).isOne();
        assertThat(archive.at("/windows/0/from")).isEqualTo(backup.path("consistencyPoint"));
        assertThat(archive.at("/windows/0/to")).isEqualTo(archive.path("archivedTo"));
        assertThat(archive.path("rpoSeconds").asDouble()).isPositive();
        assertThat(archive.path("rpoTargetSeconds").asDouble()).isOne();
        assertThat(archive.path("gaps").size()).isZero();
        assertThat(archive.path("oplogWindowSeconds").isNumber()).isTrue();
        requireMetricsTell(archive);
        List<Path> links = desk.files(LINKS);
        Path missing = links.get(links.size() / 2);
        try {
            Files.delete(missing);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
        assertThat(desk.run("status").ended(0).out()).contains("links are missing");
    }

    /** Prometheus is told what the status says of the archive. */
    private void requireMetricsTell(JsonNode archive) {
        String text = desk.run("metrics", "--rpo-target", "1s").ended(0).out();
        assertThat(ExpositionReader.read(text).samples())
                .containsEntry(
                        "firedrill_oplog_last_captured_timestamp_seconds{cluster=source}",
                        archive.at("/archivedTo/t").asDouble())
                .containsEntry(
                        "firedrill_last_recoverable_timestamp_seconds{cluster=source}",
                        archive.at("/windows/0/to/t").asDouble())
                .containsEntry(
                        "firedrill_first_recoverable_timestamp_seconds{cluster=source}",
                        archive.at("/windows/0/from/t").asDouble())
                .containsEntry(
                        "firedrill_rpo_actual_seconds{cluster=source}",
                        archive.path("rpoSeconds").asDouble())
                .containsEntry("firedrill_rpo_target_seconds{cluster=source}", 1.0)
                .containsEntry(
                        "firedrill_oplog_window_seconds{cluster=source}",
                        archive.path("oplogWindowSeconds").asDouble())
                .containsEntry("firedrill_oplog_window_wanted_seconds{cluster=source}", 7_200.0)
                .containsEntry("firedrill_oplog_gaps{cluster=source}", 0.0)
                .containsEntry("firedrill_run_exit_code{cluster=source, kind=oplog-archive}", 0.0);
    }

    @Test
    void killedAtAnyMomentUnderWritesItGoesOnWithNothingLostAndNothingTwice() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        try (MongoClient client = source.client();
                var writers = Executors.newSingleThreadScheduledExecutor()) {
            writeSteadily(writers, client);
            for (int kill = 0; kill < KILLS; kill++) {
                int links = links();
                // What one that was killed held stays where it is.
                List<Path> leases = desk.files("leases");
                try (Running running = desk.start(FOLLOW)) {
                    running.awaits("its lease", () -> holdsNoneOf(leases));
                    if (random.nextInt(4) > 0) {
                        running.awaits("a link", () -> links() > links);
                    }
                    assertThat(running.endsWithin(Duration.ofMillis(random.nextInt(1_200))))
                            .as("ended by itself, seed %d: %s", seed, running.err())
                            .isFalse();
                    assertThat(running.kill()).isEqualTo(128 + 9);
                }
            }
            writers.shutdown();
            assertThat(desk.json(ONCE).path("gaps").size()).isZero();
        }
        int entries = requireChainEqualsOplog();
        System.out.printf("%d kills, %d links, %d entries, seed %d%n", KILLS, links(), entries, seed);
    }

    @Test
    void theRecoveryPointThatIsReportedIsTheOneThatAStopwatchShows() {
        try (Running running = desk.start(FOLLOW)) {
            for (int fence = 1; fence <= FENCES; fence++) {
                int links = fence + 3;
                running.awaits("its samples", () -> links() > links);
            }
            running.signal("TERM");
            assertThat(running.exitCode()).as(running.err()).isZero();
        }
        List<OplogLink> samples =
                archive().stream().filter(link -> link.rpo().isPresent()).toList();
        Duration apart = Duration.ZERO;
        Duration slowest = Duration.ZERO;
        for (OplogLink link : samples) {
            Duration reported = link.rpo().orElseThrow();
            Duration measured = stopwatch(link);
            Duration difference = reported.minus(measured).abs();
            assertThat(difference)
                    .as("reported %s, measured %s", reported, measured)
                    .isLessThan(APART_MAX.plus(publishing(link)));
            apart = difference.compareTo(apart) > 0 ? difference : apart;
            slowest = measured.compareTo(slowest) > 0 ? measured : slowest;
        }
        System.out.printf(
                "%d recovery points, the slowest %s, reported and measured at most %s apart%n",
                samples.size(), slowest, apart);
        assertThat(samples).hasSizeGreaterThanOrEqualTo(FENCES);
    }

    @Test
    void anOplogThatHasRolledOverIsAGapThatEverybodyHearsOf() {
        desk.json(ONCE);
        OpTime last = archive().getLast().last();
        rollOver(last);

        List<String> once = new ArrayList<>(List.of(ONCE));
        once.addAll(List.of("--output", "json"));
        Desk.Answer late = desk.run(once.toArray(String[]::new)).ended(14);
        assertThat(late.json().path("timeline").asInt()).isEqualTo(2);
        assertThat(late.json().at("/gaps/0/reason").asString()).isEqualTo("rolled over");
        assertThat(late.json().at("/gaps/0/after/t").asLong()).isEqualTo(last.seconds());
        assertThat(late.err()).contains("GAP in the oplog archive, rolled over", "\"kind\":\"OPLOG_GAP\"");
        JsonNode record = desk.lastRecord();
        assertThat(record.at("/result/outcome").asString()).isEqualTo("FAILED");
        assertThat(record.at("/result/exitCode").asInt()).isEqualTo(14);
        assertThat(record.at("/verification/checks/0/detail").asString()).contains("nothing is known between");

        assertThat(desk.json(ONCE).path("timeline").asInt()).isEqualTo(2);
    }

    private static void rollOver(OpTime last) {
        try (MongoClient client = source.client()) {
            MongoCollection<Document> orders = client.getDatabase("shop").getCollection("waste");
            long deadline = System.nanoTime() + Duration.ofMinutes(15).toNanos();
            while (oldest(client).compareTo(last) <= 0) {
                assertThat(System.nanoTime())
                        .as("patience for the oplog to roll over")
                        .isLessThan(deadline);
                List<Document> waste = new ArrayList<>();
                for (int i = 0; i < 40; i++) {
                    waste.add(new Document("pad", "x".repeat(200_000)));
                }
                orders.insertMany(waste);
            }
            orders.drop();
        }
    }

    private static OpTime oldest(MongoClient client) {
        RawBsonDocument first = client.getDatabase("local")
                .getCollection("oplog.rs", RawBsonDocument.class)
                .find()
                .first();
        return OpTime.of(Objects.requireNonNull(first).getTimestamp("ts"));
    }

    /** About a thousand writes a second. */
    private static void writeSteadily(ScheduledExecutorService writers, MongoClient client) {
        MongoCollection<Document> orders = client.getDatabase("shop").getCollection("orders");
        var _ = writers.scheduleAtFixedRate(
                () -> {
                    List<Document> ten = new ArrayList<>();
                    for (int i = 0; i < 10; i++) {
                        ten.add(new Document("pad", "x".repeat(300)));
                    }
                    orders.insertMany(ten);
                },
                0,
                10,
                TimeUnit.MILLISECONDS);
    }

    /** Whether somebody holds a lease, and none of these. */
    private boolean holdsNoneOf(List<Path> leases) {
        List<Path> now = desk.files("leases");
        return !now.isEmpty() && !leases.contains(now.getLast()) && desk.isLocked();
    }

    private int links() {
        return desk.files(LINKS).size();
    }

    private ObjectStore store() {
        return ObjectStores.open(
                new StoreSettings(desk.store().toUri().toString(), Optional.empty(), Optional.empty()));
    }

    private List<OplogLink> archive() {
        try (ObjectStore store = store()) {
            return OplogArchiving.archive(store).timelines().stream()
                    .flatMap(timeline -> OplogArchiving.archive(store).links(timeline).stream())
                    .toList();
        }
    }

    /** From when the server wrote our first note in a link, by its clock, to when the file system had the link in its place, by its own. */
    private Duration stopwatch(OplogLink link) {
        var span = new Document("$gt", link.after().timestamp())
                .append("$lte", link.last().timestamp());
        Path file = desk.files(LINKS).get((int) link.number() - 1);
        try (MongoClient client = source.client()) {
            // Not the notes by which it asks for the history: they are no samples.
            String run = desk.lastRecord().at("/run/runId").asString();
            Document note = client.getDatabase("local")
                    .getCollection("oplog.rs")
                    .find(new Document("ts", span).append("o.firedrill", run))
                    .first();
            return Duration.between(
                    Objects.requireNonNull(note).getDate("wall").toInstant(),
                    ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant());
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** From when the file had its bytes until it had its name for good, by the file system's own word: what a disk takes of a busy machine. */
    private Duration publishing(OplogLink link) {
        Path file = desk.files(LINKS).get((int) link.number() - 1);
        try {
            return Duration.between(
                    Files.getLastModifiedTime(file).toInstant(),
                    ((FileTime) Files.getAttribute(file, "unix:ctime")).toInstant());
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private int requireChainEqualsOplog() {
        try (ObjectStore store = store();
                MongoClient client = source.client()) {
            List<OplogTimeline> timelines = OplogArchiving.archive(store).timelines();
            assertThat(timelines).hasSize(1);
            OplogTimeline timeline = timelines.getFirst();
            List<RawBsonDocument> archived = OplogArchiving.entries(store, timeline);
            List<RawBsonDocument> oplog = client.getDatabase("local")
                    .getCollection("oplog.rs", RawBsonDocument.class)
                    .find(new Document(
                            "ts", new Document("$gte", timeline.begin().timestamp())))
                    .sort(new Document("$natural", 1))
                    .into(new ArrayList<>());
            assertThat(archived.size()).isBetween(1, oplog.size());
            for (int i = 0; i < archived.size(); i++) {
                assertThat(archived.get(i))
                        .as("entry %d of %d", i, archived.size())
                        .isEqualTo(oplog.get(i));
            }
            return archived.size();
        }
    }
}
