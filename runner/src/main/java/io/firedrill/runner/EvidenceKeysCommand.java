package io.firedrill.runner;

import picocli.CommandLine.Command;

/** {@code firedrill evidence keys}. */
@Command(
        name = "keys",
        description = "Make, list, rotate and pin the keys that sign evidence.",
        footer = "  firedrill evidence keys create --out /secure/evidence")
final class EvidenceKeysCommand extends CommandGroup {}
