package io.firedrill.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.firedrill.evidence.Period;
import io.firedrill.evidence.QuarterLedger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing lies over anything else or outside of its drawing, however many drills there are. */
class ChartTest {
    private static final double LETTER = 5.4;
    private static final Map<Integer, QuarterLedger> LEDGERS = new ConcurrentHashMap<>();

    private record Extent(String text, double left, double right, double line) {
        static Extent of(Shape.Label label) {
            double width = LETTER * label.text().length();
            double left =
                    switch (label.anchor()) {
                        case START -> label.x();
                        case MIDDLE -> label.x() - width / 2;
                        case END -> label.x() - width;
                    };
            return new Extent(label.text(), left, left + width, label.y());
        }

        boolean covers(Extent other) {
            return left < other.right && other.left < right && Math.abs(line - other.line) < 9;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 2026-Q4",
        "7, 2026-Q4",
        "30, 2026-Q4",
        "1, 2026-11",
        "7, 2026-11",
        "1, 2026",
        "7, 2026-10-04/2026-10-12",
        "1, 2026-11-03",
        "7, 2026-11-09",
        "1, 2025/2027"
    })
    void labelsKeepApartAndInside(int daysBetweenDrills, String period) {
        for (Chart chart : charts(daysBetweenDrills, period)) {
            var labels = new ArrayList<Extent>();
            for (Shape shape : chart.shapes()) {
                if (shape instanceof Shape.Label label) {
                    labels.add(Extent.of(label));
                } else if (shape instanceof Shape.Mark mark) {
                    assertThat(mark.x()).isBetween(0.0, chart.width());
                    assertThat(mark.y()).isBetween(0.0, chart.height());
                } else if (shape instanceof Shape.Box box) {
                    assertThat(box.x()).isNotNegative();
                    assertThat(box.x() + box.width()).isLessThanOrEqualTo(chart.width() + 0.01);
                    assertThat(box.y()).isNotNegative();
                    assertThat(box.y() + box.height()).isLessThanOrEqualTo(chart.height());
                }
            }
            for (int i = 0; i < labels.size(); i++) {
                Extent label = labels.get(i);
                assertThat(label.left()).as(label.text()).isGreaterThanOrEqualTo(-1);
                assertThat(label.right()).as(label.text()).isLessThanOrEqualTo(chart.width() + 1);
                assertThat(label.line()).as(label.text()).isBetween(6.0, chart.height());
                assertThat(labels.subList(0, i).stream().filter(label::covers))
                        .as("%s over %s", chart.id(), label)
                        .isEmpty();
            }
        }
    }

    private static List<Chart> charts(int daysBetweenDrills, String name) {
        QuarterLedger ledger = LEDGERS.computeIfAbsent(daysBetweenDrills, days -> new QuarterLedger().lived(days));
        Period period = Period.of(name);
        Gathered gathered = Gathered.of(ledger.ledger(), period, Long.MAX_VALUE, List.of());
        var span = PeriodFacts.Span.of(period, Instant.parse("2028-01-10T00:00:00Z"));
        var source = new PeriodFacts.Source("default", 1, "", "", List.of(), "", 1);
        PeriodFacts facts = new PeriodReader(gathered, span, 14).read(source);
        List<Run> drills = gathered.drills();
        return List.of(
                TrendChart.rto(drills, span),
                TrendChart.rpo(drills, span),
                TrendChart.throughput(drills, span),
                StackChart.of(drills),
                CalendarChart.of(span, facts.calendar()));
    }

    /** At most five steps, each 1, 2 or 5 times a power of ten. */
    @ParameterizedTest
    @CsvSource({
        "0.001, 0.0002",
        "4.9, 1",
        "5, 1",
        "5.1, 2",
        "999, 200",
        "48_000_000, 10_000_000",
        "51_000_000, 20_000_000",
        "1_200_000_000, 500_000_000"
    })
    void marksOfThroughputAreRound(String longest, String step) {
        assertThat(Scale.THROUGHPUT.step(Double.parseDouble(longest.replace("_", "")), 5))
                .isCloseTo(Double.parseDouble(step.replace("_", "")), withinPercentage(0.001));
    }

    @ParameterizedTest
    @CsvSource({
        "0.4, 0 B/s, 0 B/s",
        "820, 820 B/s, 820 B/s",
        "999.6, 1.0 kB/s, 1 kB/s",
        "12_340_000, 12.3 MB/s, 12.3 MB/s",
        "99_960_000, 100 MB/s, 100 MB/s",
        "20_000_000, 20.0 MB/s, 20 MB/s",
        "1_234_000_000, 1.2 GB/s, 1.2 GB/s",
        "5e15, 5000 TB/s, 5000 TB/s"
    })
    void throughputIsWrittenAsForDisks(String bytesPerSecond, String words, String brief) {
        double value = Double.parseDouble(bytesPerSecond.replace("_", ""));
        assertThat(Scale.THROUGHPUT.words(value)).isEqualTo(words);
        assertThat(Scale.THROUGHPUT.brief(value)).isEqualTo(brief);
    }
}
