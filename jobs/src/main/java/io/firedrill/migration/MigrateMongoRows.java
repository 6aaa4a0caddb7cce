package io.firedrill.migration;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.bson.BsonDocument;

/** migrate-mongo's changelog. It has rows of what succeeded only: of a failure it keeps nothing. */
final class MigrateMongoRows {
    private final Map<String, List<BsonDocument>> byFile = new LinkedHashMap<>();
    private final boolean useFileHash;
    private final Map<String, String> fileHashes;

    /**
     * @param useFileHash whether migrate-mongo looks at the digests in the rows
     * @param fileHashes SHA-256 of each file by its name, without what it requires: that is what a row has
     */
    MigrateMongoRows(List<BsonDocument> rows, boolean useFileHash, Map<String, String> fileHashes) {
        this.useFileHash = useFileHash;
        this.fileHashes = Map.copyOf(fileHashes);
        rows.forEach(row -> byFile.computeIfAbsent(Fields.text(row, "fileName"), _ -> new ArrayList<>())
                .add(row));
        byFile.values()
                .forEach(group ->
                        group.sort(Comparator.comparing(MigrateMongoRows::time).reversed()));
    }

    private static Instant time(BsonDocument row) {
        return Fields.instant(row, "appliedAt").orElse(Instant.EPOCH);
    }

    List<JudgedChange> judge(List<Change> changes) {
        int lastApplied = -1;
        for (int i = 0; i < changes.size(); i++) {
            lastApplied = byFile.containsKey(changes.get(i).id()) ? i : lastApplied;
        }
        var judged = new ArrayList<JudgedChange>();
        for (int i = 0; i < changes.size(); i++) {
            judged.add(judge(changes.get(i), i < lastApplied));
        }
        judged.addAll(orphans(changes));
        return judged;
    }

    private JudgedChange judge(Change change, boolean overtaken) {
        List<BsonDocument> rows = byFile.getOrDefault(change.id(), List.of());
        if (rows.isEmpty()) {
            ChangeState state = overtaken ? ChangeState.OUT_OF_ORDER : ChangeState.PENDING;
            return new JudgedChange(change, state, true, Optional.empty(), "", List.of());
        }
        List<Finding> twice = rows.size() > 1
                ? List.of(LintRule.RECORDED_TWICE.finding("%d rows".formatted(rows.size())))
                : List.of();
        Optional<BsonDocument> same = rows.stream()
                .filter(row -> Fields.text(row, "fileHash").equals(fileHashes.getOrDefault(change.id(), "")))
                .findFirst();
        boolean hashed =
                rows.stream().anyMatch(row -> !Fields.text(row, "fileHash").isEmpty());
        if (same.isPresent() || !(hashed || useFileHash)) {
            return judged(change, ChangeState.APPLIED, false, same.orElse(rows.getFirst()), "", twice);
        }
        String note = hashed
                ? "edited since it was applied" + (useFileHash ? ", so migrate-mongo runs it again" : "")
                : "applied before useFileHash was on, so migrate-mongo runs it again";
        return judged(change, ChangeState.CHANGED, useFileHash, rows.getFirst(), note, twice);
    }

    private List<JudgedChange> orphans(List<Change> changes) {
        List<String> known = changes.stream().map(Change::id).toList();
        return byFile.entrySet().stream()
                .filter(entry -> !known.contains(entry.getKey()))
                .map(entry -> judged(
                        Change.named(entry.getKey(), "", "", ""),
                        ChangeState.ORPHAN,
                        false,
                        entry.getValue().getFirst(),
                        "its file is gone; migrate-mongo does not show it",
                        List.of()))
                .toList();
    }

    private static JudgedChange judged(
            Change change, ChangeState state, boolean willRun, BsonDocument row, String note, List<Finding> findings) {
        OptionalLong block = Fields.number(row, "migrationBlock");
        var recorded = new RecordedRow(
                "",
                Fields.instant(row, "appliedAt"),
                "",
                block.isPresent() ? String.valueOf(block.getAsLong()) : "",
                OptionalLong.empty());
        return new JudgedChange(change, state, willRun, Optional.of(recorded), note, findings);
    }
}
