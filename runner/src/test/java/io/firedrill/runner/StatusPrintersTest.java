package io.firedrill.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What people and programs read of how things stand. */
class StatusPrintersTest {
    private final FakeOperations results = new FakeOperations();

    private static String text(Consumer<Printer> print) {
        var bytes = new ByteArrayOutputStream();
        print.accept(new TextPrinter(new PrintStream(bytes, true, UTF_8), Paint.PLAIN));
        return bytes.toString(UTF_8);
    }

    private static String json(Consumer<Printer> print) {
        var bytes = new ByteArrayOutputStream();
        print.accept(new JsonPrinter(new PrintStream(bytes, true, UTF_8)));
        return bytes.toString(UTF_8);
    }

    @Test
    void anEmptyStatusSaysWhatIsMissing() {
        assertThat(text(printer -> printer.status(results.status))).isEqualToNormalizingNewlines("""
                        FAILING  NOTHING YET

                        Last backup none
                        Last proven never
                        Last drill  none
                        Lock        free
                        Open runs   none
                        Next        Run firedrill backup.
                        """);
    }

    private static StatusResult status() {
        return new StatusResult(
                "PROVEN",
                FakeOperations.LINE,
                new StatusResult.LastProven("b1", Instant.parse("2026-11-22T04:00:00Z"), 7_380),
                new StatusResult.LastDrill(
                        "PASSED", new Rto(252, 900.0, true), Instant.parse("2026-11-22T04:00:00Z"), false),
                "backup on host a",
                1,
                "Nothing to do.",
                List.of("b1"),
                List.of("b2", "b3"),
                new StatusResult.NewestSeal(
                        "orders",
                        new ConsistencyPoint(1_795_317_300L, 4),
                        Instant.parse("2026-11-22T03:15:00Z"),
                        90_000,
                        true),
                List.of(new StatusResult.Doubt(
                        "orders",
                        "b4",
                        Instant.parse("2026-11-22T05:00:00Z"),
                        "1 of 3 segments read again differs",
                        StatusResult.Doubt.HINT)),
                List.of(),
                "ATTENTION",
                List.of(
                        new StatusResult.Reason("ATTENTION", "the last restore-drill that was due was missed", "Look."),
                        new StatusResult.Reason("ATTENTION", "1 missed run not on record", "Run it.")),
                new StatusResult.Recoverable(Instant.parse("2026-11-22T03:15:00Z"), 7_200, 3_600.0, true),
                List.of(
                        new StatusResult.DueRun(
                                "", "backup", "0 2 * * *", Instant.parse("2026-11-23T02:00:00Z"), "PASSED", 0),
                        new StatusResult.DueRun(
                                "orders",
                                "restore-drill",
                                "0 4 * * 1",
                                Instant.parse("2026-11-23T04:00:00Z"),
                                "MISSED",
                                1),
                        new StatusResult.DueRun("", "prune", "0 5 * * *", null, "", 0)),
                List.of(
                        new EvidenceResult.MissedRun(
                                "", "backup", "0 2 * * *", Instant.parse("2026-11-20T02:00:00Z"), "evidence/7"),
                        new EvidenceResult.MissedRun(
                                "orders", "restore-drill", "0 4 * * 1", Instant.parse("2026-11-21T04:00:00Z"), "")),
                List.of());
    }

