package io.firedrill.report;

import java.util.List;

/** What a chart is drawn of, in the units of its own width and height, the origin top left. */
sealed interface Shape {
    record Line(double x1, double y1, double x2, double y2, Ink ink, boolean dashed) implements Shape {}

    /**
     * A filled rectangle.
     *
     * @param title what it stands for; empty for what is only there to look at
     */
    record Box(double x, double y, double width, double height, Ink ink, String title) implements Shape {}

    /** A line through points, in their order. */
    record Trace(List<Point> points, Ink ink, boolean dashed) implements Shape {
        public Trace {
            points = List.copyOf(points);
        }
    }

    record Point(double x, double y) {}

    /** A sign with its middle at a point; half as high as {@code radius} says twice. */
    record Mark(double x, double y, double radius, Sign sign, String title) implements Shape {}

    /** Words on one line. {@code anchor} says which end of them stands at x. */
    record Label(double x, double y, String text, Anchor anchor, Ink ink) implements Shape {}

    enum Anchor {
        START,
        MIDDLE,
        END
    }
}
