package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a run comes to, computed from how it ended, its checks and its objectives. */
record Verdict(Outcome outcome, boolean rtoMissed, boolean rpoMissed, String word) {
    static Verdict of(
            RunStart start, Facts facts, Optional<Duration> rto, Optional<Duration> rpo, @Nullable Throwable failure) {
        boolean rtoMissed = missed(start.objectives().rto(), rto);
        boolean rpoMissed = missed(start.objectives().rpo(), rpo);
        Outcome outcome = outcome(start.kind(), facts, rtoMissed || rpoMissed, failure);
        return new Verdict(
                outcome, rtoMissed, rpoMissed, word(good(start.kind(), facts), outcome, rtoMissed, rpoMissed));
    }

    private static Outcome outcome(RunKind kind, Facts facts, boolean missed, @Nullable Throwable failure) {
        Optional<FailureKind> failureKind = Failure.in(failure).map(Failure::kind);
        boolean objectiveMissed =
                failureKind.filter(FailureKind.OBJECTIVE_MISSED::equals).isPresent();
        if (failureKind.filter(FailureKind.ABORTED::equals).isPresent()) {
            return Outcome.ABORTED;
        }
        if ((failure != null && !objectiveMissed) || any(facts, Check.Result.FAILED)) {
            return Outcome.FAILED;
        }
        if (leftOpen(kind, facts)) {
            return Outcome.INCONCLUSIVE;
        }
        if (kind == RunKind.MISSED) {
            return Outcome.MISSED;
        }
        return missed || objectiveMissed ? Outcome.WARNED : Outcome.PASSED;
    }

    /** Whether something that should have been shown was not, so that the run must not look like a passed one. */
    private static boolean leftOpen(RunKind kind, Facts facts) {
        boolean nothingChecked = kind.mustCheck() && facts.checks().isEmpty();
        boolean neverReady = kind.recovers() && facts.ready().isEmpty();
        boolean skippedCheck = facts.checks().stream().anyMatch(check -> check.result() == Check.Result.SKIPPED);
        boolean skippedCollection = kind.recovers()
                && facts.collections().stream()
                        .anyMatch(fact -> fact.result() == Check.Result.SKIPPED
                                && !fact.kind().equals("view"));
        return nothingChecked || neverReady || skippedCheck || skippedCollection;
    }

    static boolean any(Facts facts, Check.Result result) {
        return facts.checks().stream().anyMatch(check -> check.result() == result)
                || facts.collections().stream().anyMatch(fact -> fact.result() == result);
    }

    private static boolean missed(Optional<Duration> target, Optional<Duration> actual) {
        return target.isPresent() && actual.isPresent() && actual.get().compareTo(target.get()) > 0;
    }

    /** A part that came back, or was read again, says nothing of the rest. */
    private static String good(RunKind kind, Facts facts) {
        boolean seals = kind == RunKind.BACKUP
                || kind == RunKind.SEAL
                || (kind == RunKind.COMPACT && facts.backup().isPresent());
        String good = kind.recovers() ? "PROVEN" : seals ? "SEALED" : "PASSED";
        return facts.partial() ? good + " IN PART" : good;
    }

    private static String word(String good, Outcome outcome, boolean rtoMissed, boolean rpoMissed) {
        if (outcome != Outcome.PASSED && outcome != Outcome.WARNED) {
            return outcome.name();
        }
        return outcome == Outcome.PASSED ? good : good + ", " + objectives(rtoMissed, rpoMissed) + " MISSED";
    }

    private static String objectives(boolean rtoMissed, boolean rpoMissed) {
        var names = List.of(rtoMissed ? "RTO" : "", rpoMissed ? "RPO" : "").stream()
                .filter(name -> !name.isEmpty())
                .toList();
        return names.isEmpty() ? "OBJECTIVE" : String.join(" AND ", names);
    }
}
