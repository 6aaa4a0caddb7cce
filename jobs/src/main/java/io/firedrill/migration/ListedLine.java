package io.firedrill.migration;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One migration as a command lists it. */
record ListedLine(Change change, ChangeState state, String word, Optional<Instant> appliedAt, String by) {

    /** The same where no command takes a change back. */
    ListedLine withoutRollback() {
        return new ListedLine(change.withoutRollback(), state, word, appliedAt, by);
    }

    /**
     * @param overtaken whether one behind it has been applied
     */
    JudgedChange judged(boolean overtaken) {
        ChangeState judged = state == ChangeState.PENDING && overtaken ? ChangeState.OUT_OF_ORDER : state;
        boolean willRun =
                switch (judged) {
                    case PENDING, OUT_OF_ORDER, RUN_ALWAYS, FAILED -> true;
                    case APPLIED, CHANGED, ORPHAN -> false;
                };
        return new JudgedChange(change, judged, willRun, recorded(), "", List.of());
    }

    private Optional<RecordedRow> recorded() {
        return state == ChangeState.PENDING
                ? Optional.empty()
                : Optional.of(new RecordedRow(word, appliedAt, by, "", OptionalLong.empty()));
    }
}
