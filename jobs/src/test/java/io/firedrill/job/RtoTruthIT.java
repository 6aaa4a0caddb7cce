package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.mongodb.client.MongoClient;
import io.firedrill.evidence.Clocks;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.RunRecord;
import io.firedrill.mongo.Deployment;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.Fixtures;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import io.firedrill.testing.SteppedStore;
import io.firedrill.testing.SteppedStore.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The recovery time that is recorded, held against a stopwatch that knows nothing of phases, on real servers. */
class RtoTruthIT {
    private static final List<String> PHASES =
            List.of("guard", "check", "prepare", "load", "index", "verify", "judge", "cleanup");

    /** Whatever a phase may ask of the staging server, but for what the driver asks by itself. */
    private static final String COMMANDS =
            "['find', 'aggregate', 'getMore', 'insert', 'update', 'delete', 'create', 'drop',"
                    + " 'dropDatabase', 'createIndexes', 'listCollections', 'listDatabases', 'listIndexes', 'collMod', 'count']";

    private static final double DELAY = 6;

    private static MongodServer sourceServer;
    private static MongodServer stagingServer;
    private static Deployment source;
    private static Deployment staging;
    private static MongoClient admin;

    @TempDir
    private static Path directory;

    /** When each phase of the run at work had ended, by the key that it is about to be kept under: how long a disk takes is not told. */
    private final Map<String, Long> ends = new ConcurrentHashMap<>();

    private final AtomicReference<Runnable> afterPhase = new AtomicReference<>(() -> {});
    private final AtomicReference<Runnable> beforeRead = new AtomicReference<>(() -> {});
    private String awaited = "";
    private long begun;

    @BeforeAll
    static void start() {
        sourceServer = MongodServer.replicaSet("source");
        stagingServer = MongodServer.replicaSet("staging", "--setParameter", "enableTestCommands=1");
        source = sourceServer.deployment("source");
        staging = stagingServer.deployment("staging");
        admin = stagingServer.client();
        try (MongoClient client = sourceServer.client();
                ObjectStore store = ObjectStores.directory(directory);
                var recovery = new Recovery(store)) {
            Fixtures.everything(client);
            recovery.backup(source, 1);
        }
    }

    @AfterAll
    static void stop() {
        admin.close();
        source.close();
        staging.close();
        sourceServer.close();
        stagingServer.close();
    }

    private ObjectStore watched() {
        ObjectStore store = ObjectStores.directory(directory);
        return SteppedStore.after(
                new SteppedStore(store, (operation, key) -> {
                    if (operation == Operation.CREATE && isEnd(key)) {
                        ends.put(key.substring(key.lastIndexOf('/') + 1), System.nanoTime());
                    }
                    if (operation == Operation.READ && key.contains("/segments/")) {
                        beforeRead.getAndSet(() -> {}).run();
                    }
                }),
                this::ended);
    }

    private void ended(String key) {
        if (isEnd(key) && key.endsWith(awaited)) {
            afterPhase.getAndSet(() -> {}).run();
        }
    }

    private static boolean isEnd(String key) {
        return key.startsWith("runs/") && key.contains("-phase-");
    }

    private static String end(String phase) {
        return "-phase-%02d".formatted(PHASES.indexOf(phase) + 1);
    }

    private Ended drill(Clocks clocks, String runId) {
        ends.clear();
        try (ObjectStore store = watched();
                var recovery = new Recovery(store, clocks)) {
            // What it takes to set up a test is no part of a recovery.
            begun = System.nanoTime();
            Ended ended = recovery.drill(staging, "latest", runId);
            assertThat(ended.failure()).isNull();
            assertThat(ended.record().outcome()).isEqualTo(Outcome.PASSED);
            return ended;
        }
    }

    /** From before the run was known to anybody until its last phase before cleaning up was over. */
    private double stopwatch() {
        return (Objects.requireNonNull(ends.get("1" + end("judge"))) - begun) / 1e9;
    }

    private static double rto(RunRecord record) {
        return record.json().at("/measurement/rto/actualSeconds").asDouble();
    }

