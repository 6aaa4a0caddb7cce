package io.firedrill.report;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.font.PDFont;
import org.apache.pdfbox.pdmodel.font.PDType0Font;

/**
 * The one font of a PDF, of which the letters that are used go into the file: it looks the same everywhere, in forty years
 * too. Bold letters are the same ones with a line around them.
 */
final class PdfLetters {
    private static final String FONT = "/org/apache/pdfbox/resources/ttf/LiberationSans-Regular.ttf";
    private static final double PER_EM = 1000;

    private final PDFont font;
    private final Map<Integer, Boolean> known = new HashMap<>();

    PdfLetters(PDDocument document) throws IOException {
        try (InputStream in = PDDocument.class.getResourceAsStream(FONT)) {
            font = PDType0Font.load(document, Objects.requireNonNull(in, FONT), true);
        }
    }

    PDFont font() {
        return font;
    }

    /** The text with what the font has no letter for, or what is written from the right, by its number. */
    String printable(String text) {
        var printable = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (point == '\n' || known.computeIfAbsent(point, this::has)) {
                printable.appendCodePoint(point);
            } else {
                printable.append(Shown.numbered(point));
            }
        });
        return printable.toString();
    }

    private boolean has(int point) {
        byte direction = Character.getDirectionality(point);
        if (direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT
                || direction == Character.DIRECTIONALITY_RIGHT_TO_LEFT_ARABIC) {
            return false;
        }
        try {
            return font.encode(Character.toString(point)).length > 0;
        } catch (IOException | IllegalArgumentException _) {
            return false;
        }
    }

    double width(String printable, double size) {
        try {
            return font.getStringWidth(printable) * size / PER_EM;
        } catch (IOException thrown) {
            throw new IllegalStateException("the font is in memory", thrown);
        }
    }

    /** Cuts a printable text into lines that are no wider, between words where that can be, else within one. */
    List<String> wrapped(String text, double size, double width) {
        var lines = new ArrayList<String>();
        for (String paragraph : text.split("\n", -1)) {
            var line = new StringBuilder();
            for (String word : paragraph.split(" ", -1)) {
                String longer = line.isEmpty() ? word : line + " " + word;
                if (width(longer, size) > width && !line.isEmpty()) {
                    lines.add(line.toString());
                    longer = word;
                }
                line = new StringBuilder(broken(longer, size, width, lines));
            }
            lines.add(line.toString());
        }
        return lines;
    }

    /** Adds the full lines of a word that is too long, and answers the rest of it. */
    private String broken(String word, double size, double width, List<String> lines) {
        String rest = word;
        while (width(rest, size) > width && rest.codePointCount(0, rest.length()) > 1) {
            int end = rest.offsetByCodePoints(0, 1);
            while (width(rest.substring(0, rest.offsetByCodePoints(end, 1)), size) <= width) {
                end = rest.offsetByCodePoints(end, 1);
            }
            lines.add(rest.substring(0, end));
            rest = rest.substring(end);
        }
        return rest;
    }
}
