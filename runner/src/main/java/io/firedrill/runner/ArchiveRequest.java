package io.firedrill.runner;

/** What {@code oplog archive} was asked for: to end once it has reached the present, or only to look. */
record ArchiveRequest(boolean once, boolean dryRun) {}
