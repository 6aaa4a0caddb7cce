package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.Clocks;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.Schedule;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Missed runs from the command line, in a ledger whose schedule was recorded days ago. */
class ReconcileCommandTest {
    /** Half a day from now: no run of a test is one that the schedule waits for. */
    private final String daily = "0 %d * * *"
            .formatted(
                    (InstantSource.system().instant().atOffset(ZoneOffset.UTC).getHour() + 12) % 24);

    private final String nightly = "backup " + daily;
    private static final int DAYS = 3;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private RealCall call = new RealCall(Path.of("."));

    @BeforeEach
    void begin() {
        call = new RealCall(directory)
                .with("FIREDRILL_SOURCE_URI", "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=50")
                .with("FIREDRILL_OPERATOR", "ada")
                .with("FIREDRILL_SCHEDULE", nightly);
    }

    private static Clocks daysAgo(long days) {
        return LongAgo.at(
                InstantSource.system().instant().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(days)));
    }

    private void recordScheduleDaysAgo() {
        LongAgo.recordSchedule(
                call, directory, daysAgo(DAYS).now(), new Schedule.Entry(RunKind.BACKUP, daily), Duration.ofHours(1));
    }

    private JsonNode json(String... arguments) {
        call.succeed(Stream.concat(Stream.of(arguments), Stream.of("--output", "json"))
                .toArray(String[]::new));
        return JsonMapper.shared().readTree(call.out());
    }

    @Test
    void whatWasMissedIsToldByVerifyUntilItIsOnRecord() {
        recordScheduleDaysAgo();
        RealCall.Told told = call.fail(15, "evidence", "verify");
        assertThat(told.message()).contains("scheduled runs missed and not recorded: backup, due ");
        assertThat(told.hint()).contains("firedrill evidence reconcile");
        assertThat(call.out()).contains("SOUND  ledger default").containsPattern("backup +0 of [345] scheduled runs");

        JsonNode planned = json("evidence", "reconcile", "--dry-run");
        assertThat(planned.path("dryRun").asBoolean()).isTrue();
        assertThat(planned.path("missed")).hasSizeBetween(DAYS, DAYS + 1);
        call.fail(15, "evidence", "verify");

        JsonNode recorded = json("evidence", "reconcile");
        assertThat(recorded.path("missed")).hasSize(planned.path("missed").size());
        assertThat(recorded.path("checkpoint").asString()).isNotEmpty();
        assertThat(recorded.path("schedule").isNull()).isTrue();
        JsonNode verified = json("evidence", "verify");
        assertThat(verified.at("/population/0/kind").asString()).isEqualTo("backup");
        assertThat(verified.at("/population/0/missed").asInt())
                .isEqualTo(planned.path("missed").size());
        assertThat(verified.at("/missed/0/record").asString()).startsWith("evidence/default/");
        assertThat(json("evidence", "list", "--kind", "missed").path("records"))
                .hasSize(planned.path("missed").size());
        call.succeed("evidence", "verify");
        assertThat(call.out()).contains("Missed      backup, due ", ": evidence/default/0000000000");
    }

    /** The report has what was missed from its own look at the store, before anybody has reconciled, and the same after it. */
    @Test
    void aReportListsWhatWasMissedBeforeAndAfterItIsOnRecord() throws IOException {
        recordScheduleDaysAgo();
        LocalDate today = LocalDate.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC);
        String period = "%s/%s".formatted(today.minusDays(DAYS), today);
        JsonNode open = report(period, "before");
        assertThat(open.path("unrecorded")).hasSizeBetween(DAYS, DAYS + 1);
        assertThat(open.at("/unrecorded/0/words").asString())
                .matches("due .*T\\d\\d:00:00Z, no record; run 'firedrill evidence reconcile'");
        assertThat(open.path("missed")).isEmpty();
        assertThat(open.path("lead").asString()).contains("missed slots without a record");
        call.succeed("evidence", "reconcile");
        JsonNode recorded = report(period, "after");
        assertThat(recorded.path("unrecorded")).isEmpty();
        assertThat(recorded.path("missed")).hasSameSizeAs(open.path("unrecorded"));
        assertThat(recorded.at("/missed/0/due")).isEqualTo(open.at("/unrecorded/0/due"));
    }

    private JsonNode report(String period, String folder) throws IOException {
        Path out = directory.resolve(folder);
        call.succeed("report", "--period", period, "--format", "json", "--out", out.toString());
        return JsonMapper.shared().readTree(Files.readString(out.resolve("report.json")));
    }

    @Test
    void doingItAgainRecordsNothing() {
        recordScheduleDaysAgo();
        call.succeed("evidence", "reconcile");
        assertThat(call.out()).contains("reconciled  ledger default", "Missed      backup, due ");
        call.succeed("evidence", "reconcile");
        assertThat(call.out()).contains("Nothing     to record: what was due began, and what began has its record");
        call.succeed("evidence", "reconcile", "--dry-run");
        assertThat(call.out()).contains("dry run  ledger default; nothing was written");
    }

    @Test
    void aScheduleCountsFromWhenItIsFirstRecorded() {
        call.fail(40, "backup");
        assertThat(json("evidence", "verify").path("notes").toString())
                .contains("the schedule that is set is not the one that was recorded last");
        JsonNode first = json("evidence", "reconcile");
        assertThat(first.at("/schedule/0").asString()).isEqualTo(nightly);
        assertThat(first.path("missed")).isEmpty();
        call.succeed("evidence", "verify");
        call.with("FIREDRILL_SCHEDULE", "off");
        call.succeed("evidence", "reconcile");
        assertThat(call.out()).contains("Schedule    nothing is scheduled any more");
    }

    @Test
    void aRunThatDiedIsClosedAndOneThatMayGoOnIsShown() {
        recordScheduleDaysAgo();
        try (ObjectStore store = ObjectStores.directory(call.store())) {
            Clocks clocks = daysAgo(1);
            RunLog.begin(store, clocks, LongAgo.start(RunKind.VERIFY, clocks));
            RunLog.begin(store, Clocks.system(), LongAgo.start(RunKind.RESTORE, Clocks.system()));
        }
        JsonNode planned = json("evidence", "reconcile", "--dry-run");
        assertThat(planned.at("/aborted/0/kind").asString()).isEqualTo("verify");
        assertThat(planned.at("/aborted/0/record").asString()).isEmpty();
        JsonNode recorded = json("evidence", "reconcile");
        assertThat(recorded.path("aborted")).hasSize(1);
        assertThat(recorded.at("/aborted/0/record").asString()).isNotEmpty();
        assertThat(recorded.path("open")).hasSize(1);
        assertThat(json("evidence", "reconcile").path("aborted")).isEmpty();
        assertThat(json("evidence", "list", "--kind", "verify")
                        .at("/records/0/verdict")
                        .asString())
                .isEqualTo("ABORTED");
    }

    @Test
    void whoeverHasNotTheKeyRecordsNothing() {
        recordScheduleDaysAgo();
        call.with("FIREDRILL_STATE_DIR", directory.resolve("another").toString());
        call.fail(43, "evidence", "reconcile");
        call.fail(15, "evidence", "verify");
    }

    @Test
    void aFaultOfTheLedgerGoesBeforeWhatWasMissed() throws IOException {
        recordScheduleDaysAgo();
        Files.delete(call.store().resolve("evidence/default/checkpoints/000000000001.dsse.json"));
        call.fail(12, "evidence", "verify");
    }
}
