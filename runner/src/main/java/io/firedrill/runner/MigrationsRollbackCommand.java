package io.firedrill.runner;

import io.firedrill.evidence.RunKind;
import io.firedrill.migration.ReleaseLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firedrill migrations rollback}. */
@Command(
        name = "rollback",
        description = "Take applied migrations back by their own rollback, where a rehearsal has proven it.",
        footer = {
            "  firedrill migrations rollback --jar target/app.jar --database shop --last --confirm rs0",
            "  firedrill migrations rollback --jar target/app.jar --database shop --to create-customers --dry-run",
            "  firedrill migrations rollback --project . --last --confirm rs0",
            "--to ID takes back what was applied after ID, the newest first; ID itself stays.",
            "It refuses (exit code 30) what no rehearsal of this very code has proven, and names the moment to restore to.",
            "What users have written since a change was applied is not judged. The last is the newest by the rows.",
            "A change that a rollback left half done is taken back again only with --repaired: look at it first."
        })
final class MigrationsRollbackCommand implements Callable<Integer>, Described {
    private final Session session;

    @Mixin
    private final MigrationsOptions options = new MigrationsOptions();

    @Mixin
    private final MigrationsRunOptions run = new MigrationsRunOptions();

    @Mixin
    private final ReleaseOptions release = new ReleaseOptions();

    @Option(names = "--last", description = "Take back the last applied change.")
    private boolean last;

    @Option(
            names = "--to",
            paramLabel = "ID",
            description = "Take back all that was applied after this change, which stays.")
    private @Nullable String to;

    MigrationsRollbackCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (last == (to != null)) {
            throw MigrationsOptions.usage(
                    last ? "both --to and --last were given" : "nothing says how far to go back",
                    "Give --last, or --to with the id of the last change that stays.");
        }
        release.requireArtefact("taken back");
        var request = new ReleaseRequest(
                RunKind.ROLLBACK,
                options.artefact(session),
                options.database(),
                run.java(),
                run.applicationUri(),
                new ReleaseLimits(
                        Duration.ZERO,
                        Duration.ZERO,
                        true,
                        run.timeLimit(),
                        release.repaired().keySet()),
                release.repaired(),
                Optional.empty(),
                Optional.ofNullable(to),
                release.recordIn(),
                release.dryRun());
        return release.release(session, request);
    }

    @Override
    public List<Setting> settings() {
        return ReleaseOptions.settings();
    }

    @Override
    public List<ExitCode> exitCodes() {
        return ReleaseOptions.EXIT_CODES;
    }
}
