package io.firedrill.runner;

import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** {@code firedrill evidence}. */
@Command(
        name = "evidence",
        description = "List, verify, approve and hand over the signed records that every run leaves.",
        footer = {
            "  firedrill evidence list",
            "  firedrill evidence verify --checkpoint 17:9f2c…    # a copy that you kept",
            "  firedrill evidence bundle --period 2026-Q4 --out q4.zip"
        })
final class EvidenceCommand extends CommandGroup {
    /** The settings of commands that only read a ledger. */
    static final List<Setting> READING = Described.of(List.of(Described.OF_STORE, List.of(Setting.LEDGER)));

    /** The settings of commands that add to one. */
    static final List<Setting> WRITING = Described.of(List.of(
            READING,
            List.of(
                    Setting.EVIDENCE_KEY,
                    Setting.STATE_DIR,
                    Setting.OPERATOR,
                    Setting.EVIDENCE_LOCK,
                    Setting.WITNESS_STORE)));

    static final List<ExitCode> EXIT_CODES = Stream.concat(
                    StatusCommand.EXIT_CODES.stream(), Stream.of(ExitCode.BACKUP_DAMAGED))
            .toList();

    static final List<ExitCode> EXIT_CODES_VERIFYING =
            Stream.concat(EXIT_CODES.stream(), Stream.of(ExitCode.RUNS_MISSED)).toList();

    static final List<ExitCode> EXIT_CODES_WRITING = Stream.concat(
                    EXIT_CODES.stream(), Stream.of(ExitCode.REFUSED, ExitCode.EVIDENCE_NOT_STORED))
            .toList();
}
