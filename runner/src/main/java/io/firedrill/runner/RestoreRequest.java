package io.firedrill.runner;

import io.firedrill.archive.Selection;
import java.util.Optional;

/**
 * Asks for a backup, by id or {@code latest}, to be restored into staging; {@code keep} leaves a drill's data there.
 *
 * @param withUsers whether users and roles are restored too
 * @param selection which collections, and under which names
 */
record RestoreRequest(
        String backup,
        Optional<String> confirm,
        boolean withUsers,
        boolean dryRun,
        boolean keep,
        Selection selection) {}
