package io.firedrill.migration;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonDocument;

/**
 * Flamingock's audit log, read by the rules by which Flamingock 1 itself tells what has been applied and what it does next ({@code
 * AuditEntry}, {@code ChangeActionResolver}). It knows a change by its id alone.
 */
final class FlamingockRows {
    private static final String APPLIED = "APPLIED";
    private static final String STARTED = "STARTED";
    private static final String BY_HAND = "MANUAL_MARKED_AS_";
    private static final String ROLLED_BACK = "ROLLED_BACK";

    /** Of rows of the same moment the one counts whose state stands further behind here. */
    private static final List<String> PRIORITIES = List.of(
            STARTED, APPLIED, "FAILED", ROLLED_BACK, "ROLLBACK_FAILED", BY_HAND + APPLIED, BY_HAND + ROLLED_BACK);

    private static final Comparator<BsonDocument> RELEVANCE =
            Comparator.comparing(FlamingockRows::time).thenComparingInt(row -> PRIORITIES.indexOf(state(row)));

    private final Map<String, BsonDocument> deciding = new LinkedHashMap<>();

    FlamingockRows(List<BsonDocument> rows) {
        for (BsonDocument row : rows) {
            if (!Fields.isTrue(row, "systemChange")) {
                deciding.merge(
                        Fields.text(row, "changeId"),
                        row,
                        (one, other) -> RELEVANCE.compare(other, one) > 0 ? other : one);
            }
        }
    }

    private static Instant time(BsonDocument row) {
        return Fields.instant(row, "createdAt").orElse(Instant.EPOCH);
    }

    private static String state(BsonDocument row) {
        return Fields.text(row, "state");
    }

    /** In the order in which what is told of them happened; what was imported of a change's preparation goes with the change. */
    List<JudgedChange> judge() {
        List<BsonDocument> rows = new ArrayList<>(deciding.values());
        rows.removeIf(this::isWithItsChange);
        rows.sort(Comparator.comparing(FlamingockRows::time));
        return rows.stream().map(FlamingockRows::judged).toList();
    }

    private boolean isWithItsChange(BsonDocument row) {
        String id = Fields.text(row, "changeId");
        return Fields.text(row, "type").equals("MONGOCK_BEFORE")
                && state(row).equals(APPLIED)
                && id.endsWith(MongockRows.BEFORE)
                && deciding.containsKey(id.substring(0, id.length() - MongockRows.BEFORE.length()));
    }

    private static JudgedChange judged(BsonDocument row) {
        ChangeState state = stateOf(row);
        boolean willRun = state == ChangeState.PENDING || (state == ChangeState.FAILED && isRetried(row));
        return new JudgedChange(
                Change.named(
                        Fields.text(row, "changeId"),
                        Fields.text(row, "author"),
                        Fields.text(row, "changeOrder"),
                        Fields.text(row, "invokedClass")),
                state,
                willRun,
                Optional.of(recorded(row)),
                note(row, state, willRun),
                List.of());
    }

    private static ChangeState stateOf(BsonDocument row) {
        return switch (state(row).replace(BY_HAND, "")) {
            case APPLIED -> ChangeState.APPLIED;
            case ROLLED_BACK -> ChangeState.PENDING;
            default -> ChangeState.FAILED;
        };
    }

    /** What failed in a transaction has left nothing; of the rest the change itself says whether it may run again. */
    private static boolean isRetried(BsonDocument row) {
        String transaction = Fields.text(row, "txStrategy");
        boolean undone = state(row).equals("FAILED") && !transaction.isEmpty() && !transaction.equals("NON_TX");
        return undone || Fields.text(row, "recoveryStrategy").equals("ALWAYS_RETRY");
    }

    private static String note(BsonDocument row, ChangeState state, boolean willRun) {
        String byHand = state(row).startsWith(BY_HAND) ? ", as somebody has marked it" : "";
        return switch (state) {
            case APPLIED -> byHand.isEmpty() ? "" : "was applied" + byHand;
            case PENDING -> "was rolled back" + byHand;
            default ->
                (state(row).equals(STARTED) ? "it was begun and has no end: at work, or cut off; " : "")
                        + (willRun
                                ? "Flamingock runs it again"
                                : "Flamingock waits until somebody has looked and marks it ('audit fix')");
        };
    }

    private static RecordedRow recorded(BsonDocument row) {
        return RecordedRow.ofExecution(row, state(row), Fields.instant(row, "createdAt"));
    }
}
