package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.firedrill.evidence.LargeLedger;
import io.firedrill.evidence.QuarterLedger;
import io.firedrill.storage.Holder;
import io.firedrill.storage.Lease;
import io.firedrill.storage.Leases;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.ExpositionReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What Prometheus is told, held against what status says of the same store. */
class MetricsCommandTest {
    private static final int DAYS = 5;
    private static final String ORDERS = "{cluster=orders}";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private RealCall call = new RealCall(Path.of("."));

    @BeforeEach
    void begin() {
        call = new RealCall(directory);
    }

    private void filled() {
        var _ = new LargeStore(call.store(), DAYS).make();
    }

    private Map<String, Double> metrics(String... options) {
        call.succeed(Stream.concat(Stream.of("metrics"), Arrays.stream(options)).toArray(String[]::new));
        return ExpositionReader.read(call.out()).samples();
    }

    private JsonNode json(String... arguments) {
        call.succeed(Stream.concat(Stream.of(arguments), Stream.of("--output", "json"))
                .toArray(String[]::new));
        return JsonMapper.shared().readTree(call.out());
    }

    private static double unix(JsonNode text) {
        return Instant.parse(text.asString()).toEpochMilli() / 1e3;
    }

    @Test
    void theFiguresAreThoseOfTheStatus() {
        filled();
        Map<String, Double> told = metrics("--rpo-target", "1h");
        JsonNode status = json("status", "--rpo-target", "1h");
        double now = InstantSource.system().millis() / 1e3;
        assertThat(told)
                .containsEntry("firedrill_status" + ORDERS, 2.0)
                .containsEntry(
                        "firedrill_backup_last_success_timestamp_seconds" + ORDERS,
                        unix(status.at("/lastBackup/createdAt")))
                .containsEntry(
                        "firedrill_backup_size_bytes" + ORDERS,
                        status.at("/lastBackup/bytesRaw").asDouble())
                .containsEntry("firedrill_drill_last_run_timestamp_seconds" + ORDERS, unix(status.at("/lastDrill/at")))
                .containsEntry("firedrill_drill_success" + ORDERS, 1.0)
                .containsEntry(
                        "firedrill_rto_actual_seconds" + ORDERS,
                        status.at("/lastDrill/rto/actualSeconds").asDouble())
                .containsEntry(
                        "firedrill_last_recoverable_timestamp_seconds" + ORDERS, unix(status.at("/recoverable/at")))
                .containsEntry("firedrill_rpo_target_seconds" + ORDERS, 3_600.0)
                .containsEntry("firedrill_evidence_records{}", (double) DAYS * LargeLedger.RECORDS_A_DAY);
        assertThat(status.path("state").asString()).isEqualTo("FAILING");
        assertThat(now - told.getOrDefault("firedrill_verified_recovery_point_timestamp_seconds" + ORDERS, 0.0))
                .isCloseTo(status.at("/lastProven/ageSeconds").asDouble(), within(60.0));
        assertThat(told.get("firedrill_metrics_timestamp_seconds{}")).isCloseTo(now, within(60.0));
    }

    @Test
    void theScheduleIsThatOfTheStatusToo() {
        filled();
        Map<String, Double> told = metrics();
        JsonNode schedule = json("status").path("schedule");
        assertThat(schedule).hasSize(2);
        for (JsonNode due : schedule) {
            String of = "{cluster=orders, kind=" + due.path("kind").asString();
            assertThat(told)
                    .containsEntry("firedrill_schedule_expected_interval_seconds" + of + "}", 86_400.0)
                    .containsEntry("firedrill_schedule_last_run_missed" + of + "}", 0.0)
                    .containsEntry("firedrill_missed_runs" + of + ", recorded=no}", 0.0)
                    .containsEntry("firedrill_missed_runs" + of + ", recorded=yes}", 0.0);
        }
    }

    /** Monday to Friday: the weekend is no reason to alert. */
    @Test
    void theIntervalIsTheLongestThatTheScheduleAllows() {
        filled();
        Map<String, Double> told =
                metrics("--schedule", "backup 0 2 * * 1-5; backup 0 14 * * 1-5; verify 30 3 1 * *; prune 0 1 29 2 *");
        String name = "firedrill_schedule_expected_interval_seconds{cluster=orders, kind=";
        assertThat(told)
                .containsEntry(name + "backup}", 60 * 3_600.0)
                .containsEntry(name + "verify}", 31 * 86_400.0)
                .doesNotContainKey("firedrill_schedule_last_run_missed{cluster=orders, kind=verify}");
        assertThat(told.get(name + "prune}")).isGreaterThanOrEqualTo(1_460 * 86_400.0);
    }

