package io.firedrill.runner;

import io.firedrill.archive.Selection;
import io.firedrill.oplog.RecoveryTarget;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which backup a restore takes and which replica set its operator means. */
final class TargetOptions {
    @Option(names = "--backup", paramLabel = "ID", description = "Backup to restore: an id, or latest (the default).")
    private String backup = RestoreRequest.LATEST;

    @Option(
            names = "--at",
            paramLabel = "MOMENT",
            description =
                    "Go on from the best backup to a moment: 2026-11-22T10:00:00Z (the last entry of that second or before), T,I, before:T,I, latest, before-last-drop or random[:SEED].")
    private @Nullable String at;

    @Option(
            names = "--confirm",
            paramLabel = "SET",
            description = "Name of the staging replica set, as proof that you mean it. On a terminal it is asked for.")
    private @Nullable String confirm;

    @Option(
            names = "--with-users",
            description = "Restore users and roles too. One that exists in staging is never overwritten.")
    private boolean withUsers;

    @Mixin
    private final SelectionOptions selection = new SelectionOptions();

    Selection selection() {
        return selection.selection();
    }

    boolean withUsers() {
        return withUsers;
    }

    String backup() {
        return backup;
    }

    /** A moment that makes no sense is refused here, before anything is opened. */
    Optional<RecoveryTarget> at() {
        return Optional.ofNullable(at).map(RecoveryTarget::parse);
    }

    Optional<String> confirm() {
        return Optional.ofNullable(confirm);
    }
}
