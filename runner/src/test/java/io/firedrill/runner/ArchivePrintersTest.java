package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What people and programs read of an archive of the oplog. */
class ArchivePrintersTest {
    private static final ConsistencyPoint FROM = new ConsistencyPoint(1_795_310_000L, 1);
    private static final ConsistencyPoint TO = new ConsistencyPoint(1_795_317_300L, 4);
    private static final ArchiveResult.Gap GAP =
            new ArchiveResult.Gap("rolled over", FROM, TO, 2, Instant.parse("2026-11-22T03:15:00Z"));

    @Test
    void aRunReadsWell() {
        assertThat(text(printer -> printer.archive(FakeOperations.archived(List.of(GAP)))))
                .isEqualToNormalizingNewlines("""
                        Source      orders
                        Archived to 1795317300,4 (2026-11-22T03:15:00Z), timeline 2
                        Entries     12,345 (1.0 MiB) in 6 slices, 1m01s
                        RPO         median 5.1s, p95 9.9s, max 10s of 60 samples
                        GAP         rolled over: nothing is known between 1795310000,1 (2026-11-22T01:13:20Z) and 1795317300,4 (2026-11-22T03:15:00Z)
                        Oplog       reaches back 1h30m: WARNING, that is less than twice the archive-outage-budget
                        Seals       3 taken (2.4 GiB in 38s), 1 unneeded, WARNING, 2 failed: the source did not answer
                        Record      evidence/default/000000000013.json
                        Report      /state/reports/13.html
                        """);
    }

    @Test
    void aGapDecidesTheExitCodeAndNoGapDoesNot() {
        Judgement.of(FakeOperations.archived(List.of()));
        assertThatThrownBy(() -> Judgement.of(FakeOperations.archived(List.of(GAP))))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(FailureKind.OPLOG_GAP))
                .hasMessageContaining("1 gap in the oplog archive of 'orders'");
    }

    @Test
    void theStateOfAnArchiveReadsWell() {
        var window = new ArchiveStatus.Window(1, "20261122T031500Z-7f3a", FROM, TO);
        assertThat(text(printer -> printer.status(status(new ArchiveStatus(
                        "orders", List.of(window), List.of(GAP), TO, 12, 5.25, 3.0, true, 60L, "too short", "run 7")))))
                .contains("""
                        Window      2026-11-22T01:13:20Z to 2026-11-22T03:15:00Z, upon 20261122T031500Z-7f3a
                        Gap         rolled over: nothing is known between 1795310000,1 (2026-11-22T01:13:20Z) and 1795317300,4 (2026-11-22T03:15:00Z)
                        Archive     orders, 12s behind; run 7
                        RPO         5.3s measured of 3.0s allowed: MISSED
                        Warning     too short
                        """.stripTrailing());
    }

    @Test
    void anArchiveWithoutABackupCanRestoreNothing() {
        assertThat(text(printer -> printer.status(status(
                        new ArchiveStatus("orders", List.of(), List.of(), TO, 12, null, null, false, null, "", null)))))
                .contains("none: no sealed backup lies in the archived oplog", "nobody archives now")
                .contains("not measured of late, no target is set")
                .doesNotContain("Warning");
    }

    private static StatusResult status(ArchiveStatus archive) {
        return new StatusResult(
                "x",
                null,
                null,
                null,
                null,
                0,
                "y",
                List.of(),
                List.of(),
                null,
                List.of(),
                List.of(archive),
                "OK",
                List.of(),
                null,
                List.of(),
                List.of(),
                List.of());
    }

    private static String text(Consumer<Printer> use) {
        var out = new ByteArrayOutputStream();
        use.accept(new TextPrinter(new PrintStream(out, true, StandardCharsets.UTF_8), Paint.PLAIN));
        return out.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
