package io.firedrill.runner;

import io.firedrill.evidence.RehearsalFacts.Grade;
import java.util.ArrayList;
import java.util.List;

/** What both papers begin with: what they are of, and where the proof is. */
final class ReleaseHead {
    private ReleaseHead() {}

    static void write(MarkdownPage page, RehearsedRelease facts) {
        var lines = new ArrayList<>(List.of("Migrations: %s, %s"
                .formatted(
                        MarkdownText.of(facts.rehearsal().tool()),
                        MarkdownText.of(facts.rehearsal().artefact()))));
        if (!facts.rehearsal().artefactSha256().isEmpty()) {
            lines.add("SHA-256: `%s`".formatted(facts.rehearsal().artefactSha256()));
        }
        lines.add("Database: " + MarkdownText.of(facts.rehearsal().database()));
        lines.add("Rehearsed on: backup `%s`%s"
                .formatted(
                        facts.backupId(),
                        facts.backupTime()
                                .map(time -> ", the data of " + Figures.time(time))
                                .orElse("")));
        lines.add("Rehearsal: run `%s`, %s; signed record `%s`"
                .formatted(
                        facts.runId(),
                        facts.rehearsal().full() ? "full" : "quick (no run was cut off)",
                        facts.record()));
        page.say("Made from what a rehearsal found. The record is signed; this page is not.");
        page.bullets(lines);
        List<String> failed = facts.changes().stream()
                .flatMap(change -> change.properties().stream()
                        .filter(each -> each.grade() == Grade.FAILED)
                        .map(each -> MarkdownText.of("%s of %s".formatted(each.property(), change.name()))))
                .toList();
        if (!failed.isEmpty()) {
            page.say("**The rehearsal failed: do not release these migrations as they are.** What does not hold: %s."
                    .formatted(String.join(", ", failed)));
        }
        String accepted = new AcceptedFailures(facts.changes()).summary();
        if (!accepted.isEmpty()) {
            page.say("Failed and accepted: %s. Why, and what that asks of you, is in [%s](%s#failed-and-accepted)."
                    .formatted(MarkdownText.of(accepted), RollbackPlan.FILE, RollbackPlan.FILE));
        }
    }
}
