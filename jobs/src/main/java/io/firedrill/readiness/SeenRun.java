package io.firedrill.readiness;

import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.Proof;
import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import java.time.Instant;
import java.util.Optional;

/**
 * A run's record, as far as selectors ask for it: the ledger may be larger than memory.
 *
 * @param backupId that it made or used
 * @param database whose migrations it rehearsed
 * @param receipt whether a release may go by that rehearsal: a quick one, or one of nothing that has a digest, is no receipt
 */
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
        Optional<String> backupId,
        Optional<String> database,
        boolean receipt) {
    /** Empty for a kind that only a newer version knows: no selector can ask for it. */
    static Optional<SeenRun> of(RunRecord run) {
        return RunKind.named(run.entry().word()).map(kind -> of(run, kind));
    }

    private static SeenRun of(RunRecord run, RunKind kind) {
        Optional<RehearsalFacts> rehearsal = run.rehearsal();
        return new SeenRun(
                run.seq(),
                run.key(),
                run.sha256(),
                kind,
                run.outcome(),
                run.finishedAt(),
                run.rtoMet(),
                run.rpoMet(),
                run.isPartial(),
                run.consistencyTime(),
                run.manifest(),
                run.backupId(),
                rehearsal.map(RehearsalFacts::database),
                rehearsal
                        .filter(facts -> facts.full() && !facts.artefactSha256().isEmpty())
                        .isPresent());
    }

    boolean passed() {
        return outcome == Outcome.PASSED;
    }

    /** Everything that was looked at is good, whatever became of the objectives. */
    boolean good() {
        return passed() || outcome == Outcome.WARNED;
    }

    boolean failed() {
        return outcome == Outcome.FAILED;
    }

    Proof proof(Selector selector) {
        return new Proof(selector.words(), key, sha256, seq);
    }
}
