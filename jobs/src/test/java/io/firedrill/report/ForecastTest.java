package io.firedrill.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.firedrill.evidence.QuarterLedger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ForecastTest {
    /** By the textbook's formula from the numbers of the table. */
    @Test
    void theEstimateLeadsToTheDayOnWhichTheTargetIsReached() {
        var ledger = new QuarterLedger().lived(1);
        Told told = new Told(ledger, "2026-10-15/2026-11-15", Told.LATER);
        List<CSVRecord> drills = told.rows().stream()
                .filter(row -> row.get("kind").equals("restore-drill")
                        && row.get("outcome").equals("PASSED"))
                .toList();
        Instant newest = Instant.parse(drills.getLast().get("recordedAt"));
        double[] days = drills.stream()
                .mapToDouble(row -> Duration.between(newest, Instant.parse(row.get("recordedAt")))
                                .toSeconds()
                        / 86_400.0)
                .toArray();
        double[] bytes = drills.stream()
                .mapToDouble(row -> Double.parseDouble(row.get("bytesRaw")))
                .toArray();
        double[] seconds = drills.stream()
                .mapToDouble(row -> Double.parseDouble(row.get("rtoSeconds")))
                .toArray();
        double[] byBytes = line(bytes, seconds);
        double[] byDays = line(days, bytes);
        double expected = ((900 - byBytes[0]) / byBytes[1] - byDays[0]) / byDays[1];
        JsonNode forecast = told.report.json().path("forecast");
        assertThat(expected).isBetween(10.0, 60.0);
        assertThat(forecast.path("days").asDouble()).isCloseTo(expected, within(0.51));
        assertThat(forecast.path("words").asString()).startsWith("about");
        Told few = new Told(ledger, "2026-10-20/2026-10-22", Told.LATER);
        assertThat(few.report.json().at("/forecast/words").asString())
                .isEqualTo("no estimate, as it takes 8 drills that passed, and there are 3.");
        assertThat(few.report.html()).contains("Days until the target is breached: no estimate");
    }

    /** Where it begins, and its slope. */
    private static double[] line(double[] xs, double[] ys) {
        double x = 0;
        double y = 0;
        double xx = 0;
        double xy = 0;
        for (int i = 0; i < xs.length; i++) {
            x += xs[i];
            y += ys[i];
            xx += xs[i] * xs[i];
            xy += xs[i] * ys[i];
        }
        double slope = (xs.length * xy - x * y) / (xs.length * xx - x * x);
        return new double[] {(y - slope * x) / xs.length, slope};
    }
}
