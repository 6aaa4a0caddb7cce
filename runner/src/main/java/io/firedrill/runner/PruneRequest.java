package io.firedrill.runner;

import java.util.List;

/** Asks for retention to be applied, or for single backups to be deleted; with {@code dryRun} only for what that would do. */
record PruneRequest(List<String> backups, boolean dryRun) {
    PruneRequest {
        backups = List.copyOf(backups);
    }
}
