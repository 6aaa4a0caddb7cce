package io.firedrill.runner;

import io.firedrill.manifests.ManifestRule;
import java.io.PrintStream;

/** Writes findings in manifests as SARIF 2.1.0; what is waived is suppressed in the source. */
final class ManifestsSarif implements ManifestsPrinter {
    private static final String LEVEL = "error";

    private final PrintStream out;

    ManifestsSarif(PrintStream out) {
        this.out = out;
    }

    @Override
    public void print(ManifestsResult result) {
        var log = new SarifLog();
        for (ManifestRule rule : ManifestRule.values()) {
            log.rule(rule.id(), LEVEL, rule.why(), rule.hint() + " See " + rule.link() + ".");
        }
        for (ManifestsResult.Line finding : result.findings()) {
            String message = "%s, %s: %s. %s %s"
                    .formatted(finding.object(), finding.path(), finding.detail(), finding.why(), finding.hint());
            SarifLog.Result added = log.result(finding.rule(), LEVEL, message);
            added.locate(finding.file(), finding.line(), finding.object() + " " + finding.path());
            if (!finding.waived().isEmpty()) {
                added.suppress(finding.waived());
            }
        }
        log.print(out);
    }
}
