package io.firedrill.runner;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Weighs what a status has found: how bad it is in a word, why, and what to do about each. */
final class StatusVerdict {
    /** From good to bad. */
    enum State {
        OK,
        ATTENTION,
        FAILING
    }

    private final List<StatusResult.Reason> reasons = new ArrayList<>();
    private final String prefix;

    StatusVerdict() {
        this("");
    }

    /** @param prefix stands before each reason, and says what it is of */
    StatusVerdict(String prefix) {
        this.prefix = prefix;
    }

    void failing(boolean so, String why, String step) {
        add(so, State.FAILING, why, step);
    }

    void attention(boolean so, String why, String step) {
        add(so, State.ATTENTION, why, step);
    }

    private void add(boolean so, State state, String why, String step) {
        if (so) {
            reasons.add(new StatusResult.Reason(state.name(), prefix + why, step));
        }
    }

    /** With all that the other has found. */
    void add(StatusVerdict other) {
        reasons.addAll(other.reasons);
    }

    State state() {
        return reasons.stream()
                .map(reason -> State.valueOf(reason.state()))
                .max(Comparator.naturalOrder())
                .orElse(State.OK);
    }

    /** The worst first. */
    List<StatusResult.Reason> reasons() {
        return reasons.stream()
                .sorted(Comparator.comparing((StatusResult.Reason reason) -> State.valueOf(reason.state()))
                        .reversed())
                .toList();
    }
}
