package io.firedrill.evidence;

import io.firedrill.evidence.ReleaseFacts.OfChange;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was applied or taken back, for the report: a line for each change, planned against actual. */
final class ReleaseTable {
    private final Optional<ReleaseFacts> facts;

    ReleaseTable(RunRecord record) {
        this.facts = record.release();
    }

    Map<String, Object> values() {
        return Map.of(
                "there",
                facts.isPresent(),
                "rows",
                facts.map(ReleaseFacts::changes).orElse(List.of()).stream()
                        .map(ReleaseTable::row)
                        .toList());
    }

    private static Map<String, String> row(OfChange change) {
        return Map.of(
                "name", change.name(),
                "end", change.end() + behind(change),
                "badge", change.done() ? "PASSED" : change.begun() ? "FAILED" : "SKIPPED",
                "state", state(change),
                "planned", change.plannedSeconds().map(Units::duration).orElse("–"),
                "estimated", change.estimatedSeconds().map(Units::duration).orElse("–"),
                "actual", change.actualSeconds().map(Units::duration).orElse("–"),
                "restorePoint", change.restorePoint());
    }

    private static String behind(OfChange change) {
        return change.lagSeconds()
                .map("; meanwhile the secondaries were at most %d s behind"::formatted)
                .orElse("");
    }

    private static String state(OfChange change) {
        if (!change.begun()) {
            return "not begun";
        }
        return change.state().isEmpty() ? "cut off" : change.state();
    }
}
