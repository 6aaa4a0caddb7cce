package io.firedrill.report;

import io.firedrill.evidence.HtmlReport;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;

/** A page as one file of HTML: no script, and nothing from outside. It is well-formed XML as well. */
final class HtmlPage {
    private static final String STYLE = resource();

    private final Markup out = new Markup();
    private final Svg svg = new Svg(out);
    private final Page page;
    private boolean inSection;

    private HtmlPage(Page page) {
        this.page = page;
    }

    static String render(Page page) {
        var html = new HtmlPage(page);
        html.head();
        html.body();
        return html.out.toString();
    }

    private void head() {
        out.ours("<!DOCTYPE html>\n")
                .open("html", "lang", "en")
                .line()
                .open("head")
                .line();
        out.single("meta", "charset", "UTF-8").line();
        out.single(
                        "meta",
                        "http-equiv",
                        "Content-Security-Policy",
                        "content",
                        "default-src 'none'; style-src 'unsafe-inline'")
                .line();
        out.single("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
                .line();
        out.single("meta", "name", "color-scheme", "content", "light dark").line();
        out.said("title", page.title()).line();
        out.open("style").ours(HtmlReport.style()).ours(STYLE).close("style").line();
        out.close("head").line();
    }

    private void body() {
        out.open("body", "class", page.tone().word()).line().open("main").line();
        out.open("header", "class", "top")
                .open("span")
                .said("strong", "Firedrill")
                .text(" \u2002" + page.kind());
        out.close("span").said("span", page.when()).close("header").line();
        out.open("div", "class", "verdict").open("svg", "viewBox", "0 0 64 64", "aria-hidden", "true");
        svg.sign(32, 32, 28, page.tone());
        out.close("svg").said("h1", page.verdict()).close("div").line();
        out.said("p", page.lead(), "class", "lead").line();
        if (!page.why().isEmpty()) {
            out.open("div", "class", "why").said("p", page.why()).close("div").line();
        }
        page.blocks().forEach(this::block);
        endSection();
        out.said("p", page.foot(), "class", "foot soft small wrap").line();
        out.close("main").line().close("body").line().close("html").line();
    }

    private void block(Block block) {
        switch (block) {
            case Block.Heading heading -> {
                endSection();
                out.open("section", "aria-labelledby", heading.id()).line();
                out.said("h2", heading.text(), "id", heading.id()).line();
                inSection = true;
            }
            case Block.Words words ->
                out.said("p", words.text(), "class", "soft small words").line();
            case Block.Figures figures -> figures(figures);
            case Block.Plot plot -> {
                out.open("div", "class", "plot").line();
                svg.chart(plot.chart());
                out.close("div").line();
            }
            case Block.Grid grid -> grid(grid);
            case Block.Pairs pairs -> {
                out.open("dl", "class", "pairs").line();
                pairs.pairs()
                        .forEach(pair -> out.said("dt", pair.name())
                                .said("dd", pair.value())
                                .line());
                out.close("dl").line();
            }
            case Block.Code code -> out.said("pre", code.text()).line();
        }
    }

    private void endSection() {
        if (inSection) {
            out.close("section").line();
        }
        inSection = false;
    }

    private void figures(Block.Figures figures) {
        out.open("dl", "class", "figures").line();
        for (Block.Figure figure : figures.figures()) {
            out.open("div").said("dt", figure.name()).open("dd");
            out.said("div", figure.value(), "class", "value t-" + figure.ink().word());
            out.said("div", figure.note(), "class", "note")
                    .close("dd")
                    .close("div")
                    .line();
        }
        out.close("dl").line();
    }

    private void grid(Block.Grid grid) {
        if (!grid.folded().isEmpty()) {
            out.open("details").said("summary", grid.folded());
        }
        out.open("div", "class", "scroll").open("table");
        widths(grid);
        out.open("thead").open("tr");
        for (Block.Column column : grid.columns()) {
            out.said("th", column.name(), "scope", "col", "class", column.number() ? "num" : "words");
        }
        out.close("tr").close("thead").line().open("tbody").line();
        for (var row : grid.rows()) {
            out.open("tr");
            for (int i = 0; i < row.size(); i++) {
                cell(row.get(i), grid.columns().get(i).number());
            }
            out.close("tr").line();
        }
        out.close("tbody").close("table").close("div");
        if (!grid.folded().isEmpty()) {
            out.close("details");
        }
        out.line();
    }

    /** As on paper: left to itself, a browser gives all room to the longest text. */
    private void widths(Block.Grid grid) {
        if (grid.folded().isEmpty()) {
            double whole =
                    grid.columns().stream().mapToDouble(Block.Column::weight).sum();
            out.open("colgroup");
            grid.columns()
                    .forEach(column -> out.single(
                            "col", "style", String.format(Locale.ROOT, "width:%.1f%%", 100 * column.weight() / whole)));
            out.close("colgroup");
        }
    }

    private void cell(Block.Cell cell, boolean number) {
        out.open("td", "class", number ? "num" : "wrap");
        cell.sign().ifPresentOrElse(sign -> badge(sign, cell.text()), () -> out.text(cell.text()));
        if (!cell.small().isEmpty()) {
            out.said("div", cell.small(), "class", "soft small");
        }
        out.close("td");
    }

    private void badge(Sign sign, String text) {
        out.open("span", "class", "badge t-" + sign.ink().word());
        out.open("svg", "viewBox", "-8 -8 16 16", "aria-hidden", "true");
        svg.sign(0, 0, 6, sign);
        out.close("svg").text(text).close("span");
    }

    private static String resource() {
        String name = "page.css";
        try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }
}
