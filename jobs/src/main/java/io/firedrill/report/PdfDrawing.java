package io.firedrill.report;

import java.io.IOException;
import java.util.List;

/** Draws charts and signs on sheets. */
final class PdfDrawing {
    private static final double SCALE = PdfSheets.WIDTH / Chart.WIDTH;
    private static final double KEY_SIZE = 7.5;
    private static final double THIN = 0.5;

    private final PdfSheets sheets;
    private final PdfLetters letters;

    PdfDrawing(PdfSheets sheets, PdfLetters letters) {
        this.sheets = sheets;
        this.letters = letters;
    }

    void chart(Chart chart) throws IOException {
        double height = chart.height() * SCALE;
        sheets.room(height + 2 * KEY_SIZE + 16);
        double top = sheets.y();
        for (Shape shape : chart.shapes()) {
            shape(shape, top);
        }
        sheets.down(height + 10);
        keys(chart.keys());
    }

    private void shape(Shape shape, double top) throws IOException {
        switch (shape) {
            case Shape.Line line ->
                sheets.path(
                        List.of(at(line.x1(), line.y1(), top), at(line.x2(), line.y2(), top)),
                        false,
                        false,
                        line.dashed() ? 0.9 : THIN,
                        line.dashed(),
                        line.ink());
            case Shape.Box box ->
                sheets.rectangle(
                        PdfSheets.LEFT + box.x() * SCALE,
                        top + box.y() * SCALE,
                        box.width() * SCALE,
                        box.height() * SCALE,
                        box.ink());
            case Shape.Trace trace ->
                sheets.path(
                        trace.points().stream()
                                .map(point -> at(point.x(), point.y(), top))
                                .toList(),
                        false,
                        false,
                        1,
                        trace.dashed(),
                        trace.ink());
            case Shape.Mark mark -> {
                Shape.Point middle = at(mark.x(), mark.y(), top);
                sign(mark.sign(), middle.x(), middle.y(), mark.radius() * SCALE);
            }
            case Shape.Label label -> label(label, top);
        }
    }

    private void label(Shape.Label label, double top) throws IOException {
        double size = Chart.LETTERS * SCALE;
        String text = letters.printable(label.text());
        Shape.Point at = at(label.x(), label.y(), top);
        double width = letters.width(text, size);
        double x =
                switch (label.anchor()) {
                    case START -> at.x();
                    case MIDDLE -> at.x() - width / 2;
                    case END -> at.x() - width;
                };
        sheets.write(text, x, at.y(), size, label.ink(), false);
    }

    private static Shape.Point at(double x, double y, double top) {
        return new Shape.Point(PdfSheets.LEFT + x * SCALE, top + y * SCALE);
    }

    void sign(Sign sign, double x, double y, double radius) throws IOException {
        for (Outline outline : Outline.of(sign, x, y, radius)) {
            sheets.path(
                    outline.points(),
                    outline.closed(),
                    Outline.isFilled(sign),
                    Math.max(0.8, radius / 4),
                    false,
                    sign.ink());
        }
    }

    private void keys(List<Chart.Key> keys) throws IOException {
        double x = PdfSheets.LEFT;
        for (Chart.Key key : keys) {
            String text = letters.printable(key.text());
            double width = 14 + letters.width(text, KEY_SIZE);
            if (x + width > PdfSheets.LEFT + PdfSheets.WIDTH) {
                x = PdfSheets.LEFT;
                sheets.down(KEY_SIZE + 4);
            }
            key(key, x, sheets.y());
            sheets.write(text, x + 14, sheets.y(), KEY_SIZE, Ink.SOFT, false);
            x += width + 14;
        }
        sheets.down(keys.isEmpty() ? 0 : KEY_SIZE + 6);
    }

    private void key(Chart.Key key, double x, double line) throws IOException {
        double middle = line - KEY_SIZE / 3;
        if (key.sign().isPresent()) {
            sign(key.sign().get(), x + 5, middle, 3.4);
        } else if (key.dashed()) {
            var points = List.of(new Shape.Point(x, middle), new Shape.Point(x + 11, middle));
            sheets.path(points, false, false, 0.9, true, key.ink());
        } else {
            sheets.rectangle(x, middle - 3, 10, 6, key.ink());
        }
    }
}