    @Test
    void aFullStatusReadsWell() {
        assertThat(text(printer -> printer.status(status()))).isEqualToNormalizingNewlines("""
                        ATTENTION  PROVEN

                        Also        ATTENTION  1 missed run not on record. Run it.
                        Last backup 20261122T031500Z-7f3a PROVEN, 2026-11-22T03:15:00Z, 1,234,567 documents
                        Recoverable up to 2026-11-22T03:15:00Z, 2h ago, of 1h allowed: LATE
                        Last proven b1, 2h03m ago (2026-11-22T04:00:00Z)
                        Newest seal 1d01h old, 2026-11-22T03:15:00Z (cluster time 1795317300,4) of orders: OVERDUE by seal-interval; see what the archiver says, or run 'firedrill seal'
                        Last drill  PASSED at 2026-11-22T04:00:00Z, 4m12s of 15m allowed: met
                        Due         backup 0 2 * * *, next 2026-11-23T02:00:00Z, last PASSED
                        Due         restore-drill 0 4 * * 1 of orders, next 2026-11-23T04:00:00Z, last MISSED, 1 missed in 30 days
                        Due         prune 0 5 * * *, next never
                        Missed      restore-drill, due 2026-11-21T04:00:00Z for orders, not recorded
                        Missed      backup, due 2026-11-20T02:00:00Z: evidence/7
                        Lock        backup on host a
                        Open runs   1
                        DOUBT       orders, since backup b4: 1 of 3 segments read again differs; every backup reads everything; do not rely on backups since the last one that did, mend the cause, then clear it with 'firedrill backup --skip-again REASON'
                        Held        b1
                        Marked      b2, b3
                        Next        Nothing to do.
                        """);
    }

    @Test
    void severalSourcesHaveALineEach() {
        StatusResult one = status();
        var orders = new StatusResult.OfSource(
                "orders",
                "FAILING",
                one.lastBackup(),
                one.lastProven(),
                one.lastDrill(),
                one.recoverable(),
                one.newestSeal(),
                null);
        var users = new StatusResult.OfSource("users\u001b[2J", "OK", null, null, null, null, null, null);
        var result = new StatusResult(
                "orders: x",
                one.lastBackup(),
                one.lastProven(),
                one.lastDrill(),
                null,
                0,
                "y",
                List.of(),
                List.of(),
                one.newestSeal(),
                List.of(),
                List.of(),
                "FAILING",
                List.of(),
                one.recoverable(),
                List.of(),
                List.of(),
                List.of(orders, users));
        assertThat(text(printer -> printer.status(result)))
                .contains(
                        "Source      orders FAILING: last backup 20261122T031500Z-7f3a PROVEN, 2026-11-22T03:15:00Z, 1,234,567 documents; "
                                + "recoverable up to 2026-11-22T03:15:00Z, 2h ago, of 1h allowed: LATE; last proven b1, 2h03m ago "
                                + "(2026-11-22T04:00:00Z); newest seal 1d01h old, ",
                        "OVERDUE by seal-interval; see what the archiver says, or run 'firedrill seal'; last drill PASSED at "
                                + "2026-11-22T04:00:00Z, 4m12s of 15m allowed: met",
                        "OK: last backup none; last proven never; last drill none")
                .doesNotContain("Last backup", "Last drill", "\u001b");
        assertThat(json(printer -> printer.status(result)))
                .contains("\"sources\":[{\"source\":\"orders\",\"state\":\"FAILING\",\"lastBackup\":{");
    }

    @Test
    void theStatusDocumentSaysNullForWhatIsMissing() {
        assertThat(json(printer -> printer.status(results.status)))
                .isEqualToIgnoringNewLines("{\"schemaVersion\":1,\"verdict\":\"NOTHING YET\",\"lastBackup\":null,"
                        + "\"lastProven\":null,\"lastDrill\":null,\"lockHolder\":null,\"openRuns\":0,"
                        + "\"nextStep\":\"Run firedrill backup.\",\"held\":[],\"marked\":[],\"newestSeal\":null,\"doubts\":[],\"archives\":[],"
                        + "\"state\":\"FAILING\",\"reasons\":[{\"state\":\"FAILING\",\"why\":\"NOTHING YET\",\"step\":\"Run firedrill backup.\"}],"
                        + "\"recoverable\":null,\"schedule\":[],\"missed\":[],\"sources\":[]}");
        assertThat(json(printer -> printer.status(status())))
                .contains(
                        "\"lastProven\":{\"backupId\":\"b1\",\"provenAt\":\"2026-11-22T04:00:00Z\",\"ageSeconds\":7380}",
                        "\"lastDrill\":{\"outcome\":\"PASSED\",\"rto\":{\"actualSeconds\":252.0,");
    }
}
