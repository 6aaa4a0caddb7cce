package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** A run at its end: everything its record is made from. */
record Closing(
        RunStart start,
        List<RunFolder.Attempt> attempts,
        List<Phase> phases,
        Facts facts,
        Instant finishedAt,
        Instant recordedAt,
        @Nullable Throwable failure,
        OptionalInt exitCode) {
    Recovery recovery() {
        return new Recovery(attempts, phases, facts.ready());
    }

    Instant startedAt() {
        return attempts.getFirst().startedAt();
    }

    Duration elapsed() {
        return recovery().offset(attempts.getLast().attempt(), finishedAt);
    }

    /** How much a recovery at the start of this run lost: the age of what was recovered. */
    Optional<Duration> rpo() {
        return recovered()
                .filter(_ -> start.kind().recovers())
                .map(last -> Duration.between(last, incident()))
                .map(age -> age.isNegative() ? Duration.ZERO : age);
    }

    private Optional<Instant> recovered() {
        return facts.point()
                .map(RecoveryPoint::reachedTime)
                .or(() -> facts.backup().map(BackupFacts::consistencyTime));
    }

    private Instant incident() {
        return facts.point().flatMap(RecoveryPoint::incident).orElse(startedAt());
    }

    Optional<Duration> rto() {
        return start.kind().recovers() ? recovery().actual() : Optional.empty();
    }

    Verdict verdict() {
        return Verdict.of(start, facts, rto(), rpo(), failure);
    }

    String failureClass() {
        return Failure.in(failure).map(named -> named.kind().name()).orElse(failure == null ? "" : "UNEXPECTED");
    }

    String message() {
        return Failure.in(failure).map(Failure::text).orElse(failure == null ? "" : failure.toString());
    }

    String hint() {
        return Failure.in(failure).map(Failure::hint).orElse("");
    }
}
