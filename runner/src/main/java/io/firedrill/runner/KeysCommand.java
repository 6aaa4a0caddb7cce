package io.firedrill.runner;

import picocli.CommandLine.Command;

/** {@code firedrill keys}. */
@Command(
        name = "keys",
        description = "Make, list and rotate the keys of encrypted backups.",
        footer = "  firedrill keys create --out /secure/firedrill")
final class KeysCommand extends CommandGroup {}
