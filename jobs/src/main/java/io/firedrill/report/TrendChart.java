package io.firedrill.report;

import io.firedrill.report.Shape.Anchor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** A measure of drills against its target over the days; those in which it was not reached stand in a lane below. */
final class TrendChart {
    private static final double LEFT = 56;
    private static final double RIGHT = Chart.WIDTH - 84;
    private static final double TOP = 16;
    private static final double FOOT = 186;
    private static final double LANE = 24;
    private static final double RADIUS = 4.2;
    private static final double LABEL_ROOM = 48;
    private static final int LABELLED_MAX = 10;

    private final List<Run> drills;
    private final Function<Run, Optional<Double>> measure;
    private final Function<Run, Optional<Double>> target;
    private final Scale scale;
    private final TimeAxis days;
    private final ValueAxis values;
    private final List<Shape> shapes = new ArrayList<>();

    private TrendChart(
            List<Run> drills,
            Function<Run, Optional<Double>> measure,
            Function<Run, Optional<Double>> target,
            Scale scale,
            PeriodFacts.Span span) {
        this.drills = drills;
        this.measure = measure;
        this.target = target;
        this.scale = scale;
        this.days = new TimeAxis(span, LEFT, RIGHT - LEFT);
        double longest = drills.stream()
                .flatMap(run -> Stream.concat(measure.apply(run).stream(), target.apply(run).stream()))
                .mapToDouble(value -> value)
                .max()
                .orElse(1);
        this.values = ValueAxis.upTo(scale, longest, TOP, FOOT);
    }

    static Chart rto(List<Run> drills, PeriodFacts.Span span) {
        return new TrendChart(drills, Run::rto, Run::rtoTarget, Scale.DURATION, span)
                .chart("rto", "Recovery time of each drill", "the dashed line is the target");
    }

    static Chart rpo(List<Run> drills, PeriodFacts.Span span) {
        return new TrendChart(drills, Run::rpo, Run::rpoTarget, Scale.DURATION, span)
                .chart("rpo", "Age of the recovery point of each drill", "the dashed line is the target");
    }

    static Chart throughput(List<Run> drills, PeriodFacts.Span span) {
        return new TrendChart(drills, Run::throughput, _ -> Optional.empty(), Scale.THROUGHPUT, span)
                .chart(
                        "throughput",
                        "Throughput of each drill",
                        "it is the uncompressed data over the whole recovery time, proof included");
    }

    private Chart chart(String id, String title, String note) {
        List<Run> reached = drills.stream().filter(this::isReached).toList();
        List<Run> others = drills.stream().filter(run -> !isReached(run)).toList();
        double foot = others.isEmpty() ? FOOT : FOOT + LANE;
        shapes.addAll(values.marks(LEFT, RIGHT));
        shapes.addAll(days.marks(TOP, foot));
        targets();
        var line = reached.stream().map(this::point).toList();
        if (line.size() > 1) {
            shapes.add(new Shape.Trace(line, Ink.BAR, false));
        }
        reached.forEach(run -> shapes.add(mark(run, point(run))));
        labels(reached);
        lane(others);
        String words = "%d drills with a measured value, %d without; %s. The table of drills has every number."
                .formatted(reached.size(), others.size(), note);
        return new Chart(id, title, words, Chart.WIDTH, foot + 22, shapes, keys());
    }

    /** What did not come back as a whole has no measure of anything, even where a clock had stopped. */
    private boolean isReached(Run run) {
        return run.isProof() && measure.apply(run).isPresent();
    }

    private Shape.Point point(Run run) {
        return new Shape.Point(days.x(run.at()), values.y(measure.apply(run).orElse(0.0)));
    }

    private Sign sign(Run run) {
        if (!run.isProof()) {
            return run.sign();
        }
        double limit = target.apply(run).orElse(Double.MAX_VALUE);
        return measure.apply(run).orElse(0.0) <= limit ? Sign.PASSED : Sign.WARNED;
    }

