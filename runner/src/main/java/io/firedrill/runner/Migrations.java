package io.firedrill.runner;

import io.firedrill.evidence.Clocks;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.migration.Artefact;
import io.firedrill.migration.Change;
import io.firedrill.migration.CommandOptions;
import io.firedrill.migration.CommandSource;
import io.firedrill.migration.Finding;
import io.firedrill.migration.FlamingockLog;
import io.firedrill.migration.JudgedChange;
import io.firedrill.migration.LockState;
import io.firedrill.migration.MigrateMongoProject;
import io.firedrill.migration.MigrationDatabase;
import io.firedrill.migration.MigrationSource;
import io.firedrill.migration.MongockJar;
import io.firedrill.migration.RecordedRow;
import io.firedrill.migration.ReleaseHistory;
import io.firedrill.migration.Standing;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists migrations. It reads only, and leaves no record. Where there is a store, it tells what releases have left half done. */
final class Migrations {
    private final Workspace workspace;
    private final Settings settings;
    private final Clocks clocks;

    Migrations(Workspace workspace) {
        this.workspace = workspace;
        this.settings = workspace.settings();
        this.clocks = workspace.clocks();
    }

    MigrationsResult list(MigrationsRequest request) {
        MigrationSource source = source(request);
        Artefact artefact = source.artefact();
        if (request.offline()) {
            return result(
                    artefact,
                    null,
                    artefact.changes().stream().map(Migrations::line).toList(),
                    null);
        }
        if (source instanceof CommandSource) {
            return result(artefact, null, source.standing(Optional.empty()));
        }
        String name = database(request.database(), source);
        try (Deployment deployment = Deployments.connect(uri(request).reveal(), "source")) {
            var database = new MigrationDatabase(deployment, name, clocks.wall());
            Standing standing = explained(source, database, name, source.standing(Optional.of(database)));
            return result(artefact, name + " on " + deployment.hosts(), standing);
        }
    }

    /** By the name of the set: to ask for its id takes more than reading. */
    private Standing explained(MigrationSource source, MigrationDatabase database, String name, Standing standing) {
        if (settings.store() == null) {
            return standing;
        }
        String set = database.setName();
        ReleaseHistory history = new PastReleases(workspace, workspace.ledger()::newestEntries)
                .of(each -> each.name().equals(set))
                .of(source.artefact().tool(), name);
        return new LivingTools(history).noted(history.explained(standing, source::isAllOrNothing));
    }

    private MigrationSource source(MigrationsRequest request) {
        return request.of() instanceof MigrationsOf.Command command
                ? new CommandSource(withUri(command, request))
                : source(request.of());
    }

    /** Of what needs no connection string to be listed. */
    static MigrationSource source(MigrationsOf of) {
        return switch (of) {
            case MigrationsOf.Jar jar -> new MongockJar(jar.file(), jar.options());
            case MigrationsOf.Project project -> new MigrateMongoProject(project.options());
            case MigrationsOf.Command command -> new CommandSource(command.options());
            case MigrationsOf.AuditLog log -> new FlamingockLog(log.log(), log.lock());
        };
    }

    /** The connection string goes into the environment of the command, where other users cannot read it. */
    private CommandOptions withUri(MigrationsOf.Command command, MigrationsRequest request) {
        String variable = command.uriVariable();
        if (variable == null) {
            return command.options();
        }
        var environment = new HashMap<>(command.options().environment());
        environment.put(variable, uri(request).reveal());
        CommandOptions given = command.options();
        return new CommandOptions(
                given.command(), given.arguments(), given.directory(), environment, given.limit(), given.pattern());
    }

    private Secret uri(MigrationsRequest request) {
        if (request.uriFile() != null) {
            return SettingsReader.secretIn(
                    new Given(Setting.SOURCE_URI_FILE, request.uriFile().toString(), Origin.flag("--uri-file")));
        }
        settings.require(List.of(Setting.SOURCE_URI));
        return Objects.requireNonNull(settings.sourceUri());
    }

    /** The database that was named, or the one that the tool's own configuration names. */
    static String database(@Nullable String named, MigrationSource source) {
        if (named != null) {
            return named;
        }
        Optional<String> configured =
                source instanceof MigrateMongoProject project ? project.database() : Optional.empty();
        return configured.orElseThrow(
                () -> new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "no database is named",
                        "Give the one that the migrations are applied to with --database, or --offline to list without states."));
    }

    private static MigrationsResult result(Artefact artefact, @Nullable String database, Standing standing) {
        List<MigrationsResult.Line> lines =
                standing.changes().stream().map(Migrations::line).toList();
        return result(
                artefact, database, lines, standing.lock().map(Migrations::lock).orElse(null));
    }

    private static MigrationsResult result(
            Artefact artefact,
            @Nullable String database,
            List<MigrationsResult.Line> lines,
            MigrationsResult.@Nullable Lock lock) {
        return new MigrationsResult(
                artefact.tool(),
                artefact.version().orElse(null),
                artefact.location(),
                artefact.digest().orElse(null),
                database,
                lock,
                lines,
                lints(artefact.findings()));
    }

    private static MigrationsResult.Lock lock(LockState lock) {
        return new MigrationsResult.Lock(
                lock.isLive(),
                lock.holder(),
                lock.since().orElse(null),
                lock.age().map(Migrations::seconds).orElse(null),
                lock.expiresAt().orElse(null),
                lock.serverTime(),
                seconds(lock.skew()));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }

    private static MigrationsResult.Line line(Change change) {
        return line(change, null, "", List.of());
    }

    private static MigrationsResult.Line line(JudgedChange judged) {
        return line(judged.change(), judged, judged.note(), judged.findings());
    }

    private static MigrationsResult.Line line(
            Change change, @Nullable JudgedChange judged, String note, List<Finding> more) {
        Optional<RecordedRow> row = Optional.ofNullable(judged).flatMap(JudgedChange::recorded);
        OptionalLong millis = row.map(RecordedRow::millis).orElse(OptionalLong.empty());
        return new MigrationsResult.Line(
                change.id(),
                change.author(),
                change.order(),
                change.where(),
                judged == null ? null : judged.state(),
                judged == null ? null : judged.willRun(),
                row.flatMap(RecordedRow::at).orElse(null),
                row.map(RecordedRow::state).orElse(""),
                row.map(RecordedRow::by).orElse(""),
                row.map(RecordedRow::run).orElse(""),
                millis.isPresent() ? millis.getAsLong() : null,
                change.transactional().orElse(null),
                change.runAlways(),
                change.rollback().name().toLowerCase(Locale.ROOT),
                change.codeHash().orElse(null),
                note,
                Stream.concat(lints(change.findings()).stream(), lints(more).stream())
                        .toList());
    }

    private static List<MigrationsResult.Lint> lints(List<Finding> findings) {
        return findings.stream()
                .map(finding -> new MigrationsResult.Lint(
                        finding.rule().id(),
                        finding.rule().level().name().toLowerCase(Locale.ROOT),
                        finding.detail(),
                        finding.rule().why(),
                        finding.rule().recipe()))
                .toList();
    }
}
