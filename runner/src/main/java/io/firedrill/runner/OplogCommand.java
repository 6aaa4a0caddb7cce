package io.firedrill.runner;

import picocli.CommandLine.Command;

/** {@code firedrill oplog}. */
@Command(
        name = "oplog",
        description = "Archive what happens between backups, so that any moment can be restored.",
        footer = "  firedrill oplog archive")
final class OplogCommand extends CommandGroup {}
