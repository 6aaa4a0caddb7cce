package io.firedrill.migration;

/** What a rehearsal says of a change, each with what it takes to be proven. */
public enum Property {
    APPLIES("it runs to its end, and its row says so"),
    RECORDED_ONCE("its row stands once, and a second run writes nothing"),
    SCOPE("it writes to the named database only, and to no other change's rows"),
    VALIDATORS_OK("no more documents break a validator than before"),
    ROLLBACK("taken back, everything is as it was before"),
    REAPPLY("applied again after that, it comes to the same"),
    RERUN_SAFE("done but not recorded, a second run comes to the same"),
    CRASH_SAFE("killed at chosen writes and run again, it comes to the same"),
    ACK_LOST_SAFE("with the answer to a write lost, it comes to the same"),
    SINGLE_EXECUTION("two runners at once do its work once"),
    FENCED("a runner that was paused past its lease does no harm"),
    WITHIN_BUDGET("it takes no longer than it may");

    private final String promise;

    Property(String promise) {
        this.promise = promise;
    }

    /** What holds where it is proven: lower-case, without a full stop. */
    public String promise() {
        return promise;
    }
}
