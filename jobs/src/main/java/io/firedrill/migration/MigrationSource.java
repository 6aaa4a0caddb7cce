package io.firedrill.migration;

import java.util.Optional;
import java.util.function.LongSupplier;

/** A migration tool as it is used in one place: its code, and its own rules for what has been applied. */
public interface MigrationSource {
    /** What the code holds, in the order in which the tool would run it. No change is run, and none is loaded. */
    Artefact artefact();

    /**
     * Where a database stands, by the tool's own rules. Reads only.
     *
     * @param database empty where the tool itself is asked; whoever needs one says so by a failure
     */
    Standing standing(Optional<MigrationDatabase> database);

    /**
     * The same on a copy: where the tool itself is asked how it stands, it is asked about the copy, each time anew.
     *
     * @param nanoTime the monotonic clock
     * @throws io.firedrill.failure.Failure if it asks about another database
     */
    default MigrationSource on(RehearsalStage copy, LongSupplier nanoTime) {
        return this;
    }

    /** SHA-256 of what would be run, taken from what lies there at this moment; empty where there is nothing to hash. */
    Optional<String> digestNow();

    /** Whether to apply this change and be cut off leaves nothing, since all that it writes is one transaction. */
    default boolean isAllOrNothing(Change change) {
        return false;
    }

    /** What runs its changes one at a time. */
    ChangeRunner runner(RunTools tools);
}
