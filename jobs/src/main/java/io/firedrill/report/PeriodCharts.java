package io.firedrill.report;

import io.firedrill.evidence.Units;
import io.firedrill.report.Block.Cell;
import io.firedrill.report.Block.Column;
import io.firedrill.report.Block.Grid;
import io.firedrill.report.Block.Heading;
import io.firedrill.report.Block.Plot;
import io.firedrill.report.Block.Words;
import io.firedrill.report.PeriodFacts.OfSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The pictures of a period: of each source its own, since lines through the drills of two would tell of neither. */
final class PeriodCharts {
    /** Of more of them nobody looks at every picture. */
    static final int SOURCES_MAX = 8;

    private final PeriodFacts facts;
    private final Map<String, List<Run>> drills = new HashMap<>();
    private final List<Block> blocks = new ArrayList<>();
    private String suffix = "";
    private String of = "";

    PeriodCharts(PeriodFacts facts, List<Share> shares) {
        this.facts = facts;
        shares.forEach(share -> drills.put(share.name(), share.drills()));
    }

    List<Block> blocks() {
        int shown = Math.min(SOURCES_MAX, facts.sources().size());
        for (OfSource source : facts.sources().subList(0, shown)) {
            boolean several = facts.hasSeveralSources();
            suffix = several ? "-" + (facts.sources().indexOf(source) + 1) : "";
            of = several ? ": " + Shown.text(source.name()) : "";
            charts(source, drills.getOrDefault(source.name(), List.of()));
        }
        if (shown < facts.sources().size()) {
            blocks.add(new Words("Charts of the %d worst of %d sources; report.json has the others."
                    .formatted(shown, facts.sources().size())));
        }
        return List.copyOf(blocks);
    }

    private void head(String id, String text) {
        blocks.add(new Heading(id + suffix, text + of));
    }

    private void plot(Chart chart) {
        blocks.add(new Plot(chart.among(suffix, of)));
    }

    private void charts(OfSource source, List<Run> drills) {
        if (source.calendar().isEmpty()) {
            return;
        }
        head("h-calendar", "Calendar of drills");
        if (CalendarChart.isCut(facts.period())) {
            blocks.add(new Words("The last %d weeks of the period.".formatted(CalendarChart.WEEKS_MAX)));
        }
        plot(CalendarChart.of(facts.period(), source.calendar()));
        if (drills.stream().allMatch(Run::isMissed)) {
            return;
        }
        head("h-rto", "Recovery time against its target");
        plot(TrendChart.rto(drills, facts.period()));
        Forecast forecast = source.forecast();
        blocks.add(new Words(
                forecast.days() == null
                        ? "Days until the target is breached: " + forecast.words()
                        : "Days until the target is breached, an estimate from %d drills: %s Recovery time as a straight line over bytes, bytes as one over days."
                                .formatted(forecast.runs(), forecast.words())));
        if (drills.stream().anyMatch(run -> run.isProof() && run.throughput().isPresent())) {
            head("h-throughput", "Throughput of recoveries");
            plot(TrendChart.throughput(drills, facts.period()));
        }
        phases(drills);
        head("h-rpo", "Age of the recovery point");
        plot(TrendChart.rpo(drills, facts.period()));
    }

    private void phases(List<Run> drills) {
        List<Run> ran = drills.stream().filter(run -> !run.slices().isEmpty()).toList();
        if (ran.isEmpty()) {
            return;
        }
        head("h-phases", "Where the recovery time went");
        if (ran.size() > StackChart.BARS_MAX) {
            blocks.add(new Words("The newest %d of %d drills.".formatted(StackChart.BARS_MAX, ran.size())));
        }
        plot(StackChart.of(drills));
        List<String> parts = StackChart.parts(ran);
        var columns = new ArrayList<Column>();
        columns.add(Column.number("Run", 1));
        parts.forEach(part -> columns.add(Column.number(Shown.text(part), 1)));
        blocks.add(new Grid(
                "These numbers as a table",
                columns,
                ran.stream().map(run -> shares(run, parts)).toList()));
    }

    private static List<Cell> shares(Run run, List<String> parts) {
        var row = new ArrayList<Cell>();
        row.add(Cell.of(Long.toString(run.record().seq())));
        StackChart.shares(run, parts).values().forEach(share -> row.add(Cell.of(Units.duration(share))));
        return row;
    }
}
