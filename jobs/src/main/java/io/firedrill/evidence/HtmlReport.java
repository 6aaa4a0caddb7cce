package io.firedrill.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.thymeleaf.TemplateEngine;
import org.thymeleaf.context.Context;

/** The report of a run as one self-contained page, made from its record alone, so that it can be made again any time. */
public final class HtmlReport {
    private static final TemplateEngine ENGINE = Templates.in("io/firedrill/evidence/");
    private static final String STYLE = resource("report.css");

    private HtmlReport() {}

    /** The page without a checkpoint: of a record that has none yet. */
    public static String render(RunRecord record) {
        return page(values(record));
    }

    /** The page, with the checkpoint over the record at its foot, so that whoever keeps the page keeps a copy of that. */
    public static String render(RunRecord record, Checkpoint checkpoint) {
        Map<String, Object> values = values(record);
        values.put("checkpoint", checkpoint.copy());
        return page(values);
    }

    /** What the page shows, as plain texts under the names of its template, for whoever shows it another way. */
    public static Map<String, Object> values(RunRecord record) {
        return new ReportModel(record).values();
    }

    /** How every page of ours looks, light and dark, on screen and on paper. */
    public static String style() {
        return STYLE;
    }

    private static String page(Map<String, Object> values) {
        values.put("style", STYLE);
        return ENGINE.process("report", new Context(Locale.ROOT, values));
    }

    private static String resource(String name) {
        try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }
}