    private Shape.Mark mark(Run run, Shape.Point at) {
        String value = isReached(run) ? scale.words(measure.apply(run).orElseThrow()) : "no value";
        String title = "run %d, %s: %s, %s"
                .formatted(run.record().seq(), run.at(), value, sign(run).words());
        return new Shape.Mark(at.x(), at.y(), RADIUS, sign(run), title);
    }

    /** Each target holds until the next one; a change of it is a step. */
    private void targets() {
        var line = new ArrayList<Shape.Point>();
        double last = -1;
        for (Run run : drills) {
            if (target.apply(run).isPresent()) {
                double y = values.y(target.apply(run).orElseThrow());
                double x = line.isEmpty() ? LEFT : days.x(run.at());
                if (!line.isEmpty()) {
                    line.add(new Shape.Point(x, line.getLast().y()));
                }
                line.add(new Shape.Point(x, y));
                last = target.apply(run).orElseThrow();
            }
        }
        if (!line.isEmpty()) {
            line.add(new Shape.Point(RIGHT, line.getLast().y()));
            shapes.add(new Shape.Trace(line, Ink.TEXT, true));
            shapes.add(new Shape.Label(
                    RIGHT + 6, line.getLast().y() + 4, "target " + scale.brief(last), Anchor.START, Ink.TEXT));
        }
    }

    /** The longest always has its number, the others while there is room. */
    private void labels(List<Run> reached) {
        List<Run> longestFirst = reached.stream()
                .sorted(Comparator.comparing((Run run) -> measure.apply(run).orElse(0.0))
                        .reversed())
                .limit(reached.size() <= LABELLED_MAX ? LABELLED_MAX : 1)
                .toList();
        var taken = new ArrayList<Double>();
        for (Run run : longestFirst) {
            Shape.Point at = point(run);
            if (taken.stream().noneMatch(x -> Math.abs(x - at.x()) < LABEL_ROOM)) {
                taken.add(at.x());
                String value = scale.words(measure.apply(run).orElseThrow());
                shapes.add(new Shape.Label(at.x(), besides(run, at), value, Anchor.MIDDLE, Ink.TEXT));
            }
        }
    }

    /** Above its point, or below where the line of the target would run through it. */
    private double besides(Run run, Shape.Point at) {
        double above = at.y() - 8;
        double line = target.apply(run).map(values::y).orElse(0.0);
        return line < at.y() && line > above - 12 ? at.y() + 17 : above;
    }

    private void lane(List<Run> others) {
        if (others.isEmpty()) {
            return;
        }
        double y = FOOT + LANE / 2;
        shapes.add(new Shape.Line(LEFT, FOOT + LANE, RIGHT, FOOT + LANE, Ink.LINE, false));
        shapes.add(new Shape.Label(LEFT - 6, y + 4, "no value", Anchor.END, Ink.SOFT));
        for (int i = 0; i < others.size(); i++) {
            Run run = others.get(i);
            double x = days.x(run.at());
            double next = i + 1 < others.size() ? days.x(others.get(i + 1).at()) : RIGHT + LABEL_ROOM;
            shapes.add(mark(run, new Shape.Point(x, y)));
            if (next - x > LABEL_ROOM + 20) {
                String word = run.sign() == Sign.PART
                        ? "a part"
                        : run.outcome().name().toLowerCase(Locale.ROOT);
                shapes.add(new Shape.Label(
                        x + 8, y + 4, word, Anchor.START, sign(run).ink()));
            }
        }
    }

    private List<Chart.Key> keys() {
        var keys = new ArrayList<Chart.Key>();
        drills.stream().map(this::sign).distinct().sorted().map(Chart.Key::of).forEach(keys::add);
        if (drills.stream().anyMatch(run -> target.apply(run).isPresent())) {
            keys.add(Chart.Key.dashed("target", Ink.TEXT));
        }
        return keys;
    }
}
