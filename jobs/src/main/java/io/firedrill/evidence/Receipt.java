package io.firedrill.evidence;

import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A rehearsal as a release looks at it. Whether its signature holds is for {@link LedgerVerification} to tell, before.
 *
 * @param record its key in the store
 * @param outcome what the run came to, in the word of its record
 * @param recoveryPoint what the backup that it ran on stands for; empty if it never got to one
 * @param replicaSetId of the source of that backup; empty if it is not known
 * @param serverVersion of the server that it ran on; empty if it is not known
 * @param rejection who said last that it is not to be relied on; empty where nobody did
 */
public record Receipt(
        String runId,
        String record,
        Outcome outcome,
        Instant startedAt,
        Instant finishedAt,
        Optional<Instant> recoveryPoint,
        String replicaSetId,
        String serverVersion,
        RehearsalFacts facts,
        Optional<String> rejection) {

    /**
     * All of these records that came to a verdict, the newest first, as one by one they are consumed. What a run has found that was
     * cut off, or that failed by itself, it had no chance to doubt.
     *
     * @param newestFirst records of one verified ledger, with what was said of runs among them
     */
    public static Stream<Receipt> newestOf(Stream<LedgerEntry> newestFirst) {
        var approvals = new Approvals();
        // An approval is younger than its run, so it has been seen by the time the run comes.
        return newestFirst
                .peek(approvals::add)
                .flatMap(entry -> entry.run().stream())
                .filter(run -> run.is(RunKind.REHEARSAL)
                        && run.json().at("/result/failureClass").asString("").isEmpty())
                .flatMap(run -> of(run, approvals).stream());
    }

    private static Optional<Receipt> of(RunRecord run, Approvals approvals) {
        return run.rehearsal()
                .map(facts -> new Receipt(
                        run.runId(),
                        run.key(),
                        run.outcome(),
                        run.startedAt(),
                        run.finishedAt(),
                        run.consistencyTime(),
                        run.json().at("/environment/source/replicaSetId").asString(""),
                        run.json().at("/environment/target/version").asString(""),
                        facts,
                        approvals.rejection(run.entry().seq())));
    }
}
