package io.firedrill.readiness;

import io.firedrill.evidence.PlanDigest;
import io.firedrill.evidence.Proof;
import io.firedrill.evidence.Waiver;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How all tasks of a readiness file stand at one moment.
 *
 * @param ledgerProblem why no record counts; empty if they do
 */
public record Board(PlanDigest plan, String programme, Instant at, String ledgerProblem, List<OfSection> sections) {
    public Board {
        sections = List.copyOf(sections);
    }

    /**
     * A section.
     *
     * @param signOff who signed it off and when, or why that does not count any more; empty if nobody did
     */
    public record OfSection(String id, String title, String signOff, List<OfTask> tasks) {
        public OfSection {
            tasks = List.copyOf(tasks);
        }

        public boolean isSignedOff() {
            return tasks.stream().allMatch(task -> task.state() == TaskState.SIGNED_OFF);
        }
    }

    /**
     * A task.
     *
     * @param basis its state, whatever was signed off
     * @param waiver the one that is in force
     */
    public record OfTask(
            Task task, TaskState state, TaskState basis, List<Finding> findings, Optional<InForce> waiver) {
        public OfTask {
            findings = List.copyOf(findings);
        }

        /** What keeps it from being proven, or in one line what it is proven by. */
        public String reason() {
            return switch (state) {
                case UNOWNED -> "has no two different owners";
                case WAIVED -> waiver.map(InForce::words).orElse("");
                case SIGNED_OFF, PROVEN ->
                    basis == TaskState.WAIVED
                            ? waiver.map(InForce::words).orElse("")
                            : until().map(moment -> "until " + moment).orElse("");
                case OVERDUE, NO_EVIDENCE, DUE -> missing();
            };
        }

        private String missing() {
            return findings.isEmpty()
                    ? "asks for no evidence, so nothing proves it"
                    : findings.stream()
                            .filter(finding -> !finding.holds())
                            .map(Finding::reason)
                            .collect(Collectors.joining("; "));
        }

        /** When the first of its evidence will be too old. */
        public Optional<Instant> until() {
            return findings.stream()
                    .flatMap(finding -> finding.until().stream())
                    .min(Instant::compareTo);
        }

        /** What it is proven by: the waiver, where that is all. */
        public List<Proof> proofs() {
            return basis == TaskState.WAIVED
                    ? waiver.map(InForce::proof).stream().toList()
                    : findings.stream()
                            .flatMap(finding -> finding.proof().stream())
                            .toList();
        }
    }

    /** A waiver and its record. */
    public record InForce(Waiver said, Proof proof) {
        public String words() {
            return "waived until %s by %s: %s".formatted(said.until(), said.approver(), said.reason());
        }
    }

    public Stream<OfTask> tasks() {
        return sections.stream().flatMap(section -> section.tasks().stream());
    }

    public Stream<OfTask> in(TaskState state) {
        return tasks().filter(task -> task.state() == state);
    }

    /** How many tasks are in each state; all states are there. */
    public Map<TaskState, Long> counts() {
        var counts = new EnumMap<TaskState, Long>(TaskState.class);
        for (TaskState state : TaskState.values()) {
            counts.put(state, in(state).count());
        }
        return counts;
    }

    public Map<String, String> states() {
        var states = new LinkedHashMap<String, String>();
        tasks().forEach(task -> states.put(task.task().id(), task.state().name()));
        return states;
    }

    /** Whether nothing is overdue, unowned or without evidence, and every record is what it should be. */
    public boolean isReady() {
        return ledgerProblem.isEmpty() && tasks().noneMatch(task -> task.state().isBlocker());
    }

    /** The same with one section only. */
    public Board only(String section) {
        return new Board(
                plan,
                programme,
                at,
                ledgerProblem,
                sections.stream().filter(each -> each.id().equals(section)).toList());
    }

    /** "3 of 31 tasks done". */
    public String progress() {
        return "%d of %d tasks done"
                .formatted(tasks().filter(task -> task.state().isDone()).count(), tasks().count());
    }

    /** In one line: "NOT READY: 3 of 31 tasks done, 2 overdue". */
    public String verdict() {
        String others = counts().entrySet().stream()
                .filter(each -> each.getValue() > 0 && !each.getKey().isDone())
                .map(each -> ", %d %s"
                        .formatted(
                                each.getValue(),
                                each.getKey().name().toLowerCase(Locale.ROOT).replace('_', ' ')))
                .collect(Collectors.joining());
        return "%s: %s%s".formatted(isReady() ? "READY" : "NOT READY", progress(), others);
    }
}
