package io.firedrill.runner;

import io.firedrill.evidence.Proof;
import io.firedrill.readiness.Board;
import io.firedrill.readiness.Finding;
import io.firedrill.readiness.Task;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How a readiness file stands; the names are those of the JSON output.
 *
 * @param ledgerProblem why no record counts; empty if they do
 * @param counts how many tasks are in each state, by its name
 */
record ReadinessResult(
        String verdict,
        boolean ready,
        Instant at,
        String programme,
        String file,
        String sha256,
        String ledgerProblem,
        Map<String, Long> counts,
        List<Section> sections) {
    /** A section and its tasks. */
    record Section(String id, String title, boolean signedOff, String signOff, List<Line> tasks) {}

    /** A task; {@code until} is when the first of its evidence will be too old. */
    record Line(
            String id,
            String title,
            String state,
            String owner,
            String backupOwner,
            @Nullable LocalDate due,
            String ticket,
            List<String> acceptance,
            String reason,
            @Nullable Instant until,
            List<Evidence> evidence) {}

    /** A selector and what it found; {@code seq} is 0 where that is no record. */
    record Evidence(
            String selector,
            String result,
            String reason,
            String name,
            String sha256,
            long seq,
            @Nullable Instant until) {}

    static ReadinessResult of(Board board) {
        var counts = new TreeMap<String, Long>();
        board.counts().forEach((state, tasks) -> counts.put(state.name(), tasks));
        return new ReadinessResult(
                board.verdict(),
                board.isReady(),
                board.at(),
                board.programme(),
                board.plan().file(),
                board.plan().sha256(),
                board.ledgerProblem(),
                counts,
                board.sections().stream().map(ReadinessResult::section).toList());
    }

    private static Section section(Board.OfSection section) {
        return new Section(
                section.id(),
                section.title(),
                section.isSignedOff(),
                section.signOff(),
                section.tasks().stream().map(ReadinessResult::line).toList());
    }

    private static Line line(Board.OfTask each) {
        Task task = each.task();
        return new Line(
                task.id(),
                task.title(),
                each.state().name(),
                task.owner(),
                task.backupOwner(),
                task.due().orElse(null),
                task.ticket(),
                task.acceptance(),
                each.reason(),
                each.until().orElse(null),
                each.findings().stream().map(ReadinessResult::evidence).toList());
    }

    private static Evidence evidence(Finding finding) {
        return new Evidence(
                finding.selector(),
                finding.result().name(),
                finding.reason(),
                finding.proof().map(Proof::name).orElse(""),
                finding.proof().map(Proof::sha256).orElse(""),
                finding.proof().map(Proof::seq).orElse(0L),
                finding.until().orElse(null));
    }
}
