package io.firedrill.migration;

/**
 * A migration tool that runs one change at a time: the user's own code by the tool's own rules, in a process of its own. What
 * came of it is told from the database and its oplog, never from what the process said.
 */
public interface ChangeRunner {
    /** Starts to apply one change, which the tool takes for pending. */
    RunningChange apply(Change change, RunTarget target);

    /** Starts to take one change back, which the tool takes for applied. */
    RunningChange revert(Change change, RunTarget target);

    /** Whether what it starts decides by settings of its own where it connects, so that nobody knows before it was seen there. */
    default boolean findsItsOwnWay() {
        return false;
    }

    /** Where the tool keeps its own books. */
    Bookkeeping bookkeeping();
}
