package io.firedrill.runner;

import io.firedrill.evidence.Period;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill evidence list}. */
@Command(
        name = "list",
        description = "List the records of the ledger, the newest first.",
        footer = {
            "  firedrill evidence list --kind restore-drill --since 2026-Q4",
            "  firedrill evidence list --limit 500 --output json"
        })
final class EvidenceListCommand implements Callable<Integer>, Described {
    private final Session session;

    @Option(names = "--kind", paramLabel = "KIND", description = "Only these: backup, restore-drill, approval, …")
    private @Nullable String kind;

    @Option(
            names = "--since",
            paramLabel = "PERIOD",
            description = "Not before this year, quarter, month or day began.")
    private Period since = Period.ALWAYS;

    @Option(names = "--until", paramLabel = "PERIOD", description = "Not after this year, quarter, month or day ended.")
    private Period until = Period.ALWAYS;

    @Option(names = "--limit", paramLabel = "N", description = "Stop after so many. Default: 100.")
    private int limit = 100;

    EvidenceListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID, "--limit is %d".formatted(limit), "Give a number above zero.");
        }
        var wanted = new EvidenceDesk.Wanted(Optional.ofNullable(kind), since, until, limit);
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.printer().evidence(operations.evidence().list(wanted));
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
