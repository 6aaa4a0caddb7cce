package io.firedrill.runner;

import io.firedrill.evidence.Population;
import io.firedrill.evidence.Reconciliation;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunLog;
import io.firedrill.monitoring.Notification.Event;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Tells people what a reconciliation put on record, and what it saw that is late. */
final class Absences {
    private static final int SHOWN_MAX = 3;

    private final Workspace workspace;
    private final Bell bell;

    Absences(Workspace workspace, Bell bell) {
        this.workspace = workspace;
        this.bell = bell;
    }

    /**
     * @param missed what was put on record just now; what was on record before has been told
     */
    void tell(Reconciliation.Recorded done, List<EvidenceResult.MissedRun> missed) {
        if (!bell.isHung()) {
            return;
        }
        done.aborted().forEach(bell::ended);
        missed.stream()
                .collect(Collectors.groupingBy(
                        run -> run.kind() + " " + run.source(), TreeMap::new, Collectors.toList()))
                .values()
                .forEach(this::missed);
        var glance = new Glance(workspace);
        List<RunLog> open = RunLog.open(workspace.store(), workspace.clocks());
        new StatusSchedule(
                        workspace.settings().schedule(),
                        glance.allTraces(),
                        open,
                        workspace.clocks().now())
                .late()
                .forEach(this::late);
        new StatusReader(workspace, glance, null).read().sources().forEach(source -> seal(source.newestSeal()));
    }

    private void missed(List<EvidenceResult.MissedRun> same) {
        EvidenceResult.MissedRun newest = same.getLast();
        String more = same.size() > SHOWN_MAX ? " and %d before".formatted(same.size() - SHOWN_MAX) : "";
        bell.absent(
                Event.MISSED,
                same.size(),
                newest.source(),
                newest.kind(),
                newest.due(),
                "%s did not begin in time: %s%s"
                        .formatted(
                                Figures.count(same.size(), "scheduled run"),
                                same.reversed().stream()
                                        .limit(SHOWN_MAX)
                                        .map(EvidenceResult.MissedRun::words)
                                        .collect(Collectors.joining("; ")),
                                more),
                "Find out why the scheduler started nothing, and run it by hand.");
    }

    private void late(Population.Judged due) {
        bell.absent(
                Event.OVERDUE,
                1,
                due.slot().source(),
                due.slot().kind().word(),
                due.slot().due(),
                "due at %s, and nothing has begun; after %s it is missed"
                        .formatted(
                                Figures.time(due.slot().due()),
                                Figures.time(due.slot().until())),
                "See why the scheduler starts nothing, or run it by hand now.");
    }

    private void seal(StatusResult.@Nullable NewestSeal seal) {
        if (seal != null && seal.overdue()) {
            bell.absent(
                    Event.OVERDUE,
                    1,
                    seal.source(),
                    RunKind.SEAL.word(),
                    seal.sealedTime(),
                    "the newest seal is %s old, more than twice seal-interval"
                            .formatted(Figures.seconds((double) seal.ageSeconds())),
                    "See what the archiver says, or run 'firedrill seal'.");
        }
    }
}
