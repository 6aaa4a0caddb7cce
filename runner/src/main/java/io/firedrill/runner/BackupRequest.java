package io.firedrill.runner;

/**
 * Asks for one full backup, or with {@code dryRun} only for what it would do.
 *
 * @param skipAgain why the oplog is to be trusted again after it was found wrong; empty where nobody says so
 * @param newSource the id of the replica set that is accepted as the source; empty for none
 */
record BackupRequest(boolean dryRun, String skipAgain, String newSource) {
    BackupRequest(boolean dryRun) {
        this(dryRun, "", "");
    }
}
