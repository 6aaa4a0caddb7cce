package io.firedrill.evidence;

import java.util.Locale;
import java.util.Map;
import org.thymeleaf.TemplateEngine;
import org.thymeleaf.context.Context;

/** The report of a run as one self-contained page, made from its record alone, so that it can be made again any time. */
public final class HtmlReport {
    private static final TemplateEngine ENGINE = Templates.in("io/firedrill/evidence/");

    private HtmlReport() {}

    /** The page without a checkpoint: of a record that has none yet. */
    public static String render(RunRecord record) {
        return page(new ReportModel(record).values());
    }

    /** The page, with the checkpoint over the record at its foot, so that whoever keeps the page keeps a copy of that. */
    public static String render(RunRecord record, Checkpoint checkpoint) {
        Map<String, Object> values = new ReportModel(record).values();
        values.put("checkpoint", checkpoint.copy());
        return page(values);
    }

    private static String page(Map<String, Object> values) {
        return ENGINE.process("report", new Context(Locale.ROOT, values));
    }
}
