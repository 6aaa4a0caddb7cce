package io.firedrill.migration;

/** How a change stands in a database. */
public enum ChangeState {
    APPLIED,
    PENDING,
    /** Pending, although one that comes after it has been applied. */
    OUT_OF_ORDER,
    /** Applied, and its file has been edited since. */
    CHANGED,
    /** The database has a row of it, and there is no code. */
    ORPHAN,
    /** Its last run failed, or the rollback of its last run. */
    FAILED,
    /** Applied, and run again each time. */
    RUN_ALWAYS;

    /** Whether it ran and its row says so, whether or not it runs again. */
    boolean isApplied() {
        return this == APPLIED || this == RUN_ALWAYS;
    }

    /** Whether code and database have gone different ways, which no next run sets right by itself. */
    public boolean isDrift() {
        return this == OUT_OF_ORDER || this == CHANGED || this == ORPHAN || this == FAILED;
    }
}
