package io.firedrill.evidence;

import java.util.Locale;
import org.thymeleaf.TemplateEngine;
import org.thymeleaf.context.Context;
import org.thymeleaf.templatemode.TemplateMode;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;

/** The report of a run as one self-contained page, made from its record alone, so that it can be made again any time. */
public final class HtmlReport {
    private static final TemplateEngine ENGINE = engine();

    private HtmlReport() {}

    public static String render(RunRecord record) {
        return ENGINE.process("report", new Context(Locale.ROOT, new ReportModel(record).values()));
    }

    private static TemplateEngine engine() {
        var resolver = new ClassLoaderTemplateResolver(HtmlReport.class.getClassLoader());
        resolver.setPrefix("io/firedrill/evidence/");
        resolver.setSuffix(".html");
        resolver.setTemplateMode(TemplateMode.HTML);
        resolver.setCharacterEncoding("UTF-8");
        var engine = new TemplateEngine();
        engine.setTemplateResolver(resolver);
        return engine;
    }
}