    @Test
    void whatWasMissedIsCountedWhetherOnRecordOrNot() throws IOException {
        filled();
        for (long seq = (DAYS - 2) * LargeLedger.RECORDS_A_DAY + 1; ; seq++) {
            Path record = call.store().resolve("evidence/default/%012d.dsse.json".formatted(seq));
            if (!Files.deleteIfExists(record)) {
                break;
            }
            Files.delete(call.store().resolve("evidence/default/checkpoints/%012d.dsse.json".formatted(seq)));
        }
        Map<String, Double> told = metrics();
        JsonNode missed = json("status").path("missed");
        double sum = told.entrySet().stream()
                .filter(sample -> sample.getKey().matches("firedrill_missed_runs\\{.*recorded=no}"))
                .mapToDouble(Map.Entry::getValue)
                .sum();
        assertThat(missed).isNotEmpty();
        assertThat(sum).isEqualTo(missed.size());
        assertThat(told)
                .containsEntry("firedrill_schedule_last_run_missed{cluster=orders, kind=backup}", 1.0)
                .containsEntry("firedrill_status" + ORDERS, 2.0);
    }

    @Test
    void backupsAreCountedByTheirState() {
        filled();
        Map<String, Double> told = metrics();
        assertThat(json("backups").path("backups")).hasSize(DAYS);
        assertThat(told)
                .containsEntry("firedrill_backups{cluster=orders, state=proven}", (double) DAYS)
                .containsEntry("firedrill_backups{cluster=orders, state=sealed}", 0.0)
                .containsEntry("firedrill_backups{cluster=orders, state=unfinished}", 0.0);
        double oldest = json("backups")
                .path("backups")
                .valueStream()
                .mapToDouble(line -> line.at("/consistencyPoint/t").asDouble())
                .min()
                .orElseThrow();
        assertThat(told).containsEntry("firedrill_first_recoverable_timestamp_seconds" + ORDERS, oldest);
    }

    @Test
    void whatWasNeverMeasuredIsAbsent() {
        assertThat(metrics())
                .containsOnlyKeys("firedrill_metrics_timestamp_seconds{}", "firedrill_evidence_records{}")
                .containsEntry("firedrill_evidence_records{}", 0.0);
        assertThat(metrics("--source-name", "orders"))
                .containsEntry("firedrill_status" + ORDERS, 2.0)
                .doesNotContainKeys(
                        "firedrill_backup_last_success_timestamp_seconds" + ORDERS,
                        "firedrill_drill_success" + ORDERS,
                        "firedrill_rpo_target_seconds" + ORDERS,
                        "firedrill_verified_recovery_point_timestamp_seconds" + ORDERS,
                        "firedrill_lock_held_since_timestamp_seconds" + ORDERS);
        filled();
        assertThat(metrics().keySet()).noneMatch(name -> name.contains("oplog") || name.contains("rpo"));
    }

    @Test
    void aLockIsTimedWhileSomebodyHoldsIt() {
        filled();
        Instant since =
                InstantSource.system().instant().truncatedTo(ChronoUnit.SECONDS).minusSeconds(30);
        try (ObjectStore store = ObjectStores.directory(call.store())) {
            var leases = new Leases(store, InstantSource.system(), System::nanoTime, Duration.ofMinutes(5));
            try (Lease held = leases.acquire("backup-orders", Holder.ofThisProcess("run-1", "BACKUP", since))) {
                held.check();
                assertThat(metrics()).containsEntry("firedrill_lock_held_since_timestamp_seconds" + ORDERS, (double)
                        since.getEpochSecond());
                assertThat(json("status").path("lockHolder").asString()).contains(since.toString());
            }
        }
        assertThat(metrics()).doesNotContainKey("firedrill_lock_held_since_timestamp_seconds" + ORDERS);
    }

