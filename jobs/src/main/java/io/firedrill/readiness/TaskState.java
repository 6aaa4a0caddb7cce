package io.firedrill.readiness;

/** How a task stands. The first that holds, in this order, is the one; docs/READINESS.md defines them. */
public enum TaskState {
    /** Two different people do not answer for it. */
    UNOWNED,
    /** It is proven or waived, and so was all of its section when somebody signed that off. */
    SIGNED_OFF,
    /** All evidence that it asks for is there and young enough. */
    PROVEN,
    /** Somebody signed that it may be open until a day that has not passed. */
    WAIVED,
    /** Its day has passed; or it has none, all that it asks for has been there, and some of it is too old. */
    OVERDUE,
    /** Something that it asks for could not be found, or not be looked at. */
    NO_EVIDENCE,
    /** All that it asks for has been there, some of it is too old, and its day is yet to pass. */
    DUE;

    public boolean isDone() {
        return this == SIGNED_OFF || this == PROVEN || this == WAIVED;
    }

    /** Whether a system with such a task is not ready. */
    public boolean isBlocker() {
        return this == UNOWNED || this == OVERDUE || this == NO_EVIDENCE;
    }
}
