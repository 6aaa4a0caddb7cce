package io.firedrill.report;

import io.firedrill.evidence.Outcome;
import java.util.Locale;

/** How a run ended, as a shape: nobody has to tell colours apart. */
enum Sign {
    PASSED(Ink.GOOD, "passed"),
    /** What came back is good, and was not all. */
    PART(Ink.WARN, "passed, of a part only"),
    WARNED(Ink.WARN, "objective missed"),
    FAILED(Ink.BAD, "failed"),
    ABORTED(Ink.CALM, "aborted"),
    INCONCLUSIVE(Ink.CALM, "inconclusive"),
    MISSED(Ink.BAD, "missed: never ran");

    private final Ink ink;
    private final String words;

    Sign(Ink ink, String words) {
        this.ink = ink;
        this.words = words;
    }

    static Sign of(Outcome outcome) {
        return switch (outcome) {
            case PASSED -> PASSED;
            case WARNED -> WARNED;
            case FAILED -> FAILED;
            case ABORTED -> ABORTED;
            case INCONCLUSIVE -> INCONCLUSIVE;
            case MISSED -> MISSED;
        };
    }

    Ink ink() {
        return ink;
    }

    String words() {
        return words;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
