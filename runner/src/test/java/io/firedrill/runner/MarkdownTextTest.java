package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.strikethrough.StrikethroughExtension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.junit.jupiter.api.Test;

/** Held against a reader of Markdown that knows nothing of ours: commonmark-java, with what GitHub adds. */
class MarkdownTextTest {
    private static final String PIECES = "aZ9 ._-+=*`~#|\\[]()<>{}!&:/\"'$%^@";
    private static final List<String> WORDS = List.of(
            "www.example.com", "https://example.com/a_b", "&lt;", "<b>", "](", "![", "1. ", "2) ", "- ", "__", "a_b");
    private static final int STRINGS = 5_000;

    private static final List<Extension> OF_GITHUB = List.of(StrikethroughExtension.create(), TablesExtension.create());

    private static String read(String markdown) {
        return HtmlRenderer.builder()
                .extensions(OF_GITHUB)
                .build()
                .render(Parser.builder().extensions(OF_GITHUB).build().parse(markdown))
                .replace("\n", "");
    }

    private static String html(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String any(Random random) {
        return IntStream.range(0, 1 + random.nextInt(12))
                .mapToObj(_ -> random.nextInt(4) == 0
                        ? WORDS.get(random.nextInt(WORDS.size()))
                        : PIECES.substring(random.nextInt(PIECES.length())).substring(0, 1))
                .collect(Collectors.joining())
                .strip();
    }

    @Test
    void whateverTheTextIsAReaderOfMarkdownShowsJustThat() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        for (int i = 0; i < STRINGS; i++) {
            String text = any(random);
            if (text.isEmpty()) {
                continue;
            }
            String marked = MarkdownText.of(text);
            assertThat(read("- " + marked)).as(text).isEqualTo("<ul><li>" + html(text) + "</li></ul>");
            assertThat(read("### 1. " + marked)).as(text).isEqualTo("<h3>1. " + html(text) + "</h3>");
            assertThat(read("- Proof: " + marked + ". Time")).as(text).contains("<li>Proof: " + html(text) + ". Time<");
            assertThat(read("| a | b |\n|---|---|\n| " + marked + " | x |"))
                    .as(text)
                    .contains("<td>" + html(text) + "</td><td>x</td>");
        }
    }

    @Test
    void whatNeedsNoMarkIsReadAsItStands() {
        assertThat(MarkdownText.of("RERUN_SAFE of increments (ada): it came to 3, not 4"))
                .isEqualTo("RERUN_SAFE of increments (ada): it came to 3, not 4");
    }

    @Test
    void anAddressBecomesNoLinkAndNobodyIsNotified() {
        assertThat(MarkdownText.of("https://a.example www.a.example @team :tada: a@b.example"))
                .isEqualTo("https\\://a.example www\\.a.example &#64;team \\:tada: a&#64;b.example");
    }
}
