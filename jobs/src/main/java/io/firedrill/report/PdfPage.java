package io.firedrill.report;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.pdfbox.pdmodel.PDDocument;

/** A page as a PDF on sheets of A4; the same page is the same bytes, whenever they are made. */
final class PdfPage {
    private static final double TITLE = 26;
    private static final double HEADING = 12;
    private static final double TEXT = 8.5;
    private static final double SMALL = 7.5;
    private static final double FIGURE = 14;
    private static final int FIGURES_IN_LINE = 4;
    private static final double NAMES = 120;

    private final Page page;
    private final PdfSheets sheets;
    private final PdfLetters letters;
    private final PdfDrawing drawing;

    private PdfPage(Page page, PDDocument document) throws IOException {
        this.page = page;
        this.letters = new PdfLetters(document);
        this.sheets = new PdfSheets(document, letters);
        this.drawing = new PdfDrawing(sheets, letters);
    }

    static byte[] render(Page page) {
        try (var document = new PDDocument()) {
            document.getDocumentInformation().setTitle(page.title());
            document.getDocumentInformation().setProducer("Firedrill");
            document.getDocumentCatalog().setLanguage("en");
            document.setDocumentId(number(page));
            var pdf = new PdfPage(page, document);
            pdf.head();
            for (Block block : page.blocks()) {
                pdf.block(block);
            }
            pdf.sheets.finish(pdf.letters.printable(page.foot()));
            var out = new ByteArrayOutputStream();
            document.save(out);
            return out.toByteArray();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** Told by what is on the page, not by the clock as PDFs usually are. */
    private static long number(Page page) {
        var sum = new CRC32();
        sum.update(page.toString().getBytes(StandardCharsets.UTF_8));
        return sum.getValue();
    }

    private void head() throws IOException {
        String kind = letters.printable("Firedrill   " + page.kind());
        sheets.write(kind, PdfSheets.LEFT, sheets.y(), TEXT, Ink.SOFT, false);
        String when = letters.printable(page.when());
        double right = PdfSheets.LEFT + PdfSheets.WIDTH - letters.width(when, TEXT);
        sheets.write(when, right, sheets.y(), TEXT, Ink.SOFT, false);
        sheets.down(44);
        drawing.sign(page.tone(), PdfSheets.LEFT + 12, sheets.y() - 9, 11);
        double indent = 34;
        for (String line : letters.wrapped(letters.printable(page.verdict()), TITLE, PdfSheets.WIDTH - indent)) {
            sheets.write(
                    line,
                    PdfSheets.LEFT + indent,
                    sheets.y(),
                    TITLE,
                    page.tone().ink(),
                    true);
            sheets.down(TITLE + 4);
        }
        words(page.lead(), 10.5, Ink.TEXT);
        if (!page.why().isEmpty()) {
            words(page.why(), TEXT, Ink.SOFT);
        }
    }

    private void block(Block block) throws IOException {
        switch (block) {
            case Block.Heading heading -> {
                sheets.room(150);
                sheets.down(18);
                sheets.write(letters.printable(heading.text()), PdfSheets.LEFT, sheets.y(), HEADING, Ink.TEXT, true);
                sheets.down(10);
            }
            case Block.Words words -> words(words.text(), SMALL, Ink.SOFT);
            case Block.Figures figures -> figures(figures.figures());
            case Block.Plot plot -> drawing.chart(plot.chart());
            case Block.Grid grid -> {
                if (grid.folded().isEmpty()) {
                    new PdfTable(sheets, letters, drawing, grid).draw();
                }
            }
            case Block.Pairs pairs -> {
                for (Block.Pair pair : pairs.pairs()) {
                    pair(pair);
                }
            }
            case Block.Code code -> words(code.text(), SMALL, Ink.TEXT);
        }
    }

    private void words(String text, double size, Ink ink) throws IOException {
        for (String line : letters.wrapped(letters.printable(text), size, PdfSheets.WIDTH)) {
            sheets.room(size + 4);
            sheets.write(line, PdfSheets.LEFT, sheets.y() + size, size, ink, false);
            sheets.down(size + 3);
        }
        sheets.down(4);
    }

    private void figures(List<Block.Figure> figures) throws IOException {
        double width = PdfSheets.WIDTH / FIGURES_IN_LINE;
        for (int i = 0; i < figures.size(); i += FIGURES_IN_LINE) {
            sheets.room(60);
            sheets.down(8);
            double deepest = 0;
            double x = PdfSheets.LEFT;
            for (Block.Figure figure : figures.subList(i, Math.min(figures.size(), i + FIGURES_IN_LINE))) {
                deepest = Math.max(deepest, figure(figure, x, width - 10));
                x += width;
            }
            sheets.down(deepest);
        }
    }

    /** Answers how deep it reaches. */
    private double figure(Block.Figure figure, double x, double width) throws IOException {
        double at = sheets.y() + SMALL;
        for (String line : letters.wrapped(letters.printable(figure.name()), SMALL, width)) {
            sheets.write(line, x, at, SMALL, Ink.SOFT, false);
            at += SMALL + 2;
        }
        at += FIGURE + 1 - SMALL;
        for (String line : letters.wrapped(letters.printable(figure.value()), FIGURE, width)) {
            sheets.write(line, x, at, FIGURE, figure.ink(), true);
            at += FIGURE + 2;
        }
        at -= 5;
        for (String line : letters.wrapped(letters.printable(figure.note()), SMALL - 1, width)) {
            sheets.write(line, x, at, SMALL - 1, Ink.SOFT, false);
            at += SMALL + 1;
        }
        return at - sheets.y();
    }

    private void pair(Block.Pair pair) throws IOException {
        List<String> names = letters.wrapped(letters.printable(pair.name()), SMALL, NAMES - 8);
        List<String> values = letters.wrapped(letters.printable(pair.value()), SMALL, PdfSheets.WIDTH - NAMES);
        int lines = Math.max(names.size(), values.size());
        for (int i = 0; i < lines; i++) {
            sheets.room(SMALL + 4);
            double at = sheets.y() + SMALL;
            if (i < names.size()) {
                sheets.write(names.get(i), PdfSheets.LEFT, at, SMALL, Ink.SOFT, false);
            }
            if (i < values.size()) {
                sheets.write(values.get(i), PdfSheets.LEFT + NAMES, at, SMALL, Ink.TEXT, false);
            }
            sheets.down(SMALL + 3);
        }
        sheets.rectangle(PdfSheets.LEFT, sheets.y(), PdfSheets.WIDTH, 0.4, Ink.LINE);
        sheets.down(3);
    }
}