    private static Map<String, Double> phases(RunRecord record) {
        var seconds = new LinkedHashMap<String, Double>();
        for (JsonNode phase : record.json().at("/measurement/phases")) {
            seconds.put(phase.path("name").asString(), phase.path("seconds").asDouble());
        }
        assertThat(seconds.keySet()).containsExactlyElementsOf(PHASES);
        return seconds;
    }

    private static void assertAddsUp(RunRecord record) {
        JsonNode rto = record.json().at("/measurement/rto");
        double phases = rto.path("phasesSeconds").asDouble();
        double all = rto.path("actualSeconds").asDouble();
        assertThat(phases + rto.path("unattributedSeconds").asDouble()).isCloseTo(all, within(all / 100));
        double inside = phases(record).entrySet().stream()
                .filter(phase -> !phase.getKey().equals("cleanup"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
        assertThat(inside).isCloseTo(phases, within(all / 100));
    }

    private static void delayNextCommand(double seconds) {
        delayNext(COMMANDS, seconds);
    }

    private static void delayNext(String commands, double seconds) {
        admin.getDatabase("admin")
                .runCommand(Document.parse("{configureFailPoint: 'failCommand', mode: {times: 1}, data: {failCommands: "
                        + commands + ", blockConnection: true, blockTimeMS: " + (int) (seconds * 1_000) + "}}"));
    }

    @Test
    void thirtyDrillsTookWhatAStopwatchSays() {
        long seed = new SplittableRandom().nextLong();
        System.out.println("stopwatch: seed " + seed);
        var random = new SplittableRandom(seed);
        double worst = 0;
        for (int i = 1; i <= 30; i++) {
            delayNextCommand(random.nextDouble(1.5));
            RunRecord record = drill(Clocks.system(), "watched-" + i).record();
            assertTold(record);
            worst = Math.max(worst, Math.abs(rto(record) - stopwatch()));
        }
        System.out.printf("30 recovery times were at most %.0f ms off the stopwatch's%n", worst * 1_000);
    }

    /** Each delay begins when the phase before is over: it has to be found in its phase, and in no other. */
    @ParameterizedTest
    @CsvSource({"check, prepare", "prepare, load", "load, index", "index, verify", "verify, judge", "judge, cleanup"})
    void aDelayIsBookedToThePhaseInWhichItWas(String before, String delayed) {
        awaited = end(before);
        afterPhase.set(() -> delayNextCommand(DELAY));
        assertBooked(delayed);
    }

    /** Before the first phase a drill looks whether it has to go on with cleaning, so it is not the next command at all. */
    @Test
    void aDelayOfTheFirstLookAtTheStagingIsBookedToTheGuard() {
        delayNext("['listDatabases']", DELAY);
        assertBooked("guard");
    }

    @Test
    void aDelayOfTheStoreIsBookedToTheCheckOfItsObjects() {
        awaited = end("guard");
        afterPhase.set(() -> beforeRead.set(() -> LockSupport.parkNanos((long) (DELAY * 1e9))));
        assertBooked("check");
    }

    private void assertBooked(String delayed) {
        RunRecord record = drill(Clocks.system(), "delayed-" + delayed).record();
        Map<String, Double> phases = phases(record);
        System.out.println("delay of 6 s in " + delayed + ": " + phases);
        assertThat(phases.remove(delayed)).isGreaterThanOrEqualTo(DELAY);
        assertThat(phases.values()).allMatch(seconds -> seconds < DELAY);
        assertTold(record);
    }

    private void assertTold(RunRecord record) {
        double watched = stopwatch();
        assertThat(rto(record)).isCloseTo(watched, within(Math.max(1, watched / 100)));
        assertAddsUp(record);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void aWallClockThatIsSetByAnHourChangesNothing(int hours) {
        var shift = new AtomicReference<>(Duration.ZERO);
        InstantSource wall = () -> Instant.now().plus(shift.get());
        awaited = end("prepare");
        afterPhase.set(() -> shift.set(Duration.ofHours(hours)));
        RunRecord record =
                drill(new Clocks(wall, System::nanoTime), "set-" + hours).record();
        assertThat(shift.get()).isEqualTo(Duration.ofHours(hours));
        assertTold(record);
        assertThat(phases(record).values()).allMatch(seconds -> seconds < TimeUnit.MINUTES.toSeconds(1));
    }
}
