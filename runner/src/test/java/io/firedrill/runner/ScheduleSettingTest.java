package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.Schedule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What should run, as people write it. */
class ScheduleSettingTest {
    private GivenSettings given = new GivenSettings(Path.of(""));

    @BeforeEach
    void begin(@TempDir Path directory) {
        given = new GivenSettings(directory);
    }

    private Schedule schedule(String text) {
        given.environment.put("FIREDRILL_SCHEDULE", text);
        return given.read().schedule().orElseThrow();
    }

    @Test
    void entriesAreKindsAndExpressionsWithSemicolonsBetween() {
        assertThat(schedule(" backup  0 2 * * * ;restore-drill 0 4 * * 1;").entries())
                .containsExactly(
                        new Schedule.Entry(RunKind.BACKUP, "0 2 * * *"),
                        new Schedule.Entry(RunKind.DRILL, "0 4 * * 1"));
        assertThat(schedule("off").entries()).isEmpty();
    }

    @Test
    void itIsOfTheSourceThatIsNamed() {
        assertThat(schedule("off").source()).isEmpty();
        given.environment.put("FIREDRILL_SOURCE_NAME", "orders");
        assertThat(schedule("off").source()).isEqualTo("orders");
        given.environment.remove("FIREDRILL_SCHEDULE");
        assertThat(given.read().schedule()).isEmpty();
    }

    @Test
    void inTheFileItMayBeAList() throws IOException {
        Files.writeString(
                given.directory.resolve("firedrill.yaml"),
                "schedule:\n  - backup 0 2,14 * * *\n  - prune 30 5 * * *\nschedule-grace: 2h\n");
        assertThat(given.read().schedule().orElseThrow().entries())
                .containsExactly(
                        new Schedule.Entry(RunKind.BACKUP, "0 2,14 * * *"),
                        new Schedule.Entry(RunKind.PRUNE, "30 5 * * *"));
        assertThat(given.read().due().grace()).hasHours(2);
    }

    @ParameterizedTest
    @CsvSource({
        "backup, 'must have a cron expression of five fields in each entry, not '''''",
        "backup 0 2 * *, 'must have a cron expression of five fields in each entry, not ''0 2 * *'''",
        "backup 61 2 * * *, 'must have a cron expression of five fields in each entry, not ''61 2 * * *'''",
        "drill 0 2 * * *, 'must name a kind of run in each entry (backup, restore-drill, verify, prune, oplog-archive, seal, oplog-compact, migrations-rehearse, evidence-reconcile), not ''drill'''",
        "missed 0 2 * * *, 'must name a kind of run in each entry (backup, restore-drill, verify, prune, oplog-archive, seal, oplog-compact, migrations-rehearse, evidence-reconcile), not ''missed'''",
        "';', 'must be entries of a kind and a cron expression, or off'"
    })
    void whatIsNoScheduleIsNamedWithItsOriginAndAnExample(String text, String rule) {
        given.environment.put("FIREDRILL_SCHEDULE", text);
        assertThat(given.failure().text())
                .isEqualTo("schedule is '%s' (environment variable FIREDRILL_SCHEDULE) but %s".formatted(text, rule));
        assertThat(given.failure().hint())
                .isEqualTo("Give, for example, --schedule 'backup 0 2 * * *; restore-drill 0 4 * * 1'.");
    }
}
