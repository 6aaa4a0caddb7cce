package io.firedrill.runner;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the secrets: never what they say.
 *
 * @param outcome the worst state of those that are set or needed
 */
record SecretsResult(String outcome, List<Line> secrets) {
    /** How a secret stands. */
    enum State {
        OK,
        NOT_SET,
        WARN,
        FAIL
    }

    /**
     * One secret.
     *
     * @param where where it was found; empty where it was not
     * @param ageDays since it was written, or exchanged as somebody said; null where nobody knows
     * @param rotationDays how old it may become; null where it cannot be exchanged
     * @param hint what to do; empty where nothing is to be done
     */
    record Line(
            String name,
            String state,
            String purpose,
            String where,
            @Nullable Long ageDays,
            @Nullable Long rotationDays,
            List<String> readers,
            String kubernetes,
            String vault,
            String seen,
            String hint,
            String lost) {}

    static SecretsResult of(List<Line> lines) {
        State worst = lines.stream()
                .map(line -> State.valueOf(line.state()))
                .filter(state -> state != State.NOT_SET)
                .max(State::compareTo)
                .orElse(State.OK);
        return new SecretsResult(worst.name(), lines);
    }

    List<Line> in(State state) {
        return secrets.stream()
                .filter(line -> line.state().equals(state.name()))
                .toList();
    }
}
