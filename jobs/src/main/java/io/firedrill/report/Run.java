package io.firedrill.report;

import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import io.firedrill.evidence.RunTrace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/**
 * A run as a report needs it.
 *
 * @param kind in the word of the record's schema; for a run that was missed, of what should have run
 * @param source by its name in the store; empty where the run does not tell
 * @param at when it was recorded; for a run that was missed, when it was due
 * @param bytes of the data, uncompressed
 * @param slices of the recovery time, none over another
 */
record Run(RunRecord record, String kind, String source, Outcome outcome, Instant at, long bytes, List<Slice> slices) {
    private static final String MISSED = "missed";
    static final String BETWEEN = "between phases";

    /** A part of the recovery time, in seconds. */
    record Slice(String phase, double seconds) {}

    static Run of(RunRecord record) {
        JsonNode json = record.json();
        String word = record.entry().word();
        return new Run(
                record,
                word.equals(MISSED) ? json.at("/slot/kind").asString(RunKind.DRILL.word()) : word,
                RunTrace.sourceOf(record),
                record.outcome(),
                record.dated(),
                json.at("/scope/bytesRaw").asLong(0),
                slices(json));
    }

    /** Phases may overlap; each is given what no earlier one has, so that all of them and the rest are the whole. */
    private static List<Slice> slices(JsonNode json) {
        JsonNode actual = json.at("/measurement/rto/actualSeconds");
        double end = actual.isNumber() ? actual.asDouble() : Double.MAX_VALUE;
        List<JsonNode> phases = json.at("/measurement/phases")
                .valueStream()
                .filter(phase -> phase.path("insideRto").asBoolean(false))
                .sorted(Comparator.comparingDouble(Run::begin))
                .toList();
        var slices = new ArrayList<Slice>();
        double reached = 0;
        for (JsonNode phase : phases) {
            double until = Math.min(end, begin(phase) + phase.path("seconds").asDouble(0));
            double own = until - Math.max(begin(phase), reached);
            if (own > 0) {
                slices.add(new Slice(phase.path("name").asString(""), own));
                reached = until;
            }
        }
        double rest = json.at("/measurement/rto/unattributedSeconds").asDouble(0);
        if (rest > 0) {
            slices.add(new Slice(BETWEEN, rest));
        }
        return slices;
    }

    private static double begin(JsonNode phase) {
        return phase.path("offsetSeconds").asDouble(0);
    }

    boolean is(RunKind wanted) {
        return kind.equals(wanted.word());
    }

    boolean isMissed() {
        return outcome == Outcome.MISSED;
    }

    /** The data is good, whatever became of the objectives. */
    boolean isGood() {
        return outcome == Outcome.PASSED || outcome == Outcome.WARNED;
    }

    /** Whether it made a backup, or should have. */
    boolean backsUp() {
        return is(RunKind.BACKUP) || is(RunKind.COMPACT);
    }

    boolean recovers() {
        return is(RunKind.DRILL) || is(RunKind.RESTORE);
    }

    /** A recovery of a part says nothing of the rest of its backup. */
    boolean isProof() {
        return recovers() && isGood() && !record.isPartial();
    }

    Sign sign() {
        return isGood() && record.isPartial() ? Sign.PART : Sign.of(outcome);
    }

    /** Whether somebody else than its operator is expected to look at it. */
    boolean isToBeSigned() {
        return !isMissed() && (recovers() || is(RunKind.APPLY) || is(RunKind.ROLLBACK));
    }

    Optional<Double> rto() {
        return boxed(record.rtoSeconds());
    }

    Optional<Double> rtoTarget() {
        return boxed(record.rtoTargetSeconds());
    }

    Optional<Double> rpo() {
        return boxed(record.rpoSeconds());
    }

    Optional<Double> rpoTarget() {
        return boxed(record.rpoTargetSeconds());
    }

    /** In bytes a second, over the whole recovery time. */
    Optional<Double> throughput() {
        return boxed(record.bytesPerSecond());
    }

    private static Optional<Double> boxed(OptionalDouble value) {
        return value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty();
    }
}
