package io.firedrill.runner;

import java.util.List;
import java.util.stream.Collectors;

/** A page of Markdown as it grows. What is handed in is Markdown; text of others goes through {@link MarkdownText} first. */
final class MarkdownPage {
    private final StringBuilder text = new StringBuilder();

    MarkdownPage title(String title) {
        return add("# " + title + "\n");
    }

    MarkdownPage section(String title) {
        return add("## " + title + "\n");
    }

    MarkdownPage part(String title) {
        return add("### " + title + "\n");
    }

    MarkdownPage say(String paragraph) {
        return add(paragraph + "\n");
    }

    MarkdownPage bullets(List<String> items) {
        return items.isEmpty()
                ? this
                : add(items.stream().map(each -> "- " + each + "\n").collect(Collectors.joining()));
    }

    MarkdownPage shell(String... lines) {
        return add(MarkdownText.block("sh", String.join("\n", lines)));
    }

    /** The cells are Markdown without a bar of their own. */
    MarkdownPage table(List<String> head, List<List<String>> rows) {
        return add(row(head) + "|" + "---|".repeat(head.size()) + "\n"
                + rows.stream().map(MarkdownPage::row).collect(Collectors.joining()));
    }

    private static String row(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private MarkdownPage add(String block) {
        text.append(text.isEmpty() ? "" : "\n").append(block);
        return this;
    }

    String text() {
        return text.toString();
    }
}
