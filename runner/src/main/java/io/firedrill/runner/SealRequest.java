package io.firedrill.runner;

/**
 * Asks for one seal, or with {@code dryRun} only for what it would read.
 *
 * @param newSource the id of the replica set that is accepted as the source; empty for none
 */
record SealRequest(boolean dryRun, String newSource) {}
