package io.firedrill.runner;

/**
 * Asks for one full backup, or with {@code dryRun} only for what it would do.
 *
 * @param skipAgain why the oplog is to be trusted again after it was found wrong; empty where nobody says so
 */
record BackupRequest(boolean dryRun, String skipAgain) {
    BackupRequest(boolean dryRun) {
        this(dryRun, "");
    }
}
