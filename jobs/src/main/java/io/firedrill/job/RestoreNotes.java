package io.firedrill.job;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.Narrowing;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.Scope;
import io.firedrill.job.RestoreJobConfig.Users;
import io.firedrill.restore.RestoreSource;
import io.firedrill.restore.StagingGuard;

/** Puts into a restore's record what is known before its first write: what goes where, what is left out, what nobody tests. */
record RestoreNotes(RunLog log, RestoreSource source, Users users) {
    /**
     * @param targetName what the record calls the target
     * @param toMoment whether the restore goes on to a moment after the backup
     */
    void take(String targetName, StagingGuard.Target found, BackupCatalog catalog, boolean toMoment) {
        log.source(BackupJobConfig.party("source", source.plan().identity()));
        log.target(
                BackupJobConfig.party(targetName, found.identity()),
                found.databases().isEmpty());
        log.backup(BackupJobConfig.facts(source.manifest(), catalog));
        source.plan().excluded().forEach(left -> log.exclude(left.namespace(), left.reason()));
        selection(source.narrowing());
        if (users == Users.RESTORED && toMoment) {
            log.notTested("what became of users and roles after the backup: they are restored as it holds them");
        }
        if (users == Users.LEFT_OUT) {
            log.notTested("users and roles: they were not restored; --with-users restores and proves them");
        }
        log.notTested("the application against the restored data: no smoke query is configured");
    }

    private void selection(Narrowing narrowing) {
        log.scope(new Scope(narrowing.isPartial(), narrowing.renamed()));
        if (narrowing.isPartial()) {
            log.notTested(
                    "%d collections and views of the backup, left out by --include or --exclude; nor how long all of"
                                    .formatted(narrowing.leftOut().size())
                            + " it takes: a restore of a part is no proof of the whole");
        }
        narrowing.blind().forEach(log::notTested);
        if (!narrowing.renamed().isEmpty() && users == Users.RESTORED) {
            log.notTested("the restored users and roles with --rename: they name databases as the source did");
        }
    }
}
