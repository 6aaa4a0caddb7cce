package io.firedrill.report;

import java.io.IOException;
import java.util.List;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDPageContentStream;
import org.apache.pdfbox.pdmodel.PDPageContentStream.AppendMode;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.graphics.state.RenderingMode;

/** Sheets of A4, filled from the top; lengths are points, and y grows downwards, as people read. */
final class PdfSheets {
    static final double LEFT = 42;
    static final double WIDTH = PDRectangle.A4.getWidth() - 2 * LEFT;

    private static final double TOP = 44;
    private static final double HEIGHT = PDRectangle.A4.getHeight();
    private static final double BOTTOM = HEIGHT - 58;
    private static final double FOOT_SIZE = 6.5;
    /** Of the size; letters that are large need less to look bold. */
    private static final double BOLD = 0.03;

    private static final double BOLD_MAX = 0.35;
    private static final float[] DASHES = {3.5f, 3f};

    private final PDDocument document;
    private final PdfLetters letters;
    private PDPageContentStream sheet;
    private double y = TOP;

    PdfSheets(PDDocument document, PdfLetters letters) throws IOException {
        this.document = document;
        this.letters = letters;
        this.sheet = next();
    }

    private PDPageContentStream next() throws IOException {
        var page = new PDPage(PDRectangle.A4);
        document.addPage(page);
        return new PDPageContentStream(document, page);
    }

    double y() {
        return y;
    }

    void down(double by) {
        y += by;
    }

    /** Begins another sheet unless there is room for so much; answers whether it did. */
    boolean room(double height) throws IOException {
        if (y + height <= BOTTOM || y <= TOP) {
            return false;
        }
        sheet.close();
        sheet = next();
        y = TOP;
        return true;
    }

    /** Writes a printable text with the line of its letters at y. */
    void write(String printable, double x, double at, double size, Ink ink, boolean bold) throws IOException {
        write(sheet, printable, x, at, size, ink, bold);
    }

    private void write(
            PDPageContentStream on, String printable, double x, double at, double size, Ink ink, boolean bold)
            throws IOException {
        on.beginText();
        on.setFont(letters.font(), (float) size);
        on.setNonStrokingColor(colour(ink)[0], colour(ink)[1], colour(ink)[2]);
        on.setStrokingColor(colour(ink)[0], colour(ink)[1], colour(ink)[2]);
        on.setLineWidth((float) Math.min(size * BOLD, BOLD_MAX));
        on.setRenderingMode(bold ? RenderingMode.FILL_STROKE : RenderingMode.FILL);
        on.newLineAtOffset((float) x, (float) (HEIGHT - at));
        on.showText(printable);
        on.endText();
    }

    void rectangle(double x, double top, double width, double height, Ink ink) throws IOException {
        sheet.setNonStrokingColor(colour(ink)[0], colour(ink)[1], colour(ink)[2]);
        sheet.addRect((float) x, (float) (HEIGHT - top - height), (float) width, (float) height);
        sheet.fill();
    }

    /** A line through points, or the plane within them. */
    void path(List<Shape.Point> points, boolean closed, boolean filled, double thick, boolean dashed, Ink ink)
            throws IOException {
        sheet.setStrokingColor(colour(ink)[0], colour(ink)[1], colour(ink)[2]);
        sheet.setNonStrokingColor(colour(ink)[0], colour(ink)[1], colour(ink)[2]);
        sheet.setLineWidth((float) thick);
        sheet.setLineDashPattern(dashed ? DASHES : new float[0], 0);
        sheet.moveTo((float) points.getFirst().x(), (float)
                (HEIGHT - points.getFirst().y()));
        for (Shape.Point point : points.subList(1, points.size())) {
            sheet.lineTo((float) point.x(), (float) (HEIGHT - point.y()));
        }
        if (closed) {
            sheet.closePath();
        }
        if (filled) {
            sheet.fill();
        } else {
            sheet.stroke();
        }
    }

    private static float[] colour(Ink ink) {
        return new float[] {(ink.rgb() >> 16 & 255) / 255f, (ink.rgb() >> 8 & 255) / 255f, (ink.rgb() & 255) / 255f};
    }

    /** Ends the last sheet and writes the foot and its number on each. */
    void finish(String foot) throws IOException {
        sheet.close();
        int all = document.getNumberOfPages();
        for (int i = 0; i < all; i++) {
            try (var on = new PDPageContentStream(document, document.getPage(i), AppendMode.APPEND, true, true)) {
                double at = HEIGHT - 40;
                for (String line : letters.wrapped(foot, FOOT_SIZE, WIDTH - 60)) {
                    write(on, line, LEFT, at, FOOT_SIZE, Ink.SOFT, false);
                    at += FOOT_SIZE + 2;
                }
                String number = "%d / %d".formatted(i + 1, all);
                double right = LEFT + WIDTH - letters.width(number, FOOT_SIZE);
                write(on, number, right, HEIGHT - 40, FOOT_SIZE, Ink.SOFT, false);
            }
        }
    }
}
