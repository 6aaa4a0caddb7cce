package io.firedrill.report;

import io.firedrill.evidence.Outcome;
import io.firedrill.report.PeriodFacts.Headline;
import io.firedrill.report.PeriodFacts.SignOff;
import java.util.ArrayList;
import java.util.List;

/** What a period comes to: computed from its drills, never typed. */
record PeriodVerdict(String word, String lead) {
    static final String PROVEN = "PROVEN";
    static final String EXCEPTIONS = "PROVEN, WITH EXCEPTIONS";
    static final String REFUTED = "NOT PROVEN";
    static final String NOTHING = "NOTHING DRILLED";

    static PeriodVerdict of(Headline headline, List<Run> drills) {
        if (drills.stream().allMatch(Run::isMissed)) {
            return new PeriodVerdict(
                    NOTHING,
                    drills.isEmpty()
                            ? "No drill was recorded in this period: nothing shows that a backup comes back."
                            : "%s in this period, and none ran: nothing shows that a backup comes back."
                                    .formatted(
                                            drills.size() == 1
                                                    ? "1 drill was due"
                                                    : drills.size() + " drills were due"));
        }
        if (drills.stream().noneMatch(Run::isGood)) {
            return new PeriodVerdict(REFUTED, "No drill of this period showed that a backup comes back.");
        }
        if (lastJudged(drills).outcome() == Outcome.FAILED) {
            return new PeriodVerdict(REFUTED, "The newest drill of this period failed. " + counted(headline));
        }
        List<String> exceptions = exceptions(headline);
        return exceptions.isEmpty()
                ? new PeriodVerdict(PROVEN, counted(headline))
                : new PeriodVerdict(
                        EXCEPTIONS,
                        "%s To be looked at: %s.".formatted(counted(headline), String.join(", ", exceptions)));
    }

    static Sign tone(String word) {
        return switch (word) {
            case PROVEN -> Sign.PASSED;
            case EXCEPTIONS -> Sign.WARNED;
            case REFUTED -> Sign.FAILED;
            default -> Sign.INCONCLUSIVE;
        };
    }

    /** The newest that said something about the data. */
    private static Run lastJudged(List<Run> drills) {
        return drills.stream()
                .filter(run -> run.isGood() || run.outcome() == Outcome.FAILED)
                .reduce((_, newer) -> newer)
                .orElseThrow();
    }

    private static String counted(Headline headline) {
        int good = in(headline, Outcome.PASSED) + in(headline, Outcome.WARNED);
        return "In %d of %d drills what came back equalled what was there.".formatted(good, headline.drills());
    }

    private static List<String> exceptions(Headline headline) {
        var exceptions = new ArrayList<String>();
        add(exceptions, in(headline, Outcome.FAILED), "failed drill");
        add(exceptions, in(headline, Outcome.WARNED), "missed objective");
        add(exceptions, in(headline, Outcome.ABORTED), "aborted drill");
        add(exceptions, in(headline, Outcome.INCONCLUSIVE), "inconclusive drill");
        add(exceptions, in(headline, Outcome.MISSED), "missed slot");
        add(exceptions, headline.openRisks(), "accepted risk");
        add(exceptions, headline.signOffsByState().getOrDefault(SignOff.State.REJECTED, 0), "rejected run");
        add(exceptions, headline.signOffsByState().getOrDefault(SignOff.State.OVERDUE, 0), "overdue sign-off");
        return exceptions;
    }

    private static int in(Headline headline, Outcome outcome) {
        return headline.drillsByOutcome().getOrDefault(outcome, 0);
    }

    private static void add(List<String> to, int count, String what) {
        if (count > 0) {
            to.add("%d %s%s".formatted(count, what, count == 1 ? "" : "s"));
        }
    }
}
