package io.firedrill.runner;

import io.firedrill.oplog.Happening;
import java.io.PrintStream;
import java.util.List;

/** A table of what happened, the oldest first. */
final class OplogLines {
    private final PrintStream out;

    OplogLines(PrintStream out) {
        this.out = out;
    }

    void print(OplogShowResult result) {
        int times = width(result.entries().stream().map(OplogLines::when).toList());
        int kinds =
                width(result.entries().stream().map(OplogShowResult.Line::kind).toList());
        for (OplogShowResult.Line line : result.entries()) {
            String count = line.operations() > 1 ? "  (" + Figures.count(line.operations()) + " documents)" : "";
            out.println(("%-" + times + "s  %s  %-" + kinds + "s  %s%s")
                    .formatted(when(line), Figures.time(line.wall()), line.kind(), line.what(), count)
                    .stripTrailing());
        }
        if (result.entries().isEmpty()) {
            out.println("nothing from %s to %s".formatted(result.from(), result.to()));
        }
        if (result.next() != null) {
            out.println();
            out.println("There is more: go on with --from %s, or raise --limit.".formatted(result.next()));
        }
    }

    /** Of writes in one line the first and the last; a gap's end it says itself. */
    private static String when(OplogShowResult.Line line) {
        boolean one = line.last().equals(line.at()) || line.kind().equals(Happening.GAP);
        return one
                ? line.at()
                : line.at() + ".." + line.last().substring(line.last().indexOf(',') + 1);
    }

    private static int width(List<String> texts) {
        return texts.stream().mapToInt(String::length).max().orElse(1);
    }
}
