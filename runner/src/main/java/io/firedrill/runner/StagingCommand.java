package io.firedrill.runner;

import picocli.CommandLine.Command;

/** {@code firedrill staging}. */
@Command(
        name = "staging",
        description = "Look after the staging replica set.",
        footer = "  firedrill staging clean --confirm staging")
final class StagingCommand extends CommandGroup {}
