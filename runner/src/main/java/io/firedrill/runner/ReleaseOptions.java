package io.firedrill.runner;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the two commands have in common that write to the database that migrations are meant for. */
final class ReleaseOptions {
    @Option(
            names = "--record-in",
            paramLabel = "DATABASE",
            description =
                    "Write a row of the run into the collection migration_rehearsals of this database on the target.")
    private @Nullable String recordIn;

    @Option(
            names = "--confirm",
            paramLabel = "SET",
            description = "Name of the source's replica set, as proof that you mean it. On a terminal it is asked for.")
    private @Nullable String confirm;

    @Option(names = "--dry-run", description = "Say whether it would be refused, and what would be run.")
    private boolean dryRun;

    @Option(
            names = "--repaired",
            paramLabel = "ID=REASON",
            description =
                    "A change that an earlier run left half done, and why nothing of that is left; the record quotes it. Repeatable.")
    private Map<String, String> repaired = new TreeMap<>();

    /** Not offered, but whoever lists and rehearses by it is told why it is not enough. */
    @Option(names = "--command-list", hidden = true)
    private @Nullable String commandList;

    static final List<ExitCode> EXIT_CODES = List.of(
            ExitCode.OK,
            ExitCode.UNEXPECTED,
            ExitCode.USAGE,
            ExitCode.BACKUP_DAMAGED,
            ExitCode.LOCK_HELD,
            ExitCode.LOCK_LOST,
            ExitCode.REFUSED,
            ExitCode.UNAVAILABLE,
            ExitCode.ACCESS_DENIED,
            ExitCode.KEY,
            ExitCode.EVIDENCE_NOT_STORED,
            ExitCode.MIGRATION_FAILED,
            ExitCode.SIGINT,
            ExitCode.SIGTERM);

    static List<Setting> settings() {
        return Described.of(
                List.of(Described.OF_STORE, Described.OF_SOURCE, List.of(Setting.EVIDENCE_ROOTS), Described.OF_RUN));
    }

    /** Does what was asked for, and shows what came of it. */
    int release(Session session, ReleaseRequest request) {
        List<Setting> needed = List.of(Setting.STORE, Setting.SOURCE_URI);
        // A stop that comes when the last change has been run is no failure.
        session.endsWhenStopped();
        try (Operations operations = session.open(needed, confirm())) {
            ReleaseResult result = operations.release(request);
            session.printer().release(result);
            Judgement.of(result);
        }
        return ExitCode.OK.code();
    }

    Map<String, String> repaired() {
        repaired.forEach((id, reason) -> {
            if (reason.isBlank()) {
                throw MigrationsOptions.usage(
                        "--repaired %s has no reason".formatted(id),
                        "Say why nothing of it is left half done: --repaired %s=…".formatted(id));
            }
        });
        return repaired;
    }

    /** A command's code has no digest, so nothing can say that it is what was rehearsed. */
    void requireArtefact(String done) {
        if (commandList != null) {
            throw MigrationsOptions.usage(
                    "migrations that a command lists cannot be " + done,
                    "Give --jar or --project: what stands behind a command has no digest that a receipt could hold.");
        }
    }

    Optional<String> recordIn() {
        return Optional.ofNullable(recordIn);
    }

    private Optional<String> confirm() {
        return Optional.ofNullable(confirm);
    }

    boolean dryRun() {
        return dryRun;
    }
}
