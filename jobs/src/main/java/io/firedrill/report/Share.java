package io.firedrill.report;

import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.Slot;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a period holds of one source, so that a healthy one hides no sick one.
 *
 * @param name in the store; empty where no run tells one
 * @param runs of the period, and the slots of which a record says that they were missed; in the order of their dates
 * @param unrecorded slots that were missed and have no record
 * @param newestProof the recovery of its newest backup that came back by the end of the period
 */
record Share(
        String name,
        List<Run> runs,
        List<Slot.Name> unrecorded,
        List<OpenRisks.Risk> risks,
        Optional<Run> newestProof) {
    Share {
        runs = List.copyOf(runs);
        unrecorded = List.copyOf(unrecorded);
        risks = List.copyOf(risks);
    }

    /** Drills, and the slots in which a record says that none ran. */
    List<Run> drills() {
        return of(RunKind.DRILL).toList();
    }

    Stream<Run> of(RunKind kind) {
        return runs.stream().filter(run -> run.is(kind));
    }

    List<Slot.Name> unrecorded(RunKind kind) {
        return unrecorded.stream().filter(slot -> slot.kind() == kind).toList();
    }
}
