package io.firedrill.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.QuarterLedger;
import io.firedrill.evidence.RunKind;
import io.firedrill.testing.RecordSchema;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a period came to, by its drills, its backups and what never ran. */
class PeriodVerdictTest {
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

    private static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
