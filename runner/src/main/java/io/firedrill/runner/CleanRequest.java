package io.firedrill.runner;

import java.util.Optional;

/** Asks for what Firedrill restored into staging to be dropped, or with {@code dryRun} only for what that would be. */
record CleanRequest(Optional<String> confirm, boolean dryRun) {}
