package io.firedrill.runner;

import io.firedrill.doctor.Finding;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill doctor}. */
@Command(
        name = "doctor",
        description =
                "Look at everything that a run needs, before it runs: servers, privileges, store, broker, job repository, clocks, TLS, keys.",
        footer = {
            "  firedrill doctor                               # all that the settings make possible",
            "  firedrill doctor --for backup --strict         # as an init container: a warning ends it too",
            "  firedrill doctor --for migrations-apply --database shop",
            "  firedrill doctor roles backup | mongosh 'mongodb://admin@db1/admin'",
            "  kubectl kustomize k8s/overlays/prod | firedrill doctor manifests -",
            "Nothing is written to a database. The store gets objects of its own under doctor/, and the broker two messages, which are removed.",
            "It ends with what the worst check would end a run with. What each check means: docs/OPERATIONS.md."
        })
final class DoctorCommand implements Callable<Integer>, Described {
    private final Session session;

    @Option(
            names = "--for",
            paramLabel = "WHAT",
            split = ",",
            description =
                    "Look at what this needs: backup, archive, drill, restore, prune, migrations, migrations-apply.")
    private List<String> wanted = List.of();

    @Option(names = "--strict", description = "End with a code for warnings too, and for what could not be looked at.")
    private boolean strict;

    @Option(names = "--database", paramLabel = "NAME", description = "The database of the migrations.")
    private @Nullable String database;

    DoctorCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (database != null) {
            var _ = DoctorRolesCommand.checked(database);
        }
        List<Finding> findings = session.examine(purposes(), database);
        session.print(DoctorResult.of(findings));
        Judgement.of(findings, strict);
        return ExitCode.OK.code();
    }

    private Set<Purpose> purposes() {
        Set<Purpose> purposes = EnumSet.noneOf(Purpose.class);
        for (String each : wanted) {
            purposes.add(Purpose.of(each)
                    .orElseThrow(() -> new Failure(
                            FailureKind.CONFIGURATION_INVALID,
                            "--for says '%s'".formatted(Visible.of(each)),
                            "Name one or several of %s."
                                    .formatted(Arrays.stream(Purpose.values())
                                            .map(Purpose::id)
                                            .collect(Collectors.joining(", "))))));
        }
        if (database == null && purposes.stream().anyMatch(Purpose::isOfMigrations)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "--for migrations needs a database, and none is named",
                    "Name the one that the migrations are applied to with --database.");
        }
        return purposes;
    }

    @Override
    public List<Setting> settings() {
        return Stream.of(
                        OF_STORE,
                        OF_SOURCE,
                        OF_STAGING,
                        OF_WORKERS,
                        OF_JOB_REPOSITORY,
                        List.of(
                                Setting.MONGOD,
                                Setting.ARCHIVE_OUTAGE_BUDGET,
                                Setting.LEDGER,
                                Setting.EVIDENCE_KEY,
                                Setting.EVIDENCE_LOCK,
                                Setting.STATE_DIR,
                                Setting.RECIPIENTS,
                                Setting.PRIVATE_KEYS,
                                Setting.NOTIFY_WEBHOOK))
                .flatMap(List::stream)
                .toList();
    }

    @Override
    public List<ExitCode> exitCodes() {
        return Stream.concat(
                        Stream.of(ExitCode.OK, ExitCode.UNEXPECTED),
                        Judgement.OF_DOCTOR.stream().sorted())
                .toList();
    }
}
