package io.firedrill.runner;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firedrill migrations list}. */
@Command(
        name = "list",
        description = "List migrations and how they stand in a database. Reads only; the role 'read' on it is enough.",
        footer = {
            "  firedrill migrations list --jar target/app.jar --database shop   # FIREDRILL_SOURCE_URI is in the environment",
            "  firedrill migrations list --project . --uri-file /run/secrets/uri --check",
            "  firedrill migrations list --command-list 'npm run migrate -- --list' --command-pattern '(?<state>up|down) (?<id>.+)'",
            "  firedrill migrations list --jar target/app.jar --offline --output sarif",
            "  firedrill migrations list --flamingock --database shop",
            "Mongock's classes are read as bytes and never loaded. Of a migrate-mongo project only its configuration is run,",
            "by Node in a process of its own. What each state and finding means: docs/MIGRATIONS.md."
        })
final class MigrationsListCommand implements Callable<Integer>, Described {
    private final Session session;

    @Mixin
    private final MigrationsOptions options = new MigrationsOptions();

    @Mixin
    private final MigrationsListingOptions listing = new MigrationsListingOptions();

    @Option(
            names = "--uri-file",
            paramLabel = "FILE",
            description = "File with a connection string to use in place of the source's.")
    private @Nullable Path uriFile;

    @Option(
            names = "--flamingock",
            description = "List what Flamingock's audit log in --database says; its code is not read.")
    private boolean flamingock;

    @Option(names = "--offline", description = "Ask no database: list and examine what the artefact holds.")
    private boolean offline;

    @Option(
            names = "--check",
            description = "Exit with 20 if somebody holds the lock, 61 on drift, 60 if a change is pending.")
    private boolean check;

    MigrationsListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        MigrationsOf of = flamingock ? options.auditLog(listing) : options.of(session, listing, null);
        if (offline && (check || flamingock || of instanceof MigrationsOf.Command)) {
            throw MigrationsOptions.usage(
                    "--offline does not go with "
                            + (check ? "--check" : flamingock ? "--flamingock" : "--command-list"),
                    "Without a database there are no states; leave --offline out.");
        }
        var request = new MigrationsRequest(
                of, options.database(), uriFile == null ? null : session.resolve(uriFile), offline);
        try (Operations operations = session.open(List.of(), Optional.empty())) {
            MigrationsResult result = operations.migrations(request);
            session.migrationsPrinter().print(result);
            if (check) {
                Judgement.of(result);
            }
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<OutputFormat> formats() {
        return Arrays.asList(OutputFormat.values());
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(List.of(Setting.SOURCE_URI, Setting.SOURCE_URI_FILE), OF_STORE));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return List.of(
                ExitCode.OK,
                ExitCode.UNEXPECTED,
                ExitCode.USAGE,
                ExitCode.BACKUP_DAMAGED,
                ExitCode.LOCK_HELD,
                ExitCode.UNAVAILABLE,
                ExitCode.ACCESS_DENIED,
                ExitCode.MIGRATIONS_PENDING,
                ExitCode.MIGRATIONS_DRIFTED);
    }
}
