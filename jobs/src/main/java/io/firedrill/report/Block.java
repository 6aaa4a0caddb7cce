package io.firedrill.report;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** One piece of a page, whatever it is shown on. */
sealed interface Block {
    /** What follows belongs under it. */
    record Heading(String id, String text) implements Block {}

    record Words(String text) implements Block {}

    /** The few numbers that people look for first. */
    record Figures(List<Figure> figures) implements Block {
        public Figures {
            figures = List.copyOf(figures);
        }
    }

    record Figure(String name, String value, String note, Ink ink) {}

    record Plot(Chart chart) implements Block {}

    /**
     * A table.
     *
     * @param folded what to click to see it; empty for one that is always there. Paper leaves folded ones out.
     */
    record Grid(String folded, List<Column> columns, List<List<Cell>> rows) implements Block {
        public Grid {
            columns = List.copyOf(columns);
            rows = rows.stream().map(List::copyOf).toList();
        }
    }

    /** A column; {@code weight} is its share of the width on paper. */
    record Column(String name, double weight, boolean number) {
        static Column text(String name, double weight) {
            return new Column(name, weight, false);
        }

        static Column number(String name, double weight) {
            return new Column(name, weight, true);
        }
    }

    /** A cell: words, before them a sign, and under them smaller words; the last two may be missing. */
    record Cell(String text, Optional<Sign> sign, String small) {
        static Cell of(String text) {
            return new Cell(text, Optional.empty(), "");
        }

        static Cell of(Sign sign, String text) {
            return new Cell(text, Optional.of(sign), "");
        }

        Cell with(String under) {
            return new Cell(text, sign, under);
        }

        static List<Cell> row(String... texts) {
            return Arrays.stream(texts).map(Cell::of).toList();
        }
    }

    /** Names and what they are, in turn. */
    record Pairs(List<Pair> pairs) implements Block {
        public Pairs {
            pairs = List.copyOf(pairs);
        }
    }

    record Pair(String name, String value) {}

    /** Text whose letters are all as wide, for people to copy. */
    record Code(String text) implements Block {}
}
