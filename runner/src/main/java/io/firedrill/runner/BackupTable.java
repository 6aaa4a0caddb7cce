package io.firedrill.runner;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** The list of backups as a table whose columns are as wide as they have to be. */
final class BackupTable {
    private static final List<String> HEADINGS =
            List.of("BACKUP", "STATE", "CREATED", "SOURCE", "COLLECTIONS", "DOCUMENTS", "RAW", "STORED");
    private static final int STATE_COLUMN = 1;
    private static final int FIRST_NUMBER = 4;

    private final PrintStream out;
    private final UnaryOperator<String> painted;

    BackupTable(PrintStream out, UnaryOperator<String> painted) {
        this.out = out;
        this.painted = painted;
    }

    /** What is to be said about a single one stands behind its line. */
    void print(List<BackupLine> backups) {
        if (backups.isEmpty()) {
            out.println("No backups in this store yet; firedrill backup makes the first.");
            return;
        }
        List<List<String>> rows = backups.stream().map(BackupTable::cells).toList();
        int[] widths = new int[HEADINGS.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = width(rows, column);
        }
        out.println(line(HEADINGS, widths));
        for (List<String> row : rows) {
            String state = row.get(STATE_COLUMN);
            String line = line(row, widths).replaceFirst("\\b" + state + "\\b", painted.apply(state));
            String note = backups.get(rows.indexOf(row)).note();
            out.println(note.isEmpty() ? line : line + "  " + note);
        }
    }

    private static List<String> cells(BackupLine backup) {
        return List.of(
                backup.backupId(),
                backup.state().toUpperCase(Locale.ROOT),
                Figures.time(backup.createdAt()),
                backup.source(),
                Figures.count(backup.collections()),
                Figures.count(backup.documents()),
                Figures.bytes(backup.bytesRaw()),
                Figures.bytes(backup.bytesStored()));
    }

    private static int width(List<List<String>> rows, int column) {
        int widest =
                rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
        return Math.max(widest, HEADINGS.get(column).length());
    }

    private static String line(List<String> cells, int[] widths) {
        var line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            String padding = " ".repeat(widths[column] - cell.length());
            line.append(column < FIRST_NUMBER ? cell + padding : padding + cell).append("  ");
        }
        return line.toString().stripTrailing();
    }
}
