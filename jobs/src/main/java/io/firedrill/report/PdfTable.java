package io.firedrill.report;

import io.firedrill.report.Block.Cell;
import io.firedrill.report.Block.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A table on sheets: a row stays together, and each sheet begins with the names of the columns. */
final class PdfTable {
    private static final double SIZE = 7.5;
    private static final double SMALL = 6.5;
    private static final double LEADING = 2.2;
    private static final double GAP = 7;
    private static final double SIGN = 9;

    private final PdfSheets sheets;
    private final PdfLetters letters;
    private final PdfDrawing drawing;
    private final Block.Grid grid;
    private final double unit;

    PdfTable(PdfSheets sheets, PdfLetters letters, PdfDrawing drawing, Block.Grid grid) {
        this.sheets = sheets;
        this.letters = letters;
        this.drawing = drawing;
        this.grid = grid;
        this.unit = PdfSheets.WIDTH
                / grid.columns().stream().mapToDouble(Column::weight).sum();
    }

    /** A cell, cut into lines. */
    private record Laid(Cell cell, List<String> lines, List<String> small) {
        double height() {
            return lines.size() * (SIZE + LEADING) + small.size() * (SMALL + LEADING);
        }
    }

    void draw() throws IOException {
        List<Laid> names = laid(
                grid.columns().stream().map(column -> Cell.of(column.name())).toList());
        boolean begun = false;
        for (List<Cell> row : grid.rows()) {
            List<Laid> cells = laid(row);
            boolean turned = sheets.room(height(cells) + (begun ? 0 : 2 * height(names)));
            if (!begun || turned) {
                row(names, Ink.SOFT);
                begun = true;
            }
            row(cells, Ink.TEXT);
        }
        sheets.down(6);
    }

    private List<Laid> laid(List<Cell> cells) {
        var laid = new ArrayList<Laid>();
        for (int i = 0; i < cells.size(); i++) {
            Cell cell = cells.get(i);
            double room = unit * grid.columns().get(i).weight() - GAP;
            double indent = cell.sign().isPresent() ? SIGN : 0;
            List<String> small = cell.small().isEmpty() ? List.of() : lines(cell.small(), SMALL, room - indent);
            laid.add(new Laid(cell, lines(cell.text(), SIZE, room - indent), small));
        }
        return laid;
    }

    private List<String> lines(String text, double size, double width) {
        return letters.wrapped(letters.printable(text), size, width);
    }

    private static double height(List<Laid> cells) {
        return cells.stream().mapToDouble(Laid::height).max().orElse(0) + 4;
    }

    private void row(List<Laid> cells, Ink ink) throws IOException {
        double x = PdfSheets.LEFT;
        for (int i = 0; i < cells.size(); i++) {
            double room = unit * grid.columns().get(i).weight();
            cell(cells.get(i), x, room - GAP, grid.columns().get(i).number(), ink);
            x += room;
        }
        sheets.down(height(cells));
        sheets.rectangle(PdfSheets.LEFT, sheets.y() - 1, PdfSheets.WIDTH, 0.5, Ink.LINE);
        sheets.down(1.5);
    }

    private void cell(Laid laid, double x, double room, boolean number, Ink ink) throws IOException {
        double at = sheets.y() + SIZE;
        double left = x;
        Ink words = ink;
        if (laid.cell().sign().isPresent()) {
            Sign sign = laid.cell().sign().get();
            drawing.sign(sign, x + 3.5, at - SIZE / 3, 3);
            left += SIGN;
            words = sign.ink();
        }
        for (String line : laid.lines()) {
            double begin = number ? x + room - letters.width(line, SIZE) : left;
            sheets.write(line, begin, at, SIZE, words, laid.cell().sign().isPresent());
            at += SIZE + LEADING;
        }
        at -= SIZE - SMALL;
        for (String line : laid.small()) {
            double begin = number ? x + room - letters.width(line, SMALL) : left;
            sheets.write(line, begin, at, SMALL, Ink.SOFT, false);
            at += SMALL + LEADING;
        }
    }
}
