package io.firedrill.runner;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.evidence.RunLog;
import io.firedrill.mongo.DeploymentIdentity;
import java.util.Set;

/** Makes sure that the source is the replica set that the store knows as that, before anything of it is stored. */
final class SourceSuccession {
    private final Workspace workspace;
    private final BackupCatalog catalog;

    SourceSuccession(Workspace workspace, BackupCatalog catalog) {
        this.workspace = workspace;
        this.catalog = catalog;
    }

    /**
     * Refuses another one, unless it is accepted; the record says so.
     *
     * @param accepted the id of the replica set that the operator accepts as the source; empty for none
     */
    void settle(DeploymentIdentity source, String accepted, RunLog log) {
        if (accepted.isEmpty()) {
            catalog.succession().requireCurrent(source);
            return;
        }
        Set<String> before = catalog.succession()
                .accept(
                        source,
                        accepted,
                        workspace.settings().operator(),
                        workspace.clocks().now());
        if (!before.isEmpty()) {
            log.note("new-source", "%s accepted in the place of %s".formatted(accepted, String.join(", ", before)));
        }
    }
}
