package io.firedrill.evidence;

import org.thymeleaf.TemplateEngine;
import org.thymeleaf.templatemode.TemplateMode;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;

/** The pages that Firedrill writes: templates on the class path, in which all data is escaped. */
public final class Templates {
    private Templates() {}

    /** An engine for the templates of a folder, such as {@code io/firedrill/evidence/}. */
    public static TemplateEngine in(String folder) {
        var resolver = new ClassLoaderTemplateResolver(Templates.class.getClassLoader());
        resolver.setPrefix(folder);
        resolver.setSuffix(".html");
        resolver.setTemplateMode(TemplateMode.HTML);
        resolver.setCharacterEncoding("UTF-8");
        var engine = new TemplateEngine();
        engine.setTemplateResolver(resolver);
        return engine;
    }
}
