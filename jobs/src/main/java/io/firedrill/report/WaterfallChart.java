package io.firedrill.report;

import io.firedrill.report.Shape.Anchor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The phases of one run under each other, each from where it began to where it ended. */
final class WaterfallChart {
    private static final double LEFT = 170;
    private static final double RIGHT = Chart.WIDTH - 70;
    private static final double TOP = 20;
    private static final double ROW = 20;
    private static final double BAR = 11;

    private WaterfallChart() {}

    /**
     * @param rows with their places in percent of the axis, as the run's page has them
     */
    static Chart of(List<? extends Map<?, ?>> rows, List<? extends Map<?, ?>> ticks) {
        var shapes = new ArrayList<Shape>();
        double foot = TOP + rows.size() * ROW;
        for (Map<?, ?> tick : ticks) {
            double x = x(text(tick, "x"));
            shapes.add(new Shape.Line(x, TOP - 4, x, foot, Ink.LINE, false));
            shapes.add(new Shape.Label(x, TOP - 8, text(tick, "label"), Anchor.MIDDLE, Ink.SOFT));
        }
        double y = TOP;
        for (Map<?, ?> row : rows) {
            row(row, y, shapes);
            y += ROW;
        }
        return new Chart(
                "waterfall",
                "Phases of the run",
                "Each phase from where it began to where it ended.",
                Chart.WIDTH,
                foot,
                shapes,
                List.of(
                        Chart.Key.of("done", Ink.BAR),
                        Chart.Key.of("failed", Ink.BAD),
                        Chart.Key.of("outside RTO, or between attempts", Ink.P7)));
    }

    private static void row(Map<?, ?> row, double y, List<Shape> shapes) {
        String kind = text(row, "kind");
        String brief = Shown.brief(text(row, "name"));
        double line = y + ROW * 0.68;
        if (kind.equals("heading")) {
            shapes.add(new Shape.Label(0, line, brief, Anchor.START, Ink.TEXT));
            return;
        }
        Ink ink =
                switch (kind) {
                    case "done" -> Ink.BAR;
                    case "failed" -> Ink.BAD;
                    default -> Ink.P7;
                };
        double from = x(text(row, "x"));
        double width = x(text(row, "width")) - LEFT;
        String word = kind.equals("failed") ? " (failed)" : "";
        shapes.add(new Shape.Label(LEFT - 10, line, brief + word, Anchor.END, Ink.SOFT));
        shapes.add(new Shape.Box(from, y + (ROW - BAR) / 2, width, BAR, ink, text(row, "title")));
        shapes.add(new Shape.Label(Chart.WIDTH, line, text(row, "seconds"), Anchor.END, Ink.TEXT));
    }

    private static double x(String percent) {
        return LEFT + (RIGHT - LEFT) * Double.parseDouble(percent.replace("%", "")) / 100;
    }

    private static String text(Map<?, ?> of, String key) {
        return of.get(key) instanceof String text ? text : "";
    }
}
