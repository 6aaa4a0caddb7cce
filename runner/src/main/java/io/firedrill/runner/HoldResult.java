package io.firedrill.runner;

/** How it stands with a backup's hold now. */
record HoldResult(String backupId, boolean held, String reason, String record) {}
