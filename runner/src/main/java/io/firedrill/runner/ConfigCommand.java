package io.firedrill.runner;

import picocli.CommandLine.Command;

/** {@code firedrill config}. */
@Command(name = "config", description = "Look at the settings.", footer = "  firedrill config show --origin")
final class ConfigCommand extends CommandGroup {}
