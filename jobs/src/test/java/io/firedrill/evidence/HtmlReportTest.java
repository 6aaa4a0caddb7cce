package io.firedrill.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HtmlReportTest {
    @Test
    void everyKindOfEndHasAPage() throws IOException {
        assertThat(page("passed-drill", Samples::passedDrill)).contains(">PROVEN<");
        assertThat(page("late-drill", Samples::lateDrill)).contains(">PROVEN, RTO MISSED<");
        assertThat(page("failed-restore", Samples::failedRestore)).contains(">FAILED<");
        assertThat(page("aborted-backup", Samples::abortedBackup)).contains(">ABORTED<");
        assertThat(page("sealed-backup", Samples::sealedBackup)).contains(">SEALED<");
        assertThat(page("huge-drill", Samples::hugeDrill)).contains("400 collections");
    }

    @Test
    void aHostileNameStaysAText() {
        var samples = new Samples();
        String hostile =
                "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>${1234*4321}[[${1234*4321}]]__${1234*4321}__";
        RunLog run = RunLog.begin(samples.store, samples.time.clocks(), Samples.start(RunKind.DRILL, Objectives.NONE));
        run.source(new Party(hostile, hostile, hostile, List.of(hostile), hostile, hostile));
        run.collection(new CollectionFact(hostile, hostile, 1, 1, 1, 1, 1, hostile, Check.Result.PASSED));
        run.check(Check.failed(hostile, hostile, hostile, hostile, 0, 1, hostile));
        run.exclude(hostile, hostile);
        run.notTested(hostile);
        run.note(hostile, hostile);
        run.disposal(hostile, hostile);
        run.timeline().measure(hostile, true, () -> samples.time.pass(1));
        String page = HtmlReport.render(run.finish(samples.writer, new IllegalStateException(hostile), 1));
        assertThat(page).doesNotContain("<script", "<img", "5332114").contains("&lt;script&gt;alert(1)");
    }

    @Test
    void thePageNeedsNothingFromOutside() {
        String page = HtmlReport.render(new Samples().passedDrill());
        assertThat(page)
                .contains("default-src 'none'; style-src 'unsafe-inline'")
                .doesNotContain("<script", "http://", "https://", "src=", "@import", " th:text", "<th:");
    }

    @Test
    void aTableHeadingSaysWhatItHeads() {
        String page = HtmlReport.render(new Samples().failedRestore());
        assertThat(page.split("<th[ >]", -1)).hasSameSizeAs(page.split("<th scope=", -1));
    }

    @Test
    void whatFailedComesFirst() {
        String page = HtmlReport.render(new Samples().failedRestore());
        assertThat(page.indexOf(">shop.orders<")).isBetween(0, page.indexOf(">shop.customers<"));
    }

    @Test
    void cleaningUpLiesOutsideTheRecoveryTime() {
        assertThat(HtmlReport.render(new Samples().passedDrill())).contains("<small>outside RTO</small>");
    }

    @Test
    void theReportIsStoredBesideTheRecordAndCanBeMadeAgain() {
        var samples = new Samples();
        RunRecord record = samples.passedDrill();
        String stored = new String(samples.store.objects.get(record.reportKey()), StandardCharsets.UTF_8);
        RunRecord read = samples.ledger.entry(record.seq()).run().orElseThrow();
        Checkpoint checkpoint = samples.ledger.checkpoint(record.seq()).orElseThrow();
        assertThat(HtmlReport.render(read, checkpoint)).isEqualTo(stored).contains(">" + checkpoint.copy() + "<");
    }

    @ParameterizedTest
    @CsvSource({"0, 0ms", "0.34, 340ms", "12.44, 12.4s", "59.96, 1m00s", "252, 4m12s", "7384, 2h03m04s", "273600, 3d04h"
    })
    void durationsReadAsPeopleSayThem(double seconds, String text) {
        assertThat(Units.duration(seconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"5, 5s", "90, 1m30s", "900, 15m", "3600, 1h", "5400, 1h30m", "86400, 1d"})
    void targetsAreBrief(double seconds, String text) {
        assertThat(Units.brief(seconds)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "1023, 1023 B", "1536, 1.5 KiB", "322122547, 307 MiB", "9223372036854775807, 8192 PiB"})
    void sizesReadInPowersOfTwo(long bytes, String text) {
        assertThat(Units.bytes(bytes)).isEqualTo(text);
    }

    /** Left under target/reports for whoever wants to look at them. */
    private static String page(String name, Function<Samples, RunRecord> run) throws IOException {
        String page = HtmlReport.render(run.apply(new Samples()));
        Path folder = Files.createDirectories(Path.of("target", "reports"));
        Files.writeString(folder.resolve(name + ".html"), page);
        return page;
    }
}
