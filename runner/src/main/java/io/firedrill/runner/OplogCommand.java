package io.firedrill.runner;

import picocli.CommandLine.Command;

/** {@code firedrill oplog}. */
@Command(
        name = "oplog",
        description =
                "Archive what happens between backups, so that any moment can be restored; look what happened; make a newer backup out of it.",
        footer = {"  firedrill oplog archive", "  firedrill oplog show --ddl", "  firedrill oplog compact --dry-run"})
final class OplogCommand extends CommandGroup {}
