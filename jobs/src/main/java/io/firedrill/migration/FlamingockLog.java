package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;

/**
 * What Flamingock, Mongock's successor, has written down in a database: its audit log and its lock, and nothing else. Its code is not
 * read and it is never started, so this lists and does no more.
 */
public final class FlamingockLog implements MigrationSource {
    /** Where Flamingock keeps its audit log, unless it is told otherwise. */
    public static final String LOG = "flamingockAuditLog";

    /** Where it keeps its locks, likewise. */
    public static final String LOCK = "flamingockLock";

    private final String log;
    private final String lock;

    /**
     * @param log the collection of its audit log
     * @param lock that of its locks
     */
    public FlamingockLog(String log, String lock) {
        this.log = log;
        this.lock = lock;
    }

    /** Without changes: those that are known are known from the rows. */
    @Override
    public Artefact artefact() {
        return new Artefact(
                Artefact.FLAMINGOCK,
                Optional.empty(),
                log,
                Optional.empty(),
                List.of(),
                List.of(LintRule.CODE_NOT_READ.finding(log)));
    }

    @Override
    public Standing standing(Optional<MigrationDatabase> database) {
        MigrationDatabase rows = MigrationDatabase.required(database);
        List<BsonDocument> entries = rows.rows(log);
        if (entries.isEmpty()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the collection '%s' has no entries in that database".formatted(log),
                    "Give the database that Flamingock keeps its audit log in with --database, and --changelog if the log is called otherwise.");
        }
        return new Standing(new FlamingockRows(entries).judge(), HeldLock.of(rows, lock));
    }

    @Override
    public Optional<String> digestNow() {
        return Optional.empty();
    }

    @Override
    public ChangeRunner runner(RunTools tools) {
        throw new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "Flamingock's changes are listed and not run",
                "Rehearse and apply them by a command: --command-list, --command-apply.");
    }
}
