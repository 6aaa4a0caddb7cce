package io.firedrill.runner;

import java.util.List;

/** What was dropped from staging, or with {@code dryRun} would be. */
record CleanResult(String target, List<String> databasesDropped, boolean dryRun, String record) {}
