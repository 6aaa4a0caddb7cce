package io.firedrill.evidence;

/** How a run ended; computed from its checks, never typed. */
public enum Outcome {
    /** Everything that was promised was checked and holds. */
    PASSED,
    /** The data is good, but an objective was missed. */
    WARNED,
    /** The run failed, or a check found a difference. */
    FAILED,
    /** The run was stopped, or its process died, before it could say anything about the data. */
    ABORTED,
    /** Nothing failed, but not everything was checked: a skipped verification must never look like a passed one. */
    INCONCLUSIVE,
    /** No run: one was due by the schedule, and none began. */
    MISSED
}
