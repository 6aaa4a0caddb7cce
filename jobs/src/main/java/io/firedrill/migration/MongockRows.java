package io.firedrill.migration;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bson.BsonDocument;

/** Mongock's changelog, read by the rule by which Mongock itself tells what has been executed. */
final class MongockRows {
    /** What the id of a change's {@code @BeforeExecution} ends with. */
    static final String BEFORE = "_before";

    private static final String EXECUTED = "EXECUTED";
    private static final String ROLLED_BACK = "ROLLED_BACK";
    private static final String IGNORED = "IGNORED";
    private static final Set<String> BROKEN = Set.of("FAILED", "ROLLBACK_FAILED");

    /** Mongock knows a change by both. */
    private record Key(String id, String author) {
        Key before() {
            return new Key(id + BEFORE, author);
        }
    }

    private final Map<Key, List<BsonDocument>> byKey = new LinkedHashMap<>();

    MongockRows(List<BsonDocument> rows) {
        for (BsonDocument row : rows) {
            if (!isSystem(row)) {
                byKey.computeIfAbsent(key(row), _ -> new ArrayList<>()).add(row);
            }
        }
        // Stable, as Mongock's own sort is: of rows of the same time the first one counts.
        byKey.values()
                .forEach(group ->
                        group.sort(Comparator.comparing(MongockRows::time).reversed()));
    }

    private static boolean isSystem(BsonDocument row) {
        return Fields.isTrue(row, "systemChange")
                || Fields.text(row, "changeLogClass").startsWith("io.mongock.")
                || (Fields.text(row, "author").equals("mongock")
                        && Fields.text(row, "changeId").startsWith("system-change-"));
    }

    private static Key key(BsonDocument row) {
        return new Key(Fields.text(row, "changeId"), Fields.text(row, "author"));
    }

    private static Instant time(BsonDocument row) {
        return Fields.instant(row, "timestamp").orElse(Instant.EPOCH);
    }

    /** Version 4 wrote no state, and meant executed. */
    private static String state(BsonDocument row) {
        String state = Fields.text(row, "state");
        return state.isEmpty() ? EXECUTED : state;
    }

    /**
     * @param changes in the order in which Mongock runs them
     */
    List<JudgedChange> judge(List<Change> changes) {
        Set<Key> known = new HashSet<>();
        changes.forEach(change -> known.add(key(change)));
        int lastExecuted = -1;
        for (int i = 0; i < changes.size(); i++) {
            if (!changes.get(i).runAlways() && isExecuted(key(changes.get(i)))) {
                lastExecuted = i;
            }
        }
        var judged = new ArrayList<JudgedChange>();
        for (int i = 0; i < changes.size(); i++) {
            judged.add(judge(changes.get(i), i < lastExecuted, known));
        }
        judged.addAll(orphans(known));
        return judged;
    }

    private static Key key(Change change) {
        return new Key(change.id(), change.author());
    }

    private List<BsonDocument> rows(Key key) {
        return byKey.getOrDefault(key, List.of());
    }

    /** The newest row that is neither ignored nor of a failure says it, even where a failure came after it. */
    private boolean isExecuted(Key key) {
        return rows(key).stream()
                .filter(row -> !state(row).equals(IGNORED) && !BROKEN.contains(state(row)))
                .findFirst()
                .filter(row -> state(row).equals(EXECUTED))
                .isPresent();
    }

    private Optional<BsonDocument> newest(Key key) {
        return rows(key).stream().filter(row -> !state(row).equals(IGNORED)).findFirst();
    }

    private boolean isBroken(Key key) {
        return newest(key).filter(row -> BROKEN.contains(state(row))).isPresent();
    }

    private JudgedChange judge(Change change, boolean overtaken, Set<Key> known) {
        Key key = key(change);
        boolean executed = isExecuted(key);
        List<Finding> findings = executed ? List.of() : authorChanged(change, known);
        return new JudgedChange(
                change,
                state(change, executed, overtaken),
                !executed || change.runAlways(),
                newest(key).or(() -> newest(key.before())).map(MongockRows::recorded),
                note(key, executed),
                findings);
    }

    private ChangeState state(Change change, boolean executed, boolean overtaken) {
        Key key = key(change);
        if (isBroken(key) || (!executed && isBroken(key.before()))) {
            return ChangeState.FAILED;
        }
        if (executed) {
            return change.runAlways() ? ChangeState.RUN_ALWAYS : ChangeState.APPLIED;
        }
        return overtaken ? ChangeState.OUT_OF_ORDER : ChangeState.PENDING;
    }

    private String note(Key key, boolean executed) {
        if (isBroken(key) && executed) {
            return "an earlier run succeeded, so Mongock does not run it again";
        }
        if (executed) {
            return "";
        }
        if (isBroken(key.before())) {
            return "its @BeforeExecution is "
                    + newest(key.before()).map(MongockRows::state).orElse("");
        }
        String before = isExecuted(key.before()) ? "its @BeforeExecution has been executed" : "";
        String undone =
                newest(key).filter(row -> state(row).equals(ROLLED_BACK)).isPresent() ? "was rolled back" : "";
        return undone.isEmpty() || before.isEmpty() ? undone + before : undone + "; " + before;
    }

    /** The id has been executed under an author that the code has not: the same change, most likely. */
    private List<Finding> authorChanged(Change change, Set<Key> known) {
        return byKey.keySet().stream()
                .filter(key -> key.id().equals(change.id()) && !known.contains(key) && isExecuted(key))
                .map(key -> LintRule.AUTHOR_CHANGED.finding(
                        "the row is of author '%s', the code of '%s'".formatted(key.author(), change.author())))
                .toList();
    }

    /** A row that was rolled back says that nothing is left of it, so it is none even where its code is gone. */
    private List<JudgedChange> orphans(Set<Key> known) {
        Set<Key> befores = new HashSet<>();
        known.forEach(key -> befores.add(key.before()));
        return byKey.keySet().stream()
                .filter(key -> !known.contains(key) && !befores.contains(key) && !isBeforeOfAnother(key))
                .filter(key -> isExecuted(key) || isBroken(key))
                .map(this::orphan)
                .toList();
    }

    private boolean isBeforeOfAnother(Key key) {
        return key.id().endsWith(BEFORE)
                && byKey.containsKey(new Key(key.id().substring(0, key.id().length() - BEFORE.length()), key.author()));
    }

    private JudgedChange orphan(Key key) {
        BsonDocument row = newest(key).orElseThrow();
        return new JudgedChange(
                Change.named(key.id(), key.author(), "", Fields.text(row, "changeLogClass")),
                ChangeState.ORPHAN,
                false,
                Optional.of(recorded(row)),
                "the code has no change of this id and author",
                List.of());
    }

    private static RecordedRow recorded(BsonDocument row) {
        return RecordedRow.ofExecution(row, state(row), Fields.instant(row, "timestamp"));
    }
}
