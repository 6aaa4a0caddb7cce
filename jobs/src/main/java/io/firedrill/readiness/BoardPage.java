package io.firedrill.readiness;

import io.firedrill.evidence.Templates;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.thymeleaf.TemplateEngine;
import org.thymeleaf.context.Context;

/** Writes a board as one self-contained page: no script, nothing from elsewhere, light and dark, and it prints. */
public final class BoardPage {
    private static final TemplateEngine ENGINE = Templates.in("io/firedrill/readiness/");

    private BoardPage() {}

    public static String of(Board board) {
        List<Map<String, Object>> counts = board.counts().entrySet().stream()
                .filter(each -> each.getValue() > 0)
                .map(each -> Map.<String, Object>of(
                        "state", words(each.getKey()),
                        "tone", tone(each.getKey()),
                        "tasks", each.getValue()))
                .toList();
        Map<String, Object> values = Map.of(
                "programme", board.programme(),
                "ready", board.isReady(),
                "verdict", board.isReady() ? "READY" : "NOT READY",
                "lead", board.progress(),
                "at", board.at().truncatedTo(ChronoUnit.SECONDS).toString(),
                "problem", board.ledgerProblem(),
                "file", board.plan().file(),
                "sha256", board.plan().sha256(),
                "counts", counts,
                "parts", board.sections().stream().map(BoardPage::part).toList());
        return ENGINE.process("readiness", new Context(Locale.ROOT, values));
    }

    private static Map<String, Object> part(Board.OfSection section) {
        long done =
                section.tasks().stream().filter(task -> task.state().isDone()).count();
        return Map.of(
                "title", section.title(),
                "signOff", section.signOff(),
                "signedOff", section.isSignedOff(),
                "counts", "%d of %d".formatted(done, section.tasks().size()),
                "rows", section.tasks().stream().map(BoardPage::row).toList());
    }

    private static Map<String, Object> row(Board.OfTask each) {
        Task task = each.task();
        String owners = task.owner().isEmpty() ? "nobody" : task.owner();
        return Map.of(
                "id", task.id(),
                "title", task.title(),
                "state", words(each.state()),
                "tone", tone(each.state()),
                "owners", task.backupOwner().isEmpty() ? owners : owners + ", " + task.backupOwner(),
                "due", task.due().map(LocalDate::toString).orElse("no date"),
                "ticket", task.ticket(),
                "reason", each.reason(),
                "acceptance", task.acceptance(),
                "findings", each.findings().stream().map(BoardPage::found).toList());
    }

    private static Map<String, Object> found(Finding finding) {
        return Map.of(
                "selector",
                finding.selector(),
                "holds",
                finding.holds(),
                "what",
                finding.proof()
                        .map(proof -> "%s, sha256 %s…"
                                .formatted(proof.name(), proof.sha256().substring(0, 12)))
                        .orElse(finding.reason()));
    }

    private static String words(TaskState state) {
        return state.name().replace('_', ' ');
    }

    private static String tone(TaskState state) {
        if (state.isDone()) {
            return state == TaskState.WAIVED ? "warn" : "good";
        }
        return state == TaskState.DUE ? "warn" : "bad";
    }
}
