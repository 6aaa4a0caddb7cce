package io.firedrill.migration;

import java.util.List;
import java.util.Optional;

/**
 * One change and how it stands in a database.
 *
 * @param willRun whether the tool's next run would run it
 * @param recorded the row that decides; empty where there is none
 * @param note what a person should know beside the state; often empty
 * @param findings that only the rows show
 */
public record JudgedChange(
        Change change,
        ChangeState state,
        boolean willRun,
        Optional<RecordedRow> recorded,
        String note,
        List<Finding> findings) {
    public JudgedChange {
        findings = List.copyOf(findings);
    }

    /** The same, with more that a person should know. */
    public JudgedChange noted(String more) {
        return new JudgedChange(change, state, willRun, recorded, note.isEmpty() ? more : note + "; " + more, findings);
    }
}
