package io.firedrill.runner;

import io.firedrill.oplog.RecoveryTarget;

/** Asks for a newer backup out of an older one and the archived oplog, or with {@code dryRun} only for what it would take. */
record CompactRequest(RecoveryTarget to, boolean dryRun) {}
