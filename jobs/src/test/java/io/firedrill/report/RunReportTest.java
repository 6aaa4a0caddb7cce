package io.firedrill.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.QuarterLedger;
import io.firedrill.evidence.RunRecord;
import io.firedrill.evidence.Units;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RunReportTest {
    private static final QuarterLedger LEDGER = new QuarterLedger().lived(7);

    private static RunReport report(long seq) {
        return new RunReport(
                LEDGER.ledger().entry(seq).run().orElseThrow(), LEDGER.ledger().checkpoint(seq));
    }

    private static String pdf(long seq) {
        return String.join("\n", Told.sheets(report(seq).pdf()));
    }

    private static List<RunRecord> runs(String kind) {
        try (Stream<RunRecord> runs = LEDGER.ledger().records()) {
            return runs.filter(run -> run.entry().word().equals(kind)).toList();
        }
    }

    @Test
    void thePdfOfARunSaysWhatItsPageSays() {
        for (RunRecord drill : runs("restore-drill")) {
            String pdf = pdf(drill.seq());
            assertThat(pdf)
                    .contains(drill.verdict(), drill.sha256(), drill.key(), "shop.orders", "What was not tested");
            if (drill.checks() > 0) {
                assertThat(pdf).contains("%d / %d".formatted(drill.checksPassed(), drill.checks()));
            }
            drill.rtoSeconds().ifPresent(rto -> assertThat(pdf).contains(Units.duration(rto), "target 15m"));
            drill.phases().forEach(phase -> assertThat(pdf).contains(phase.name()));
            assertThat(report(drill.seq()).html()).contains(report(drill.seq()).lead());
        }
    }

    @Test
    void whatChangedAndWhatWasAcceptedIsOnThePdfToo() {
        String rehearsal = pdf(runs("migrations-rehearse").getFirst().seq());
        assertThat(rehearsal).contains("drop-legacy-score", "nobody reads it since 2025", "and accepted");
        String apply = pdf(runs("migrations-apply").getFirst().seq());
        assertThat(apply).contains("drop-legacy-score", "APPLIED", "31.0s", "30.0s");
    }

    @Test
    void aRunThatFailedSaysWhy() {
        RunRecord failed = runs("restore-drill").stream()
                .filter(run -> run.verdict().equals("FAILED"))
                .findFirst()
                .orElseThrow();
        assertThat(pdf(failed.seq()))
                .contains("shop.orders differs. Do not use this copy.", "1 of 42 segments differs");
    }

    @Test
    void theSameRecordIsTheSameBytes() {
        assertThat(report(6).pdf()).isEqualTo(report(6).pdf());
    }

    @Test
    void hostileTextsStayTextsOnThePdfOfARun() {
        var hostile = new QuarterLedger().saying("\u202E<script>\u0000\uD83D\uDE00" + "y".repeat(10_000));
        hostile.at(1, 2);
        RunRecord drill = hostile.drill(1, hostile.backup(1), "verification");
        var report = new RunReport(drill, hostile.ledger().checkpoint(drill.seq()));
        List<String> sheets = Told.sheets(report.pdf());
        assertThat(sheets).hasSizeLessThan(8);
        assertThat(String.join("", sheets)).contains("[U+202E]", "<script>").doesNotContain("\u202E");
    }
}
