package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.runner.Moments.Moment;
import io.firedrill.runner.Moments.Span;
import io.firedrill.testing.MongodServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * {@code kill -9} of the command line at random moments of its work, and a restart. A moment counts when the run had begun
 * to write and had not ended.
 */
class KilledRunIT {
    private static final int KILLS = 20;
    private static final int TRIES_MAX = 3 * KILLS;
    private static final String[] BACKUP = {"backup"};
    private static final String[] RESTORE = {"restore", "--confirm", "practice"};

    private static final String LEASE = "20m";

    /** Half of a lease: a restart that waited for one to run out would take longer. */
    private static final Duration RESTART_MAX = Duration.ofMinutes(10);

    private static MongodServer source;
    private static MongodServer staging;
    private static Map<String, String> hashes = Map.of();

    @TempDir
    Path directory;

    private final long seed = System.nanoTime();
    private final Map<String, Integer> hits = new LinkedHashMap<>();
    private int tries;

    @BeforeAll
    static void start() {
        source = MongodServer.replicaSet("orders");
        staging = MongodServer.replicaSet("practice");
        LargeShop.fill(source);
        hashes = LargeShop.hashes(source);
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
    }

    @Test
    void aBackupKilledAtAnyMomentIsWholeOrNotThereAndEndsWholeAfterARestart() {
        var moments = new Moments(seed, KILLS, uncut(desk("uncut"), BACKUP));
        while (moments.areLeft()) {
            Desk desk = desk("try-" + tries);
            if (killed(desk, moments, BACKUP)) {
                requireSealedMeansWhole(desk);
                JsonNode backup = restarted(desk, BACKUP);
                assertThat(backup.path("state").asString()).isEqualTo("sealed");
                requireSealedMeansWhole(desk);
                if (tries % 5 == 0) {
                    requireEqualAfterRestore(desk);
                }
            }
        }
        report("backup");
    }

    @Test
    void aRestoreKilledAtAnyMomentEndsEqualAfterARestart() {
        Desk desk = desk("desk");
        desk.run(BACKUP).ended(0);
        var moments = new Moments(seed, KILLS, uncut(desk, RESTORE));
        clean(desk);
        while (moments.areLeft()) {
            if (killed(desk, moments, RESTORE)) {
                JsonNode restore = restarted(desk, RESTORE);
                assertThat(restore.path("outcome").asString()).as(where()).isEqualTo("PASSED");
                assertThat(LargeShop.hashes(staging)).as(where()).isEqualTo(hashes);
            }
            clean(desk);
        }
        report("restore");
    }

    private Desk desk(String name) {
        return new Desk(directory.resolve(name), source, staging).with("FIREDRILL_LEASE", LEASE);
    }

    /** How long a run writes that nobody disturbs. */
    private static Span uncut(Desk desk, String... command) {
        try (Running running = desk.start(command)) {
            running.awaits("it writes", desk::isLocked);
            long began = System.nanoTime();
            running.awaits("its first phase", () -> hasBegunToWork(running));
            long worked = System.nanoTime();
            running.awaits(
                    "its record", () -> !desk.isLocked() && desk.openRuns().isEmpty());
            var span = new Span(Duration.ofNanos(worked - began), Duration.ofNanos(System.nanoTime() - worked));
            assertThat(running.exitCode()).as(running.err()).isZero();
            System.out.printf("%s uncut: %s%n", command[0], span);
            return span;
        }
    }

    private static boolean hasBegunToWork(Running running) {
        return !running.phasesEnded().isEmpty();
    }

    /** Whether the kill came in the midst of the work. */
    private boolean killed(Desk desk, Moments moments, String... command) {
        assertThat(++tries).as("tries with seed %d", seed).isLessThan(TRIES_MAX);
        try (Running running = desk.start(command)) {
            Moment moment = moments.next();
            running.awaits("the moment", moment.inWork() ? () -> hasBegunToWork(running) : desk::isLocked);
            boolean ended = running.endsWithin(moment.after());
            int code = running.kill();
            if (ended || (!desk.isLocked() && desk.openRuns().isEmpty())) {
                moments.missed();
                return false;
            }
            assertThat(code).as(running.err()).isEqualTo(128 + 9);
            List<String> phases = running.phasesEnded();
            hits.merge(phases.isEmpty() ? "start" : "after " + phases.getLast(), 1, Integer::sum);
            moments.hit();
            return true;
        }
    }

    private JsonNode restarted(Desk desk, String... command) {
        long began = System.nanoTime();
        JsonNode answer = desk.json(command);
        assertThat(Duration.ofNanos(System.nanoTime() - began)).as(where()).isLessThan(RESTART_MAX);
        assertThat(desk.openRuns()).as(where()).isEmpty();
        assertThat(desk.isLocked()).as(where()).isFalse();
        return answer;
    }

    private void requireSealedMeansWhole(Desk desk) {
        for (JsonNode line : desk.json("backups").path("backups")) {
            if (!line.path("state").asString().equals("unfinished")) {
                JsonNode verified =
                        desk.json("verify", "--backup", line.path("backupId").asString());
                assertThat(verified.path("outcome").asString()).as(where()).isEqualTo("PASSED");
            }
        }
    }

    private void requireEqualAfterRestore(Desk desk) {
        desk.run(RESTORE).ended(0);
        assertThat(LargeShop.hashes(staging)).as(where()).isEqualTo(hashes);
        clean(desk);
    }

    private static void clean(Desk desk) {
        desk.run("staging", "clean", "--confirm", "practice").ended(0);
    }

    private String where() {
        return "try %d with seed %d, kills so far %s".formatted(tries, seed, hits);
    }

    private void report(String command) {
        System.out.printf("%s: %d kills in %d tries, %s, seed %d%n", command, KILLS, tries, hits, seed);
        assertThat(hits.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(KILLS);
    }
}
