package io.firedrill.runner;

import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.evidence.ReleaseFacts.OfChange;
import java.util.List;
import java.util.Optional;

/**
 * What applying changes, or taking them back, came to; the names are those of the JSON output.
 *
 * @param kind {@code migrations-apply} or {@code migrations-rollback}
 * @param outcome {@code passed} or {@code failed}; {@code planned} with a dry run
 * @param replicaSet what was written to
 * @param release what was done, change by change
 * @param record its key in the store
 * @param unfinished what a dry run found of an earlier run that ended without a word; empty if there is none
 * @param unproven what it relies on that the rehearsal has not shown, in words
 */
record ReleaseResult(
        String runId,
        String kind,
        String outcome,
        String replicaSet,
        ReleaseFacts release,
        double seconds,
        String record,
        String report,
        String unfinished,
        List<String> unproven) {

    ReleaseResult {
        unproven = List.copyOf(unproven);
    }

    /** The change at which it ended, if it did not get to the end. */
    Optional<OfChange> stuck() {
        return outcome.equals("planned")
                ? Optional.empty()
                : release.changes().stream().filter(change -> !change.done()).findFirst();
    }

    long done() {
        return release.changes().stream().filter(OfChange::done).count();
    }
}
