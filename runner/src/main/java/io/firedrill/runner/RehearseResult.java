package io.firedrill.runner;

import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import java.util.List;

/**
 * What a rehearsal of migrations came to; the names are those of the JSON output.
 *
 * @param outcome {@code passed} or {@code failed}; {@code planned} with a dry run
 * @param rehearsal what was found, change by change
 * @param record the receipt's key in the store
 * @param rollbackPlan ROLLBACK.md, on this machine; empty with a dry run, and where one cut was made again
 * @param runbook RUNBOOK.md, likewise
 */
record RehearseResult(
        String runId,
        String outcome,
        String backupId,
        RehearsalFacts rehearsal,
        double seconds,
        String record,
        String report,
        String rollbackPlan,
        String runbook) {

    /** What did not hold, as "ROLLBACK of create-customers". */
    List<String> failures() {
        return rehearsal.changes().stream()
                .flatMap(change -> change.properties().stream()
                        .filter(each -> each.grade() == Grade.FAILED)
                        .map(each -> each.property() + " of " + change.id()))
                .toList();
    }

    long graded(Grade grade) {
        return rehearsal.changes().stream()
                .map(OfChange::properties)
                .flatMap(List::stream)
                .filter(each -> each.grade() == grade)
                .count();
    }
}
