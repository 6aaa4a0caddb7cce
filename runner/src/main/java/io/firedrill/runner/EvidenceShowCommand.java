package io.firedrill.runner;

import io.firedrill.evidence.LedgerEntry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firedrill evidence show}. */
@Command(
        name = "show",
        description = "Show one record.",
        footer = {"  firedrill evidence show 17", "  firedrill evidence show 17 --payload | jq .predicate.result"})
final class EvidenceShowCommand implements Callable<Integer>, Described {
    private final Session session;

    @Parameters(paramLabel = "RECORD", description = "Its number, or its id.")
    private String record = "";

    @Option(names = "--raw", description = "Write the envelope as it lies in the store.")
    private boolean raw;

    @Option(names = "--payload", description = "Write the signed statement as it was signed.")
    private boolean payload;

    EvidenceShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            EvidenceDesk desk = operations.evidence();
            LedgerEntry entry = desk.find(record);
            if (raw || payload) {
                session.write(raw ? entry.bytes() : entry.payload());
            } else {
                session.printer().evidence(desk.show(entry));
            }
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return EvidenceCommand.READING;
    }

    @Override
    public List<ExitCode> exitCodes() {
        return EvidenceCommand.EXIT_CODES;
    }
}
