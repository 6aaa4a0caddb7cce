package io.firedrill.runner;

import io.firedrill.migration.Artefact;
import io.firedrill.migration.ChangeState;
import io.firedrill.migration.LintRule;
import java.io.PrintStream;
import java.util.Locale;

/** Writes findings, and changes that drifted, as SARIF 2.1.0. */
final class MigrationsSarif implements MigrationsPrinter {
    private final PrintStream out;

    MigrationsSarif(PrintStream out) {
        this.out = out;
    }

    @Override
    public void print(MigrationsResult result) {
        var log = new SarifLog();
        rules(log);
        result.findings().forEach(finding -> add(log, finding, result.tool()));
        for (MigrationsResult.Line change : result.changes()) {
            change.findings().forEach(finding -> locate(add(log, finding, change.name()), result.tool(), change));
            if (change.drifted() && change.state() != null) {
                String message =
                        change.name() + " is " + change.state() + (change.note().isEmpty() ? "" : ": " + change.note());
                locate(log.result(id(change.state()), "error", message), result.tool(), change);
            }
        }
        log.print(out);
    }

    private static void rules(SarifLog log) {
        for (LintRule rule : LintRule.values()) {
            log.rule(rule.id(), rule.level().name().toLowerCase(Locale.ROOT), rule.why(), rule.recipe());
        }
        for (ChangeState state : ChangeState.values()) {
            if (state.isDrift()) {
                String text = "Code and database disagree: " + state + "; docs/MIGRATIONS.md says what it means.";
                log.rule(id(state), "error", text, "");
            }
        }
    }

    private static String id(ChangeState state) {
        return "state-" + state.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static SarifLog.Result add(SarifLog log, MigrationsResult.Lint finding, String about) {
        return log.result(
                finding.rule(),
                finding.level(),
                "%s: %s. %s %s".formatted(about, finding.detail(), finding.why(), finding.recipe()));
    }

    /** Of a class the file that it was most likely compiled from, below the root of the sources. */
    private static void locate(SarifLog.Result result, String tool, MigrationsResult.Line change) {
        if (!change.where().isEmpty()) {
            boolean java = tool.equals(Artefact.MONGOCK) || tool.equals(Artefact.FLAMINGOCK);
            String where = change.where();
            result.locate(java ? where.replaceFirst("\\$.*", "").replace('.', '/') + ".java" : where, 0, where);
        }
    }
}
