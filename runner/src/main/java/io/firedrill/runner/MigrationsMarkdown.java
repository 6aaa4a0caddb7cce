package io.firedrill.runner;

import java.io.PrintStream;
import java.util.List;
import java.util.stream.Collectors;

/** Writes migrations as Markdown, for a comment on a pull request or a job's summary. */
final class MigrationsMarkdown implements MigrationsPrinter {
    private final PrintStream out;

    MigrationsMarkdown(PrintStream out) {
        this.out = out;
    }

    @Override
    public void print(MigrationsResult result) {
        out.println("## Migrations: " + MarkdownText.of(MigrationsTable.summary(result)));
        out.println();
        out.println(MarkdownText.of(result.tool()) + ", " + MarkdownText.of(result.artefact())
                + (result.database() == null ? "" : ", database " + MarkdownText.of(result.database())));
        if (result.lock() != null) {
            out.println();
            out.println("**Lock " + (result.lock().live() ? "live" : "stale") + "**: "
                    + MarkdownText.of(MigrationsTable.words(result.lock())));
        }
        out.println();
        row(List.of("State", "Order", "Id", "Author", "Applied at", "By", "Tx", "Rollback", "Note"));
        out.println("|---|---|---|---|---|---|---|---|---|");
        result.changes()
                .forEach(change -> row(MigrationsTable.cells(change).stream()
                        .map(MarkdownText::of)
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
                        MarkdownText.of(about),
                        MarkdownText.of(finding.detail()),
                        MarkdownText.of(finding.why()),
                        MarkdownText.of(finding.recipe())));
    }
}
