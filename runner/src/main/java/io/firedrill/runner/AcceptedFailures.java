package io.firedrill.runner;

import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.evidence.RehearsalFacts.OfProperty;
import io.firedrill.migration.Property;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What failed in a rehearsal and may, because somebody said so: what was seen, why it may, and what that asks of a release. */
final class AcceptedFailures {
    /** Between what was seen and what somebody said of it. */
    static final String REASON = "; accepted: ";

    private final Map<Failed, List<String>> changes = new LinkedHashMap<>();

    /** Fifteen changes that fail in the same way are one line. */
    private record Failed(Property property, String detail) {
        String seen() {
            int end = detail.indexOf(REASON);
            return end < 0 ? detail : detail.substring(0, end);
        }

        String reason() {
            int end = detail.indexOf(REASON);
            return end < 0 ? "the record does not say" : detail.substring(end + REASON.length());
        }
    }

    AcceptedFailures(List<OfChange> all) {
        for (OfChange change : all) {
            for (OfProperty each : change.properties()) {
                if (each.grade() == Grade.ACCEPTED) {
                    var failed = new Failed(Property.valueOf(each.property()), each.detail());
                    changes.computeIfAbsent(failed, _ -> new ArrayList<>()).add(change.name());
                }
            }
        }
    }

    /** For the top of a page; empty where nothing was accepted. */
    String summary() {
        return changes.keySet().stream()
                .map(failed -> failed.property().name())
                .distinct()
                .collect(Collectors.joining(", "));
    }

    void write(MarkdownPage page) {
        if (changes.isEmpty()) {
            return;
        }
        page.section("Failed and accepted");
        page.say(
                "These were tried and do not hold. Somebody said with `--accept` why they may fail; the record quotes it.");
        page.table(
                List.of("Property", "Changes", "What was seen", "Why it may fail", "What that asks of you"),
                changes.entrySet().stream()
                        .map(each -> row(each.getKey(), each.getValue()))
                        .toList());
    }

    private static List<String> row(Failed failed, List<String> names) {
        return List.of(
                MarkdownText.of(failed.property().name()),
                MarkdownText.of(String.join(", ", names)),
                MarkdownText.of(failed.seen()),
                MarkdownText.of(failed.reason()),
                asks(failed.property()));
    }

    private static String asks(Property property) {
        return switch (property) {
            case ROLLBACK -> "its own rollback is refused: only a restore leads back behind it";
            case REAPPLY -> "once taken back, rehearse it again before it is applied again";
            case RERUN_SAFE, CRASH_SAFE, ACK_LOST_SAFE ->
                "after a crash it is not run again: restore, or repair by hand and say so with `--repaired`";
            case SINGLE_EXECUTION -> "start it in one place only: two runners at once both run it";
            case FENCED -> "see that no runner is stopped for longer than the lock's lease, as a suspended machine is";
            case WITHIN_BUDGET -> "it takes longer than was wanted: see that the window is long enough";
            case VALIDATORS_OK -> "documents that break a validator fail at their next update: mend them";
            case APPLIES, RECORDED_ONCE, SCOPE -> "cannot be accepted";
        };
    }
}
