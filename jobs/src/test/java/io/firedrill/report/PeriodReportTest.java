package io.firedrill.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.firedrill.evidence.QuarterLedger;
import io.firedrill.evidence.RunKind;
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
        }
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
            }
        }
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
                .hasSize(4)
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

    @Test
    void thePeriodsVerdictComesFromItsDrills() {
        var ledger = new QuarterLedger();
        ledger.at(3, 2);
        String backup = ledger.backup(3);
        assertThat(Told.quarter(ledger).report.verdict()).isEqualTo("NOTHING DRILLED");
        assertThat(Told.quarter(ledger).report.lastProvenAge()).isEmpty();
        ledger.missed("restore-drill");
        assertThat(Told.quarter(ledger).report.lead()).startsWith("1 drill was due");
        ledger.drill(3, backup, "stopped");
        assertThat(Told.quarter(ledger).report.verdict()).isEqualTo("NOT PROVEN");
        ledger.drill(3, backup, "");
        assertThat(Told.quarter(ledger).report.verdict()).isEqualTo("PROVEN, WITH EXCEPTIONS");
        ledger.drill(3, backup, "verification");
        assertThat(Told.quarter(ledger).report.verdict()).isEqualTo("NOT PROVEN");
        assertThat(Told.quarter(ledger).report.lead()).startsWith("The newest drill of this period failed.");
        assertThat(Told.quarter(ledger).report.lastProvenAge())
                .as("the backup that had come back was refuted")
                .isEmpty();
        var good = new QuarterLedger();
        good.at(3, 2);
        good.drill(3, good.backup(3), "");
        assertThat(new Told(good, "2026-10", Instant.parse("2026-10-05T00:00:00Z")).report.verdict())
                .isEqualTo("PROVEN");
        // Something missed that was no drill is none of the drills, but no plain success either.
        good.missed("backup");
        Told told = new Told(good, "2026-10", Instant.parse("2026-10-05T00:00:00Z"));
        assertThat(told.report.verdict()).isEqualTo("PROVEN, WITH EXCEPTIONS");
        assertThat(told.report.lead())
                .isEqualTo(
                        "In 1 of 1 drills what came back equalled what was there. The backup that was due last never ran."
                                + " To be looked at: 1 missed slot.");
        assertThat(told.report.json().at("/missed/0/kind").asString()).isEqualTo("backup");
    }

    @Test
    void aPartThatCameBackProvesNoPeriod() {
        var ledger = new QuarterLedger();
        ledger.at(3, 2);
        String backup = ledger.backup(3);
        ledger.drill(3, backup, "part");
        PeriodReport part = Told.quarter(ledger).report;
        assertThat(part.verdict()).isEqualTo("PROVEN IN PART");
        assertThat(part.lead())
                .startsWith("Only a part of a backup was drilled: nothing shows that the whole of one comes back.")
                .contains("In 1 of 1 drills what came back equalled what was there, in 1 of them of a part only.");
        assertThat(part.lastProvenAge()).isEmpty();
        assertThat(part.json().at("/calendar/0/parts").asInt()).isOne();
        assertThat(part.json().at("/headline/rto/count").asInt())
                .as("a part that came back sooner met no target of the whole")
                .isZero();
        assertThat(part.html()).contains("2026-10-04: 1 passed; 1 of a part only");
        RecordSchema.PERIOD_REPORT.check(bytes(part.json()));
        ledger.drill(3, backup, "verification");
        ledger.drill(3, backup, "part");
        assertThat(Told.quarter(ledger).report.verdict())
                .as("a part does not make up for a whole that failed")
                .isEqualTo("NOT PROVEN");
        ledger.drill(3, backup, "");
        assertThat(Told.quarter(ledger).report.verdict()).isEqualTo("PROVEN, WITH EXCEPTIONS");
    }

    @Test
    void aBackupThatFailedOrWasRefutedIsNamedInTheVerdict() {
        var ledger = new QuarterLedger();
        ledger.at(3, 2);
        String backup = ledger.backup(3);
        ledger.drill(3, backup, "");
        Instant now = Instant.parse("2026-10-07T00:00:00Z");
        assertThat(new Told(ledger, "2026-10", now).report.verdict()).isEqualTo("PROVEN");
        ledger.at(4, 2);
        ledger.failedBackup(4);
        PeriodReport failed = new Told(ledger, "2026-10", now).report;
        assertThat(failed.verdict()).isEqualTo("PROVEN, WITH EXCEPTIONS");
        assertThat(failed.lead())
                .contains("The newest backup run did not end well: failed.", "To be looked at: 1 failed backup.");
        assertThat(failed.json().path("exceptions").path(0).asString()).isEqualTo("1 failed backup");
        ledger.at(5, 2);
        String newest = ledger.backup(5);
        assertThat(new Told(ledger, "2026-10", now).report.lead())
                .as("mended, and still an exception of the period")
                .endsWith("equalled what was there. To be looked at: 1 failed backup.");
        ledger.drill(5, newest, "verification");
        ledger.drill(3, backup, "");
        assertThat(new Told(ledger, "2026-10", now).report.lead())
                .contains(
                        "The newest backup was refuted by run 5.", "1 failed drill, 1 refuted backup, 1 failed backup");
    }

    /** By the rule that status and retention go by: a part proves nothing, and does not clear what failed. */
    @Test
    void whatIsSaidOfABackupIsWhatIsKnownOfItEverywhere() {
        var ledger = new QuarterLedger();
        ledger.at(3, 2);
        String part = ledger.backup(3);
        long first = ledger.drill(3, part, "part").seq();
        ledger.at(4, 2);
        String refuted = ledger.backup(4);
        ledger.drill(4, refuted, "");
        long second = ledger.drill(4, refuted, "verification").seq();
        ledger.drill(4, refuted, "part");
        JsonNode backups = Told.quarter(ledger).report.json().path("backups");
        assertThat(backups.valueStream().map(each -> each.path("state").asString() + " " + each.path("judgedBy")))
                .containsExactly("PARTLY " + first, "REFUTED " + second);
        assertThat(Told.quarter(ledger).html().getDocumentElement().getTextContent())
                .contains("only a part came back by run " + first, "refuted by run " + second);
    }

    @Test
    void aMissedRunBelongsToThePeriodInWhichItWasDue() {
        var ledger = new QuarterLedger();
        ledger.at(3, 2);
        ledger.drill(3, ledger.backup(3), "");
        ledger.at(40, 7);
        ledger.missed("restore-drill", Instant.parse("2026-10-25T04:00:00Z"));
        Told october = new Told(ledger, "2026-10", Told.LATER);
        ObjectNode json = october.report.json();
        assertThat(json.at("/missed/0/due").asString()).isEqualTo("2026-10-25T04:00:00Z");
        assertThat(json.at("/headline/drillsByOutcome/MISSED").asInt()).isOne();
        assertThat(json.path("calendar").path(1).path("day").asString()).isEqualTo("2026-10-25");
        assertThat(october.rows()).hasSize(3);
        assertThat(october.rows().getLast().get("dueAt")).isEqualTo("2026-10-25T04:00:00Z");
        assertThat(october.rows().getLast().get("dueKind")).isEqualTo("restore-drill");
        Told november = new Told(ledger, "2026-11", Told.LATER);
        assertThat(november.report.json().path("missed")).isEmpty();
        assertThat(november.report.json().path("calendar")).isEmpty();
        assertThat(november.rows()).isEmpty();
    }

    @Test
    void whatWasMissedAndNobodyPutOnRecordIsAnOpenException() {
        var ledger = new QuarterLedger();
        ledger.at(31, 0);
        ledger.scheduled(RunKind.DRILL, "weekly at 4");
        ledger.at(Instant.parse("2026-11-01T04:10:00Z"));
        ledger.drill(31, ledger.backup(31), "");
        ledger.at(Instant.parse("2026-11-15T04:30:00Z"));
        Told told = new Told(ledger, "2026-11", Instant.parse("2026-11-15T04:30:00Z"));
        String words = "due 2026-11-08T04:00:00Z, no record; run 'firedrill evidence reconcile'";
        ObjectNode json = told.report.json();
        assertThat(json.path("unrecorded")).as("the 15th may still begin").hasSize(1);
        assertThat(json.at("/unrecorded/0/words").asString()).isEqualTo(words);
        assertThat(json.at("/unrecorded/0/source").asString()).isEqualTo("shop");
        assertThat(json.at("/headline/drills").asInt()).isEqualTo(2);
        assertThat(json.at("/headline/drillsByOutcome/MISSED").asInt()).isOne();
        assertThat(json.at("/calendar/1/day").asString()).isEqualTo("2026-11-08");
        assertThat(json.at("/ledger/rows").asInt()).isEqualTo(told.rows().size());
        assertThat(told.report.verdict()).isEqualTo("PROVEN, WITH EXCEPTIONS");
        assertThat(told.report.lead()).contains("1 missed slot without a record");
        CSVRecord row = told.rows().getLast();
        assertThat(row.get("message")).isEqualTo(words);
        assertThat(List.of(row.get("kind"), row.get("outcome"), row.get("dueKind"), row.get("seq")))
                .containsExactly("missed", "MISSED", "restore-drill", "");
        assertThat(told.html().getDocumentElement().getTextContent()).contains(words);
        assertThat(told.pdf()).contains("Open exceptions", "2026-11-08 04:00", "evidence reconcile");
        RecordSchema.PERIOD_REPORT.check(bytes(json));
        assertThat(new Told(ledger, "2026-10", Told.LATER).report.json().path("unrecorded"))
                .isEmpty();
        ledger.missed("restore-drill", Instant.parse("2026-11-08T04:00:00Z"));
        ObjectNode recorded = new Told(ledger, "2026-11", Told.LATER).report.json();
        assertThat(recorded.path("unrecorded")).isEmpty();
        assertThat(recorded.path("missed")).hasSize(1);
    }

    /** A shop that is drilled well, billing whose newest drill failed, and mail that has been silent for the whole period. */
    private static QuarterLedger threeSources() {
        var ledger = new QuarterLedger();
        ledger.of("mail").at(1, 2);
        ledger.backup(1);
        ledger.of("billing").at(34, 2);
        ledger.drill(34, ledger.backup(34), "verification");
        ledger.of("shop").at(35, 2);
        ledger.drill(35, ledger.backup(35), "");
        return ledger;
    }

    @Test
    void aHealthySourceHidesNoSickOneAndNoSilentOne() {
        Told told = new Told(threeSources(), "2026-11", Told.LATER);
        ObjectNode json = told.report.json();
        assertThat(told.report.verdict()).isEqualTo("NOT PROVEN");
        assertThat(told.report.lead())
                .startsWith("The worst of 3 sources decides: billing is NOT PROVEN. No drill of this period showed");
        assertThat(json.path("sources")
                        .valueStream()
                        .map(each -> each.path("name").asString() + " "
                                + each.path("verdict").asString()))
                .containsExactly("billing NOT PROVEN", "mail NOTHING DRILLED", "shop PROVEN, WITH EXCEPTIONS");
        assertThat(json.at("/sources/2/exceptions").toString()).isEqualTo("[\"1 overdue sign-off\"]");
        assertThat(json.path("exceptions").toString()).contains("billing: 1 failed drill", "shop: 1 overdue sign-off");
        assertThat(json.at("/headline/lastProvenAgeSeconds").isNull())
                .as("two of the three have none")
                .isTrue();
        assertThat(json.at("/headline/drills").asInt()).isEqualTo(2);
        assertThat(json.at("/headline/rto/p50Seconds").isNull()).isTrue();
        assertThat(json.at("/headline/rto/worstSeconds").asDouble())
                .isEqualTo(json.at("/sources/2/headline/rto/worstSeconds").asDouble());
        RecordSchema.PERIOD_REPORT.check(bytes(json));
        String page = told.html().getDocumentElement().getTextContent();
        assertThat(page).contains("Each source by itself", "Calendar of drills: billing", "Calendar of drills: shop");
        assertThat(told.pdf()).contains("Each source by itself", "Calendar of drills: billing");
        List<String> ids = Told.elements(told.html(), "h2").stream()
                .map(each -> each.getAttribute("id"))
                .toList();
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(told.rows())
                .extracting(row -> row.get("sourceName"))
                .containsExactly("billing", "billing", "shop", "shop");
    }

    @Test
    void aSourceWhoseBackupsAreAllDeletedIsSilentForAReason() {
        QuarterLedger ledger = threeSources();
        ledger.pruned("20261002T020000Z-001eef");
        assertThat(new Told(ledger, "2026-11", Told.LATER).report.json().path("sources"))
                .hasSize(2);
    }

    @Test
    void whatTellsNoSourceCountsAgainstEach() {
        QuarterLedger ledger = threeSources();
        ledger.of("").missed("backup");
        ObjectNode json = new Told(ledger, "2026-11", Told.LATER).report.json();
        assertThat(json.path("sources"))
                .hasSize(3)
                .allMatch(each -> each.path("exceptions").toString().contains("1 missed slot"));
        assertThat(json.path("missed")).hasSize(1);
    }

    @Test
    void theEstimateOfSeveralSourcesIsTheNearestBreachOfOneOfThem() {
        var ledger = new QuarterLedger();
        ledger.of("mail").at(0, 1);
        ledger.backup(0);
        ledger.of("shop").lived(7);
        ObjectNode json = Told.quarter(ledger).report.json();
        JsonNode shop = json.path("sources").path(1);
        assertThat(shop.path("name").asString()).isEqualTo("shop");
        assertThat(json.at("/forecast/words").asString())
                .isEqualTo("shop: " + shop.at("/forecast/words").asString());
        assertThat(json.at("/forecast/days")).isEqualTo(shop.at("/forecast/days"));
    }
}
