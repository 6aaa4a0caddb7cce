package io.firedrill.migration;

import java.util.List;
import java.util.Optional;

/**
 * Where a database stands.
 *
 * @param changes those of the code in the order in which the tool runs them, then those that only the database knows
 * @param lock empty where nobody holds the tool's lock, and where it has none
 */
public record Standing(List<JudgedChange> changes, Optional<LockState> lock) {
    public Standing {
        changes = List.copyOf(changes);
    }

    /** How one change stands, which the code has. */
    JudgedChange of(Change change) {
        return changes.stream()
                .filter(each -> each.change().id().equals(change.id())
                        && each.change().author().equals(change.author()))
                .findFirst()
                .orElseThrow();
    }
}
