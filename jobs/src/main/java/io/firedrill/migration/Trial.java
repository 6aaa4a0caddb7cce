package io.firedrill.migration;

import io.firedrill.evidence.RehearsalFacts.Burden;
import io.firedrill.evidence.RehearsalFacts.Measures;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.migration.RehearsalStage.Kept;
import io.firedrill.verify.DatabaseState;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One change in its rehearsal: where it began, where it came to, and what is known of it by now. */
final class Trial {
    private final Change change;
    private final Grades grades;
    private @Nullable Moment before;
    private @Nullable Moment after;
    private @Nullable Measures measures;
    private @Nullable Burden burden;
    private int rows;
    private boolean withRow;

    Trial(Change change, List<Acceptance> accepted) {
        this.change = change;
        this.grades = new Grades(property -> accepted.stream()
                .filter(each -> each.covers(change, property))
                .map(Acceptance::reason)
                .findFirst());
    }

    /** A state of the copy, by digest and as it can be put back. */
    record Moment(DatabaseState state, Kept kept) {}

    Change change() {
        return change;
    }

    Grades grades() {
        return grades;
    }

    /** It was run from one moment to another, and is recorded as applied. */
    void ran(Moment from, Moment to) {
        before = from;
        after = to;
    }

    /**
     * How it is recorded after one run.
     *
     * @param found how many rows the tool has of it
     * @param atOnce whether they came about in the one transaction that did its work
     */
    void recorded(int found, boolean atOnce) {
        rows = found;
        withRow = atOnce;
    }

    /** Whether its work and its row came about in one transaction. */
    boolean isWithRow() {
        return withRow;
    }

    int rows() {
        return rows;
    }

    /** Whether there is a moment after it. */
    boolean hasRun() {
        return after != null;
    }

    Moment before() {
        return Objects.requireNonNull(before);
    }

    Moment after() {
        return Objects.requireNonNull(after);
    }

    /** Whether its first run found nothing to do: neither documents nor definitions. */
    boolean wroteNothing() {
        return measures != null && measures.namespaces().isEmpty();
    }

    void measured(Measures found) {
        measures = found;
    }

    void burdened(Burden found) {
        burden = found;
    }

    /** The namespaces that its first run wrote to, as texts. */
    List<String> wroteTo() {
        return measures == null ? List.of() : measures.namespaces();
    }

    void tookBackIn(double seconds) {
        measures = Objects.requireNonNull(measures).tookBackIn(seconds);
    }

    OfChange facts() {
        return new OfChange(
                change.id(),
                change.author(),
                change.where(),
                change.codeHash().orElse(""),
                grades.all(),
                Optional.ofNullable(measures),
                Optional.ofNullable(burden));
    }
}
