package io.firedrill.report;

import io.firedrill.report.Shape.Anchor;
import java.util.ArrayList;
import java.util.List;

/**
 * Values up the side of a chart, from 0.
 *
 * @param top where the largest stands, and {@code foot} where 0 does
 */
record ValueAxis(double top, double foot, double longest, double step, Scale scale) {
    private static final int MARKS_MAX = 5;
    private static final double HEADROOM = 1.08;

    /** Room for a value like the longest, and no mark of the axis without a line. */
    static ValueAxis upTo(Scale scale, double longest, double top, double foot) {
        double needed = Math.max(0.001, longest * HEADROOM);
        double step = scale.step(needed, MARKS_MAX);
        return new ValueAxis(top, foot, Math.ceil(needed / step) * step, step, scale);
    }

    double y(double value) {
        return foot - (foot - top) * value / longest;
    }

    List<Shape> marks(double left, double right) {
        var shapes = new ArrayList<Shape>();
        for (int i = 0; i * step <= longest * 1.0001; i++) {
            double y = y(i * step);
            shapes.add(new Shape.Line(left, y, right, y, Ink.LINE, false));
            shapes.add(new Shape.Label(left - 6, y + 4, i == 0 ? "0" : scale.brief(i * step), Anchor.END, Ink.SOFT));
        }
        return shapes;
    }
}
