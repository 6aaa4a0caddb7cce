package io.firedrill.runner;

import io.firedrill.evidence.LedgerExport;
import io.firedrill.evidence.Period;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill evidence export}. */
@Command(
        name = "export",
        description = "Write the runs as a table, one row each.",
        footer = {
            "  firedrill evidence export --format csv --period 2026-Q4 > q4.csv",
            "  firedrill evidence export --period 2026-Q4 --out q4.csv",
            "  firedrill evidence export --format json"
        })
final class EvidenceExportCommand implements Callable<Integer>, Described {
    private final Session session;

    /** How the table is written. */
    enum Format {
        CSV,
        JSON
    }

    @Option(names = "--format", paramLabel = "FORMAT", description = "csv (the default) or json.")
    private Format format = Format.CSV;

    @Option(
            names = "--period",
            paramLabel = "PERIOD",
            description = "Only the runs of this year, quarter, month or day: 2026-Q4, 2026-11.")
    private Period period = Period.ALWAYS;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "The file to write, which may not be there. Default: stdout.")
    private @Nullable Path file;

    EvidenceExportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var text = new StringBuilder();
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            LedgerExport export = operations.evidence().export(period);
            if (format == Format.CSV) {
                export.csv(text);
            } else {
                text.append(export.json()).append('\n');
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (file == null) {
            session.write(bytes);
        } else {
            NewFiles.write(session.resolve(file), bytes);
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
