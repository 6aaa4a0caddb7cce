package io.firedrill.runner;

/**
 * What {@code oplog archive} was asked for: to end once it has reached the present, or only to look.
 *
 * @param newSource the id of the replica set that is accepted as the source; empty for none
 */
record ArchiveRequest(boolean once, boolean dryRun, String newSource) {}
