package io.firedrill.readiness;

import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.Proof;
import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import java.time.Instant;
import java.util.Optional;

/** A run's record, as far as selectors ask for it: the ledger may be larger than memory. */
record SeenRun(
        long seq,
        String key,
        String sha256,
        RunKind kind,
        Outcome outcome,
        Instant finishedAt,
        boolean rtoMet,
        boolean rpoMet,
        boolean partial,
        Optional<Instant> consistencyTime,
        Optional<String> manifest,
        Optional<String> rehearsed) {
    static SeenRun of(RunRecord run) {
        return new SeenRun(
                run.seq(),
                run.key(),
                run.sha256(),
                run.kind(),
                run.outcome(),
                run.finishedAt(),
                run.rtoMet(),
                run.rpoMet(),
                run.isPartial(),
                run.consistencyTime(),
                run.manifest(),
                run.rehearsal().flatMap(SeenRun::receipt));
    }

    /** The database that this is a receipt for: a quick rehearsal, or one of nothing that has a digest, is none. */
    private static Optional<String> receipt(RehearsalFacts facts) {
        boolean receipt = facts.full() && !facts.artefactSha256().isEmpty();
        return receipt ? Optional.of(facts.database()) : Optional.empty();
    }

    boolean passed() {
        return outcome == Outcome.PASSED && !partial;
    }

    Proof proof(Selector selector) {
        return new Proof(selector.words(), key, sha256, seq);
    }
}
