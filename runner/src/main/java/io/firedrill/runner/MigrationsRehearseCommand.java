package io.firedrill.runner;

import io.firedrill.migration.Acceptance;
import io.firedrill.migration.ChangeCut;
import io.firedrill.migration.Property;
import io.firedrill.migration.RehearsalOptions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firedrill migrations rehearse}. */
@Command(
        name = "rehearse",
        description =
                "Run pending migrations on a restored backup, take them back, run them again, and prove what holds.",
        footer = {
            "  firedrill migrations rehearse --jar target/app.jar --database shop",
            "  firedrill migrations rehearse --project . --quick --budget 10m",
            "  firedrill migrations rehearse --jar target/app.jar --database shop --without-rollback 'drop-old=restore is the way back'",
            "  firedrill migrations rehearse --project . --accept 'SINGLE_EXECUTION=only the release job runs it, and only once'",
            "  firedrill migrations rehearse --jar target/app.jar --database shop --cut fill-country:kill-before-data-7",
            "  firedrill migrations rehearse --command-list 'npm run migrate -- --list' --command-apply 'npm run migrate -- up {id}' --command-revert 'npm run migrate -- down {id}' --uri-env DATABASE_URL --command-rows changelog:name --database shop",
            "  firedrill migrations rehearse --jar target/app.jar --database shop --dry-run --output json",
            "The newest backup is restored into a mongod of its own, which is destroyed afterwards; Firedrill writes to nothing else.",
            "A change that makes a client of its own goes where that leads: rehearse where production cannot be reached.",
            "The Java process of a jar is kept from every host but the copy's and those of --app-reach, as far as Java lets us.",
            "What a change wrote is told from that server's oplog and digests, not from what the tool says of itself.",
            "What each property means: docs/MIGRATIONS.md. The record is the receipt that a release can wait for."
        })
final class MigrationsRehearseCommand implements Callable<Integer>, Described {
    private static final Duration SLACK = Duration.ofSeconds(30);

    private final Session session;

    @Mixin
    private final MigrationsOptions options = new MigrationsOptions();

    @Mixin
    private final MigrationsListingOptions listing = new MigrationsListingOptions();

    @Mixin
    private final MigrationsRunOptions run = new MigrationsRunOptions();

    @Mixin
    private final MigrationsCommandOptions commands = new MigrationsCommandOptions();

    @Option(
            names = "--backup",
            paramLabel = "ID",
            description = "Backup to rehearse on: an id, or latest (the default).")
    private String backup = RestoreRequest.LATEST;

    @Option(names = "--budget", paramLabel = "DURATION", description = "How long a change may take. Default: any time.")
    private @Nullable String budget;

    @Option(names = "--quick", description = "Cut no run off, and make no two at once: minutes instead of an hour.")
    private boolean quick;

    @Option(
            names = "--cut",
            paramLabel = "ID:NAME",
            description = "Make this cut of this change again, and test nothing else. Such a run is no receipt.")
    private @Nullable String cut;

    @Option(
            names = "--lease",
            paramLabel = "DURATION",
            description = "How long the tool's lock holds without being renewed. Default: 1m, which is Mongock's.")
    private String lease = "1m";

    @Option(
            names = "--without-rollback",
            paramLabel = "ID=REASON",
            description = "A change that needs no rollback, and why; the record quotes it. Repeatable.")
    private Map<String, String> withoutRollback = new TreeMap<>();

    @Option(
            names = "--accept",
            paramLabel = "[ID:]PROPERTY=REASON",
            description =
                    "A property that may fail, of one change or of all, and why; the record tells both. Repeatable.")
    private Map<String, String> accepted = new TreeMap<>();

    @Option(
            names = "--app-reach",
            paramLabel = "HOST",
            description =
                    "Host that the Java process of a jar may reach beside the copy; it is kept from all others. Repeatable.")
    private List<String> reachable = List.of();

    @Option(names = "--dry-run", description = "Say what is in the artefact and which backup would be used.")
    private boolean dryRun;

    MigrationsRehearseCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        var request = new RehearseRequest(
                options.of(session, listing, commands),
                options.database(),
                backup,
                run.java(),
                run.applicationUri(),
                reachable,
                new RehearsalOptions(
                        !quick && cut == null,
                        Optional.ofNullable(cut).map(ChangeCut::parse),
                        run.timeLimit(),
                        Optional.ofNullable(budget).map(text -> MigrationsRunOptions.duration("--budget", text)),
                        MigrationsRunOptions.duration("--lease", lease),
                        reasoned(withoutRollback),
                        accepted.entrySet().stream()
                                .map(each -> acceptance(each.getKey(), each.getValue()))
                                .toList(),
                        Map.of()),
                dryRun);
        if (quick && cut != null) {
            throw MigrationsOptions.usage("--quick cuts no run off, and --cut asks for a cut", "Give one of the two.");
        }
        if (!quick
                && request.options().limit().compareTo(request.options().lease().plus(SLACK)) < 0) {
            throw MigrationsOptions.usage(
                    "--time-limit %s is less than --lease %s and 30 s".formatted(run.timeLimitText(), lease),
                    "A run has to wait for the lock of a dead one: raise --time-limit, or give --quick.");
        }
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            RehearseResult result = operations.rehearse(request);
            session.printer().rehearsal(result);
            Judgement.of(result);
        }
        return ExitCode.OK.code();
    }

    private static Map<String, String> reasoned(Map<String, String> withoutRollback) {
        withoutRollback.forEach((id, reason) -> {
            if (reason.isBlank()) {
                throw MigrationsOptions.usage(
                        "--without-rollback %s has no reason".formatted(id),
                        "Say why it needs none: --without-rollback %s=…".formatted(id));
            }
        });
        return withoutRollback;
    }

    /** An id may have colons, a property has none. */
    private static Acceptance acceptance(String what, String reason) {
        int colon = what.lastIndexOf(':');
        String name = what.substring(colon + 1);
        Property property = Arrays.stream(Property.values())
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> MigrationsOptions.usage(
                        "--accept names the property '%s', and there is none".formatted(name),
                        "Give one of %s.".formatted(Arrays.toString(Property.values()))));
        if (property == Property.APPLIES || property == Property.RECORDED_ONCE || property == Property.SCOPE) {
            throw MigrationsOptions.usage(
                    "--accept %s accepts what no release can do without".formatted(what),
                    "Mend the change: it has to apply, be recorded, and keep to its database.");
        }
        if (reason.isBlank()) {
            throw MigrationsOptions.usage(
                    "--accept %s has no reason".formatted(what), "Say why it may fail: --accept %s=…".formatted(what));
        }
        return new Acceptance(colon < 0 ? Optional.empty() : Optional.of(what.substring(0, colon)), property, reason);
    }

    @Override
    public List<Setting> settings() {
        return Described.of(
                List.of(OF_STORE, OF_EPHEMERAL, List.of(Setting.SOURCE_NAME, Setting.PRIVATE_KEYS), OF_RUN));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return List.of(
                ExitCode.OK,
                ExitCode.UNEXPECTED,
                ExitCode.USAGE,
                ExitCode.VERIFICATION_MISMATCH,
                ExitCode.BACKUP_DAMAGED,
                ExitCode.LOCK_HELD,
                ExitCode.LOCK_LOST,
                ExitCode.UNAVAILABLE,
                ExitCode.ACCESS_DENIED,
                ExitCode.STAGING_LEFT_BEHIND,
                ExitCode.KEY,
                ExitCode.EVIDENCE_NOT_STORED,
                ExitCode.REHEARSAL_FAILED,
                ExitCode.SIGINT,
                ExitCode.SIGTERM);
    }
}
