package io.firedrill.report;

import io.firedrill.report.Shape.Point;
import java.util.ArrayList;
import java.util.List;

/**
 * The outline of a sign, in straight lines, so that every medium can draw it.
 *
 * @param closed whether the last point leads back to the first
 */
record Outline(List<Point> points, boolean closed) {
    private static final int CORNERS = 20;
    private static final double BREADTH = 0.85;

    /** Whether the sign is a plane; else it is lines. */
    static boolean isFilled(Sign sign) {
        return sign == Sign.PASSED || sign == Sign.WARNED || sign == Sign.ABORTED;
    }

    static List<Outline> of(Sign sign, double x, double y, double r) {
        double s = r * BREADTH;
        return switch (sign) {
            case PASSED, INCONCLUSIVE -> List.of(round(x, y, s));
            case PART -> List.of(round(x, y, s), new Outline(List.of(at(x - s, y), at(x + s, y)), false));
            case WARNED -> List.of(new Outline(List.of(at(x, y - r), at(x + r, y + s), at(x - r, y + s)), true));
            case FAILED ->
                List.of(
                        new Outline(List.of(at(x - s, y - s), at(x + s, y + s)), false),
                        new Outline(List.of(at(x - s, y + s), at(x + s, y - s)), false));
            case ABORTED ->
                List.of(new Outline(
                        List.of(at(x - s, y - s), at(x + s, y - s), at(x + s, y + s), at(x - s, y + s)), true));
            case MISSED -> List.of(new Outline(List.of(at(x, y - r), at(x + r, y), at(x, y + r), at(x - r, y)), true));
        };
    }

    private static Outline round(double x, double y, double r) {
        var points = new ArrayList<Point>();
        for (int i = 0; i < CORNERS; i++) {
            double angle = 2 * Math.PI * i / CORNERS;
            points.add(at(x + r * Math.cos(angle), y + r * Math.sin(angle)));
        }
        return new Outline(points, true);
    }

    private static Point at(double x, double y) {
        return new Point(x, y);
    }
}
