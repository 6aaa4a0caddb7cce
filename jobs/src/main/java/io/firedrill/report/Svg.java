package io.firedrill.report;

import static io.firedrill.report.Markup.number;

import java.util.Locale;
import java.util.stream.Collectors;

/** Writes charts into a page as inline SVG. */
final class Svg {
    private final Markup out;

    Svg(Markup out) {
        this.out = out;
    }

    void chart(Chart chart) {
        out.open(
                "svg",
                "role",
                "img",
                "viewBox",
                "0 0 %s %s".formatted(number(chart.width()), number(chart.height())),
                "aria-labelledby",
                "%s-title %s-desc".formatted(chart.id(), chart.id()));
        out.said("title", chart.title(), "id", chart.id() + "-title");
        out.said("desc", chart.words(), "id", chart.id() + "-desc");
        chart.shapes().forEach(this::shape);
        out.close("svg").line();
        if (!chart.keys().isEmpty()) {
            out.open("p", "class", "legend");
            chart.keys().forEach(this::key);
            out.close("p").line();
        }
    }

    private void key(Chart.Key key) {
        out.open("span").open("svg", "viewBox", "-9 -7 18 14", "aria-hidden", "true");
        key.sign()
                .ifPresentOrElse(
                        sign -> sign(0, 0, 5, sign),
                        () -> shape(
                                key.dashed()
                                        ? new Shape.Line(-9, 0, 9, 0, key.ink(), true)
                                        : new Shape.Box(-8, -5, 16, 10, key.ink(), "")));
        out.close("svg").text(key.text()).close("span").text(" ");
    }

    private void shape(Shape shape) {
        switch (shape) {
            case Shape.Line line ->
                out.single(
                        "line",
                        "class",
                        stroke(line.ink(), line.dashed()),
                        "x1",
                        number(line.x1()),
                        "y1",
                        number(line.y1()),
                        "x2",
                        number(line.x2()),
                        "y2",
                        number(line.y2()));
            case Shape.Box box -> box(box);
            case Shape.Trace trace ->
                out.single(
                        "polyline",
                        "class",
                        stroke(trace.ink(), trace.dashed()),
                        "points",
                        trace.points().stream()
                                .map(point -> number(point.x()) + "," + number(point.y()))
                                .collect(Collectors.joining(" ")));
            case Shape.Mark mark -> {
                out.open("g").said("title", mark.title());
                sign(mark.x(), mark.y(), mark.radius(), mark.sign());
                out.close("g");
            }
            case Shape.Label label ->
                out.said(
                        "text",
                        label.text(),
                        "class",
                        "f-" + label.ink().word(),
                        "x",
                        number(label.x()),
                        "y",
                        number(label.y()),
                        "text-anchor",
                        label.anchor().name().toLowerCase(Locale.ROOT));
        }
    }

    private void box(Shape.Box box) {
        out.open(
                "rect",
                "class",
                "f-" + box.ink().word(),
                "x",
                number(box.x()),
                "y",
                number(box.y()),
                "width",
                number(box.width()),
                "height",
                number(box.height()));
        if (!box.title().isEmpty()) {
            out.said("title", box.title());
        }
        out.close("rect");
    }

    private static String stroke(Ink ink, boolean dashed) {
        return "s-" + ink.word() + (dashed ? " dashed" : "");
    }

    void sign(double x, double y, double radius, Sign sign) {
        String way = Outline.of(sign, x, y, radius).stream()
                .map(path -> "M"
                        + path.points().stream()
                                .map(point -> number(point.x()) + " " + number(point.y()))
                                .collect(Collectors.joining("L"))
                        + (path.closed() ? "Z" : ""))
                .collect(Collectors.joining());
        String look = Outline.isFilled(sign) ? "f-" : "s-";
        out.single("path", "class", "sign " + look + sign.ink().word(), "d", way);
    }
}
