package io.firedrill.runner;

import io.firedrill.archive.Selection;
import io.firedrill.oplog.RecoveryTarget;
import java.util.Optional;

/**
 * Asks for a backup, by id or {@code latest}, to be restored into staging; {@code keep} leaves a drill's data there.
 *
 * @param at the moment to go on to from there; with one, {@code latest} means the best backup to begin with
 * @param withUsers whether users and roles are restored too
 * @param selection which collections, and under which names
 */
record RestoreRequest(
        String backup,
        Optional<RecoveryTarget> at,
        Optional<String> confirm,
        boolean withUsers,
        boolean dryRun,
        boolean keep,
        Selection selection) {
    static final String LATEST = "latest";

    /** Writes into a run's record what was asked for. */
    RecordedRun describe(RecordedRun run) {
        RecordedRun described = run.with("backup", backup)
                .with("users", withUsers ? "restored" : "left out")
                .with("selection", selection.toString());
        return at.map(target -> described.with("at", target.toString())).orElse(described);
    }
}
