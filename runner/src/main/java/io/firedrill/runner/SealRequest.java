package io.firedrill.runner;

/** Asks for one seal, or with {@code dryRun} only for what it would read. */
record SealRequest(boolean dryRun) {}
