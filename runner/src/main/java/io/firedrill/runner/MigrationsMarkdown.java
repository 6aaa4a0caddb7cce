package io.firedrill.runner;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;

/** Writes migrations as Markdown, for a comment on a pull request or a job's summary. */
final class MigrationsMarkdown implements MigrationsPrinter {
    /** A number sign would become an issue, and a colon part of a link. */
    private static final String SPECIAL = "\\`*_{}[]()#!|~:$";

    private final PrintStream out;

    MigrationsMarkdown(PrintStream out) {
        this.out = out;
    }

    @Override
    public void print(MigrationsResult result) {
        out.println("## Migrations: " + text(MigrationsTable.summary(result)));
        out.println();
        out.println(text(result.tool()) + ", " + text(result.artefact())
                + (result.database() == null ? "" : ", database " + text(result.database())));
        if (result.lock() != null) {
            out.println();
            out.println("**Lock " + (result.lock().live() ? "live" : "stale") + "**: "
                    + text(MigrationsTable.words(result.lock())));
        }
        out.println();
        row(List.of("State", "Order", "Id", "Author", "Applied at", "By", "Tx", "Rollback", "Note"));
        out.println("|---|---|---|---|---|---|---|---|---|");
        result.changes()
                .forEach(change -> row(MigrationsTable.cells(change).stream()
                        .map(MigrationsMarkdown::text)
                        .toList()));
        out.println();
        result.findings().forEach(finding -> finding(finding, result.tool()));
        result.changes().forEach(change -> change.findings().forEach(finding -> finding(finding, change.name())));
    }

    private void row(List<String> cells) {
        out.println(cells.stream().collect(Collectors.joining(" | ", "| ", " |")));
    }

    private void finding(MigrationsResult.Lint finding, String about) {
        out.println("- **%s** `%s` %s: %s. %s %s"
                .formatted(
                        finding.level(),
                        finding.rule(),
                        text(about),
                        text(finding.detail()),
                        text(finding.why()),
                        text(finding.recipe())));
    }

    /** As it is, whatever Markdown or HTML would make of it. */
    private static String text(String text) {
        return Visible.of(text)
                .codePoints()
                .mapToObj(point -> {
                    String each = Character.toString(point);
                    return switch (each) {
                        case "<" -> "&lt;";
                        case ">" -> "&gt;";
                        case "&" -> "&amp;";
                        // A mention or an address would become a link, and somebody would be notified.
                        case "@" -> "&#64;";
                        default -> SPECIAL.contains(each) ? "\\" + each : each;
                    };
                })
                .collect(Collectors.joining());
    }
}
