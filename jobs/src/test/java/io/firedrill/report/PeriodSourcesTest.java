package io.firedrill.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.QuarterLedger;
import io.firedrill.testing.RecordSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Several sources in one ledger: each has a verdict of its own, and the worst decides. */
class PeriodSourcesTest {
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

    private static byte[] bytes(JsonNode json) {
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }
}
