package io.firedrill.evidence;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The recovery time of a run, laid on one axis over all its attempts: monotonic time within an attempt, and wall time
 * between two, since no clock runs while no process does.
 */
final class Recovery {
    static final String DEFINITION = "RTO_tool = t_verified_ready - t_job_start. Monotonic clock within an attempt; "
            + "the gap between two attempts (last phase end of one to the start of the next) is wall time, never below 0.";

    /** What the recovery time is of, where that could be taken for more than it is. */
    static final String OF_EPHEMERAL = "of an ephemeral staging on this machine, not of production";

    private final List<RunFolder.Attempt> attempts;
    private final List<Phase> phases;
    private final Optional<Duration> actual;

    Recovery(List<RunFolder.Attempt> attempts, List<Phase> phases, Optional<Facts.Ready> ready) {
        this.attempts = List.copyOf(attempts);
        this.phases = List.copyOf(phases);
        this.actual = ready.map(moment -> offset(moment.attempt(), moment.at()));
    }

    /** From the start of the first attempt to verified and ready; empty if it never came to that. */
    Optional<Duration> actual() {
        return actual;
    }

    /** Where on the run's axis a moment of an attempt lies. */
    Duration offset(int attempt, Instant moment) {
        Duration before = Duration.ZERO;
        for (RunFolder.Attempt each : attempts) {
            if (each.attempt() == attempt) {
                return before.plus(Duration.between(each.startedAt(), moment));
            }
            before = before.plus(lasted(each)).plus(gapAfter(each));
        }
        throw new IllegalArgumentException("no attempt " + attempt + " in this run");
    }

    /** How long an attempt is known to have lived: until the end of its last phase. */
    Duration lasted(RunFolder.Attempt attempt) {
        return Duration.between(attempt.startedAt(), lastSign(attempt));
    }

    Instant lastSign(RunFolder.Attempt attempt) {
        return phases.stream()
                .filter(phase -> phase.attempt() == attempt.attempt())
                .map(Phase::end)
                .max(Comparator.naturalOrder())
                .orElse(attempt.startedAt());
    }

    /** Time nobody measured between the last sign of an attempt and the start of the next. */
    Duration gapAfter(RunFolder.Attempt attempt) {
        if (attempt.attempt() == attempts.size()) {
            return Duration.ZERO;
        }
        Duration gap = Duration.between(
                lastSign(attempt), attempts.get(attempt.attempt()).startedAt());
        return gap.isNegative() ? Duration.ZERO : gap;
    }

    Duration betweenAttempts() {
        return attempts.stream().map(this::gapAfter).reduce(Duration.ZERO, Duration::plus);
    }

    /** The part of the recovery time that phases cover; overlapping ones count once. */
    Duration inPhases() {
        Duration covered = Duration.ZERO;
        Duration reached = Duration.ZERO;
        for (Span span : insideRto()) {
            Duration begin = span.begin().compareTo(reached) > 0 ? span.begin() : reached;
            if (span.end().compareTo(begin) > 0) {
                covered = covered.plus(span.end().minus(begin));
                reached = span.end();
            }
        }
        return covered;
    }

    /** The rest: between phases and between attempts. Phases and this add up to the recovery time. */
    Duration unattributed() {
        return actual.map(all -> all.minus(inPhases())).orElse(Duration.ZERO);
    }

    private record Span(Duration begin, Duration end) {}

    private List<Span> insideRto() {
        var spans = new ArrayList<Span>();
        for (Phase phase : phases) {
            if (phase.insideRto()) {
                Duration end = offset(phase.attempt(), phase.end());
                boolean after = actual.isPresent() && end.compareTo(actual.get()) > 0;
                spans.add(new Span(offset(phase.attempt(), phase.begin()), after ? actual.get() : end));
            }
        }
        spans.sort(Comparator.comparing(Span::begin));
        return spans;
    }
}
