package io.firedrill.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.firedrill.evidence.QuarterLedger;
import io.firedrill.evidence.Units;
import io.firedrill.testing.RecordSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class PeriodReportTest {
    private static final String HOSTILE = "<script>alert(1)</script>\"><img src=x onerror=alert(1)>\u202Egnp.exe"
            + " =cmd|' /C calc'!A0 \uD83D\uDE00 \u0416\u05D0 " + "x".repeat(10_000);

    private static final Told QUARTER = Told.quarter(new QuarterLedger().lived(7));

    @Test
    void tableAndJsonHaveTheSameNumbers() {
        ObjectNode json = QUARTER.report.json();
        List<CSVRecord> rows = QUARTER.rows();
        assertThat(json.at("/ledger/rows").asInt()).isEqualTo(rows.size());
        assertThat(json.path("runs")).hasSize(rows.size());
        List<CSVRecord> drills = rows.stream()
                .filter(row -> row.get("kind").equals("restore-drill"))
                .toList();
        assertThat(json.path("drills")).hasSameSizeAs(drills);
        for (int i = 0; i < drills.size(); i++) {
            JsonNode drill = json.path("drills").path(i);
            assertThat(drill.path("seq").asString()).isEqualTo(drills.get(i).get("seq"));
            assertThat(drill.path("outcome").asString()).isEqualTo(drills.get(i).get("outcome"));
            assertThat(number(drill.path("rtoSeconds")))
                    .isEqualTo(number(drills.get(i).get("rtoSeconds")));
            assertThat(number(drill.path("rpoSeconds")))
                    .isEqualTo(number(drills.get(i).get("rpoSeconds")));
            assertThat(number(drill.path("bytesPerSecond")))
                    .isEqualTo(number(drills.get(i).get("recoveredBytesPerSecond")))
                    .isEqualTo(
                            drill.path("rtoSeconds").isNull()
                                            || drill.path("bytes").asLong() == 0
                                    ? -1
                                    : drill.path("bytes").asLong()
                                            / drill.path("rtoSeconds").asDouble());
        }
        assertThat(drills).anyMatch(row -> number(row.get("recoveredBytesPerSecond")) > 0);
        for (String outcome : List.of("PASSED", "WARNED", "FAILED", "ABORTED", "INCONCLUSIVE", "MISSED")) {
            long told = Stream.concat(
                            drills.stream(),
                            rows.stream().filter(row -> row.get("kind").equals("missed")))
                    .filter(row -> row.get("outcome").equals(outcome))
                    .count();
            assertThat(json.at("/headline/drillsByOutcome/" + outcome).asLong())
                    .as(outcome)
                    .isEqualTo(told);
        }
        List<Double> measured = drills.stream()
                .filter(row -> row.get("outcome").matches("PASSED|WARNED"))
                .map(row -> Double.parseDouble(row.get("rtoSeconds")))
                .sorted()
                .toList();
        assertThat(json.at("/headline/rto/worstSeconds").asDouble()).isEqualTo(measured.getLast());
        assertThat(json.at("/headline/rto/p50Seconds").asDouble()).isEqualTo(measured.get(4));
    }

    private static double number(JsonNode node) {
        return node.isNull() ? -1 : node.asDouble();
    }

    private static double number(String cell) {
        return cell.isEmpty() ? -1 : Double.parseDouble(cell);
    }

    @Test
    void pageAndPdfHaveTheNumbersOfTheTable() {
        ObjectNode json = QUARTER.report.json();
        String pdf = QUARTER.pdf();
        String html = QUARTER.html().getDocumentElement().getTextContent();
        var numbers = Stream.of(
                        QUARTER.report.verdict(),
                        "9 of 13",
                        Units.duration(json.at("/headline/rto/worstSeconds").asDouble()),
                        "p50 "
                                + Units.duration(
                                        json.at("/headline/rto/p50Seconds").asDouble()),
                        Units.duration(json.at("/headline/lastProvenAgeSeconds").asDouble()),
                        json.at("/ledger/root").asString())
                .toList();
        assertThat(pdf).contains(numbers);
        assertThat(html).contains(numbers);
        for (CSVRecord row : QUARTER.rows()) {
            if (row.get("kind").equals("restore-drill")) {
                String rto = row.get("rtoSeconds").isEmpty()
                        ? "\u2013"
                        : Units.duration(Double.parseDouble(row.get("rtoSeconds")));
                String line = pdf.lines()
                        .filter(each -> each.startsWith(row.get("seq") + " ") && each.contains(row.get("verdict")))
                        .findFirst()
                        .orElse("");
                assertThat(line).contains(rto, row.get("backupId"));
                assertThat(cells("h-drills", row.get("seq"))).anyMatch(cell -> cell.startsWith(rto));
                if (row.get("recoveredBytesPerSecond").isEmpty()) {
                    continue;
                }
                String rate = Units.rate(Double.parseDouble(row.get("recoveredBytesPerSecond")));
                assertThat(pdf).contains(", " + rate);
                assertThat(cells("h-drills", row.get("seq"))).anyMatch(cell -> cell.contains(", " + rate));
                if (row.get("outcome").matches("PASSED|WARNED")
                        && row.get("partial").equals("false")) {
                    assertThat(throughputs())
                            .anyMatch(point -> point.startsWith("run %s,".formatted(row.get("seq")))
                                    && point.contains(": " + rate + ", "));
                }
            }
        }
    }

    /** What the points of the chart of throughput say. */
    private static List<String> throughputs() {
        return Told.elements(QUARTER.html(), "section").stream()
                .filter(section -> section.getAttribute("aria-labelledby").equals("h-throughput"))
                .flatMap(section -> Stream.iterate(0, i -> i + 1)
                        .limit(section.getElementsByTagName("title").getLength())
                        .map(i -> section.getElementsByTagName("title").item(i).getTextContent()))
                .toList();
    }

    /** The cells of a run's row in the section of this heading. */
    private static List<String> cells(String heading, String seq) {
        return Told.elements(QUARTER.html(), "section").stream()
                .filter(section -> section.getAttribute("aria-labelledby").equals(heading))
                .flatMap(section -> Stream.iterate(0, i -> i + 1)
                        .limit(section.getElementsByTagName("tr").getLength())
                        .map(i -> (Element) section.getElementsByTagName("tr").item(i)))
                .map(row -> Stream.iterate(0, i -> i + 1)
                        .limit(row.getElementsByTagName("td").getLength())
                        .map(i -> row.getElementsByTagName("td").item(i).getTextContent())
                        .toList())
                .filter(row -> !row.isEmpty() && row.getFirst().equals(seq))
                .findFirst()
                .orElse(List.of());
    }

    @Test
    void phasesAddUpToTheRecoveryTime() {
        QUARTER.report.json().path("drills").forEach(drill -> {
            double sum = drill.path("phases")
                    .valueStream()
                    .mapToDouble(phase -> phase.path("seconds").asDouble())
                    .sum();
            if (!drill.path("rtoSeconds").isNull()) {
                assertThat(sum).isCloseTo(drill.path("rtoSeconds").asDouble(), within(0.001));
            }
        });
    }

    @Test
    void whatFailedStoppedOrNeverRanIsShownEverywhere() {
        String html = QUARTER.html().getDocumentElement().getTextContent();
        assertThat(QUARTER.report.verdict()).isEqualTo("PROVEN, WITH EXCEPTIONS");
        assertThat(QUARTER.report.lead())
                .contains("9 of 13", "1 failed drill", "1 aborted drill", "1 inconclusive drill", "1 missed slot")
                .contains("1 accepted risk", "1 rejected run");
        assertThat(html).contains("FAILED", "ABORTED", "INCONCLUSIVE", "never ran", "shop.orders differs");
        assertThat(QUARTER.pdf()).contains("FAILED", "ABORTED", "INCONCLUSIVE", "never ran", "shop.orders differs");
        assertThat(QUARTER.report.csv()).contains(",FAILED,", ",ABORTED,", ",INCONCLUSIVE,", ",MISSED,");
        assertThat(QUARTER.report.json().at("/missed/0/due").asString()).startsWith("2026-11-16T05:00");
        assertThat(QUARTER.report.json().at("/missed/0/kind").asString()).isEqualTo("restore-drill");
    }

    @Test
    void backupsMigrationsRisksAndSignOffsAreTold() {
        ObjectNode json = QUARTER.report.json();
        var states = json.path("backups")
                .valueStream()
                .map(each -> each.path("state").asString())
                .toList();
        assertThat(states).hasSize(92).contains("PROVEN", "REFUTED", "NOT_DRILLED", "FAILED");
        assertThat(states.stream().filter("PROVEN"::equals)).hasSize(9);
        assertThat(json.path("migrations")
                        .valueStream()
                        .map(each -> each.path("kind").asString()))
                .containsExactly(
                        "migrations-rehearse", "migrations-apply", "migrations-rehearse", "migrations-rollback");
        assertThat(json.at("/acceptedRisks/0/reason").asString()).isEqualTo("nobody reads it since 2025");
        assertThat(json.at("/headline/signOffsByState/REJECTED").asInt()).isOne();
        assertThat(json.path("signOffs")
                        .valueStream()
                        .filter(each -> each.path("state").asString().equals("OVERDUE")))
                .isNotEmpty()
                .allMatch(each -> each.path("waitingDays").asLong() > 14);
        assertThat(json.path("signOffs")
                        .valueStream()
                        .filter(each -> each.path("state").asString().equals("WAITING")))
                .isNotEmpty()
                .allMatch(each -> each.path("waitingDays").asLong() <= 14);
        assertThat(QUARTER.pdf()).contains("nobody reads it since 2025", "approved by grace (data owner)");
    }

    @Test
    void aRiskIsOpenUntilALaterRehearsalHasTheSameHold() {
        var ledger = new QuarterLedger();
        ledger.at(1, 10);
        ledger.rehearsal(true);
        Told before = Told.quarter(ledger);
        assertThat(before.report.json().path("acceptedRisks")).hasSize(1);
        ledger.rehearsalOf("drop-legacy-score", false);
        assertThat(Told.quarter(ledger).report.json().path("acceptedRisks")).isEmpty();
    }

    @Test
    void hostileTextsStayTexts() throws IOException {
        Told hostile = Told.quarter(new QuarterLedger().saying(HOSTILE).lived(7));
        String page = hostile.report.html();
        assertThat(page).doesNotContain("<script", "<img", "\u202E").contains("&lt;script&gt;", "[U+202E]gnp.exe");
        assertThat(Told.elements(hostile.html(), "script")).isEmpty();
        assertThat(Told.elements(hostile.html(), "img")).isEmpty();
        assertThat(page.length()).isLessThan(4 * QUARTER.report.html().length());
        String pdf = hostile.pdf();
        assertThat(pdf)
                .contains("<script>", "[U+202E]", "[U+1F600]", "\u0416", "[U+05D0]")
                .doesNotContain("\u202E");
        assertThat(hostile.report.csv()).contains("\uD83D\uDE00", "x".repeat(10_000));
        assertThat(hostile.rows()).hasSameSizeAs(QUARTER.rows());
        RecordSchema.PERIOD_REPORT.check(bytes(hostile.report.json()));
        Path folder = Files.createDirectories(Path.of("target", "reports"));
        Files.writeString(folder.resolve("hostile-quarter.html"), page);
    }

    /** The words come first in their cell, so a spreadsheet would take them for a formula. */
    @Test
    void aFormulaIsATextInTheTable() {
        var ledger = new QuarterLedger();
        ledger.at(1, 2);
        String backup = ledger.backup(1);
        ledger.by("=cmd|' /C calc'!A0");
        ledger.drill(1, backup, "");
        Told told = Told.quarter(ledger);
        assertThat(told.rows().getLast().get("operator")).isEqualTo("'=cmd|' /C calc'!A0");
        assertThat(told.report.json().at("/drills/0/operator").asString()).isEqualTo("=cmd|' /C calc'!A0");
    }

    @Test
    void jsonKeepsToItsSchema() {
        RecordSchema.PERIOD_REPORT.check(bytes(QUARTER.report.json()));
        RecordSchema.PERIOD_REPORT.check(
                bytes(Told.quarter(new QuarterLedger()).report.json()));
    }

    private static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void thePageNeedsNothingFromOutsideAndIsWellFormed() {
        String page = QUARTER.report.html();
        assertThat(page)
                .contains("default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;")
                .doesNotContain("<script", "http://", "https://", "src=", "@import")
                .doesNotContainPattern("url\\((?!#)");
        assertThat(Told.elements(QUARTER.html(), "th"))
                .allMatch(cell -> cell.getAttribute("scope").equals("col"));
        assertThat(Told.elements(QUARTER.html(), "svg"))
                .filteredOn(svg -> svg.getAttribute("role").equals("img"))
                .hasSize(5)
                .allMatch(svg -> svg.getElementsByTagName("title").getLength() > 0
                        && svg.getElementsByTagName("desc").getLength() == 1);
    }

    @Test
    void theSameLedgerIsTheSameBytesOnceThePeriodIsOver() {
        var ledger = new QuarterLedger().lived(7);
        PeriodReport one = new Told(ledger, "2026-Q4", Told.LATER).report;
        PeriodReport other = new Told(ledger, "2026-Q4", Told.LATER.plus(Duration.ofDays(40))).report;
        assertThat(one.pdf()).isEqualTo(other.pdf());
        assertThat(one.html()).isEqualTo(other.html());
        assertThat(one.json()).isEqualTo(other.json());
    }

    @Test
    void everySheetHasTheFootAndEveryPartOfATableItsHead() {
        List<String> sheets = Told.sheets(QUARTER.report.pdf());
        assertThat(sheets).hasSizeGreaterThan(3);
        for (int i = 0; i < sheets.size(); i++) {
            assertThat(sheets.get(i)).contains("Ledger default", "%d / %d".formatted(i + 1, sheets.size()));
        }
        assertThat(sheets.stream().filter(sheet -> sheet.contains("not drilled yet")))
                .hasSizeGreaterThan(1)
                .allMatch(sheet -> sheet.contains("Backup State Documents Size Stored"));
    }

    @Test
    void aRunBelongsToThePeriodInWhichItWasRecorded() {
        var ledger = new QuarterLedger();
        ledger.at(0, 2);
        String backup = ledger.backup(0);
        ledger.at(Instant.parse("2026-10-31T23:55:00Z"));
        long over = ledger.drill(1, backup, "").seq();
        ledger.at(Instant.parse("2026-11-30T23:59:30Z"));
        long later = ledger.drill(1, backup, "").seq();
        Told november = new Told(ledger, "2026-11", Told.LATER);
        assertThat(november.report.json().path("drills")).hasSize(1);
        assertThat(november.report.json().at("/drills/0/seq").asLong()).isEqualTo(over);
        assertThat(november.report.json().at("/calendar/0/day").asString()).isEqualTo("2026-11-01");
        assertThat(november.rows()).hasSize(1);
        Told december = new Told(ledger, "2026-12-01/2026-12-02", Told.LATER);
        assertThat(december.report.json().at("/drills/0/seq").asLong()).isEqualTo(later);
        assertThat(new Told(ledger, "2026-10", Told.LATER).report.json().path("drills"))
                .isEmpty();
    }

    @Test
    void theAgeOfTheLastVerifiedPointIsCountedToTheEndOrToNow() {
        var ledger = new QuarterLedger();
        ledger.at(3, 2);
        String backup = ledger.backup(3);
        ledger.at(3, 5);
        ledger.drill(3, backup, "");
        double ended = age(new Told(ledger, "2026-10", Told.LATER));
        assertThat(ended).isEqualTo(28 * 86_400.0 - 7_200);
        double running = age(new Told(ledger, "2026-10", Instant.parse("2026-10-05T02:00:00Z")));
        assertThat(running).isEqualTo(86_400.0);
        // A clock behind that of the records makes no age below 0.
        assertThat(age(new Told(ledger, "2026-10", Instant.parse("2026-10-02T00:00:00Z"))))
                .isZero();
        // A proof from before the period counts in it.
        assertThat(age(new Told(ledger, "2026-11", Told.LATER))).isEqualTo(ended + 30 * 86_400);
    }

    private static double age(Told told) {
        return told.report.json().at("/headline/lastProvenAgeSeconds").asDouble(-1);
    }

    @Test
    void recordsThatWereNotVerifiedAreLeftOut() {
        var ledger = new QuarterLedger();
        ledger.at(3, 2);
        String backup = ledger.backup(3);
        PeriodReport.Verified verified = PeriodReport.Verified.of(ledger.verify());
        ledger.drill(3, backup, "");
        PeriodReport report =
                PeriodReport.of(ledger.ledger(), io.firedrill.evidence.Period.of("2026-Q4"), verified, Told.LATER, 14);
        assertThat(report.json().path("drills")).isEmpty();
        assertThat(report.csv().lines()).hasSize(2);
        assertThat(report.runs()).isOne();
    }
}