    @Test
    void anotherSourcesRunsAreNotOurs() {
        filled();
        assertThat(metrics("--source-name", "elsewhere").keySet())
                .contains("firedrill_status{cluster=elsewhere}")
                .noneMatch(name -> name.matches("firedrill_(drill|phase|rto|verified).*"))
                .noneMatch(name -> name.matches("firedrill_run.*kind=(backup|restore-drill|verify)}"));
        assertThat(json("status", "--source-name", "elsewhere")
                        .path("lastDrill")
                        .isNull())
                .isTrue();
    }

    /** Three drills: well, refuted, well; then names that were made to break the format. */
    @Test
    void theLastDrillTellsItsPhasesAndChecks() throws IOException {
        var ledger = new QuarterLedger(ObjectStores.directory(call.store()));
        var seconds = new ArrayList<Double>();
        for (int day = 1; day < 4; day++) {
            ledger.at(day, 2);
            String backup = ledger.backup(day);
            ledger.at(day, 5);
            ledger.drill(day, backup, day == 2 ? "verification" : "")
                    .rtoSeconds()
                    .ifPresent(seconds::add);
        }
        withoutManifests();
        Map<String, Double> told = metrics("--source-name", "shop");
        assertThat(told)
                .containsEntry("firedrill_drill_success{cluster=shop}", 1.0)
                .containsEntry("firedrill_rto_target_seconds{cluster=shop}", 900.0)
                .containsEntry("firedrill_verification_checks{cluster=shop, result=passed}", 1.0)
                .containsEntry("firedrill_verification_checks{cluster=shop, result=failed}", 0.0)
                .containsEntry("firedrill_phase_duration_seconds{cluster=shop, phase=select}", 2.5)
                .containsEntry("firedrill_phase_duration_seconds{cluster=shop, phase=cleanup}", 9.0)
                .containsEntry("firedrill_run_exit_code{cluster=shop, kind=restore-drill}", 0.0)
                .doesNotContainKey("firedrill_rto_median_seconds{cluster=shop}");

        ledger.saying("\"} 1\nfiredrill_status{cluster=\"x\\");
        ledger.at(4, 2);
        String backup = ledger.backup(4);
        ledger.at(4, 5);
        seconds.add(ledger.drill(4, backup, "").rtoSeconds().orElseThrow());
        ledger.at(5, 5);
        seconds.add(ledger.drill(4, backup, "").rtoSeconds().orElseThrow());
        assertThat(seconds).hasSize(4);
        Collections.sort(seconds);
        withoutManifests();
        Map<String, Double> hostile = metrics("--source-name", "shop");
        assertThat(hostile.keySet())
                .filteredOn(name -> name.startsWith("firedrill_status"))
                .hasSize(1);
        assertThat(hostile)
                .containsKey(
                        "firedrill_phase_duration_seconds{cluster=shop, phase=verify\"} 1\\u{a}firedrill_status{cluster=\"x\\}");
        assertThat(hostile.get("firedrill_rto_median_seconds{cluster=shop}"))
                .as("of four: between the two in the middle")
                .isEqualTo((seconds.get(1) + seconds.get(2)) / 2);

        ledger.at(6, 5);
        ledger.drill(4, backup, "verification");
        withoutManifests();
        Map<String, Double> refuted = metrics("--source-name", "shop");
        assertThat(refuted)
                .containsEntry("firedrill_drill_success{cluster=shop}", 0.0)
                .containsEntry("firedrill_verification_checks{cluster=shop, result=failed}", 1.0)
                .containsEntry("firedrill_run_exit_code{cluster=shop, kind=restore-drill}", 11.0)
                .containsKey("firedrill_rto_median_seconds{cluster=shop}")
                .doesNotContainKey("firedrill_rto_actual_seconds{cluster=shop}");
    }

    /** Those of this ledger are none that can be read. */
    private void withoutManifests() throws IOException {
        try (Stream<Path> files = Files.walk(call.store().resolve("sources"))) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void programsGetADocument() {
        filled();
        JsonNode document = json("metrics");
        var told = new TreeMap<String, Double>();
        document.path("samples")
                .valueStream()
                .filter(sample ->
                        sample.path("labels").path("cluster").asString("").equals("orders"))
                .forEach(sample -> told.put(
                        sample.path("name").asString(), sample.path("value").asDouble()));
        assertThat(told).containsEntry("firedrill_status", 0.0).containsEntry("firedrill_drill_success", 1.0);
        assertThat(document.path("schemaVersion").asInt()).isEqualTo(1);
    }
}
