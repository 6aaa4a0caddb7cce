package io.firedrill.runner;

/** Asks for one full backup, or with {@code dryRun} only for what it would do. */
record BackupRequest(boolean dryRun) {}
