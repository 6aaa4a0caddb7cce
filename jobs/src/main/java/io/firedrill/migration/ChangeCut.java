package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.migration.Cut.Mode;

/** One cut of one change, to be made again. */
public record ChangeCut(String id, Cut cut) {
    /**
     * Reads {@code ID:NAME}. A cut's name has no colon; an id may have some.
     *
     * @throws Failure if it is not written so, there is no such cut, or nobody could be paused at it
     */
    public static ChangeCut parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 1) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "'%s' names no change and no cut".formatted(text),
                    "Write it as ID:NAME, for example fill-country:kill-before-data-7.");
        }
        Cut cut = Cut.parse(text.substring(colon + 1));
        if (cut.mode() == Mode.FREEZE && cut.at() != WriteKind.DATA) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "no run is paused at its row, as %s says".formatted(cut.name()),
                    "Name one of its data writes, for example freeze-data-1.");
        }
        return new ChangeCut(text.substring(0, colon), cut);
    }

    /** As it is given to {@link #parse}. */
    public String name() {
        return id + ":" + cut.name();
    }

    /** What it tells something about. */
    Property property() {
        return switch (cut.mode()) {
            case KILL_BEFORE, KILL_AFTER, CUT_BEFORE, CUT_AFTER -> Property.CRASH_SAFE;
            case ANSWER_LOST -> Property.ACK_LOST_SAFE;
            case FREEZE -> Property.FENCED;
        };
    }
}
