package io.firedrill.runner;

import io.firedrill.evidence.RunKind;
import io.firedrill.migration.ReleaseLimits;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firedrill migrations apply}. */
@Command(
        name = "apply",
        description = "Apply pending migrations to the source, if a fresh rehearsal has shown what they do.",
        footer = {
            "  firedrill migrations apply --jar target/app.jar --database shop --dry-run    # would it be refused?",
            "  firedrill migrations apply --jar target/app.jar --database shop --confirm rs0",
            "  firedrill migrations apply --project . --confirm rs0 --record-in firedrill",
            "It refuses (exit code 30) unless a signed rehearsal passed of this very artefact and of just what is pending now.",
            "Before and after each change a note is written into the oplog: the moments to restore to.",
            "The first change whose rows do not say that it is applied ends it. Started again it goes on, where the rehearsal shows that",
            "the change bears it. Asked to stop it waits for the change that is at work; asked again it kills it."
        })
final class MigrationsApplyCommand implements Callable<Integer>, Described {
    private final Session session;

    @Mixin
    private final MigrationsOptions options = new MigrationsOptions();

    @Mixin
    private final MigrationsRunOptions run = new MigrationsRunOptions();

    @Mixin
    private final ReleaseOptions release = new ReleaseOptions();

    @Option(
            names = "--receipt",
            paramLabel = "RUN",
            description = "Run id of the rehearsal to rely on. Default: the newest of this artefact.")
    private @Nullable String receipt;

    @Option(
            names = "--receipt-age",
            paramLabel = "DURATION",
            description = "How old the rehearsal may be. Default: 24h.")
    private String receiptAge = "24h";

    @Option(
            names = "--backup-age",
            paramLabel = "DURATION",
            description = "How old the newest backup may be now, and the rehearsal's when it began. Default: 24h.")
    private String backupAge = "24h";

    @Option(names = "--accept-quick", description = "A rehearsal that cut no run off will do.")
    private boolean acceptQuick;

    MigrationsApplyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        release.requireArtefact("applied");
        var request = new ReleaseRequest(
                RunKind.APPLY,
                options.artefact(session),
                options.database(),
                run.java(),
                run.applicationUri(),
                new ReleaseLimits(
                        MigrationsRunOptions.duration("--receipt-age", receiptAge),
                        MigrationsRunOptions.duration("--backup-age", backupAge),
                        acceptQuick,
                        run.timeLimit(),
                        release.repaired().keySet()),
                release.repaired(),
                Optional.ofNullable(receipt),
                Optional.empty(),
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
