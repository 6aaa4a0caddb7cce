package io.firedrill.runner;

import java.util.List;
import java.util.Map;

/** Writes results to stdout, for people or for programs. */
interface Printer {
    void backup(BackupRequest request, BackupResult result);

    void seal(SealResult result);

    void restore(RestoreRequest request, RestoreResult result);

    void verify(VerifyResult result);

    void prune(PruneResult result);

    void hold(HoldResult result);

    void keysCreated(KeyFiles.Created created);

    void keys(KeysResult result);

    void archive(ArchiveResult result);

    void worker(WorkerResult result);

    void oplog(OplogShowResult result);

    void compact(CompactResult result);

    void rehearsal(RehearseResult result);

    void release(ReleaseResult result);

    void status(StatusResult result);

    void metrics(MetricsResult result);

    void backups(List<BackupLine> backups);

    void clean(CleanResult result);

    void evidence(EvidenceResult result);

    void settings(Map<Setting, Given> given);

    void settingsWithOrigins(Map<Setting, Given> given);
}
