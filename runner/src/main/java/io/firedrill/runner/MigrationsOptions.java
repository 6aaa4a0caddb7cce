package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.migration.FlamingockLog;
import io.firedrill.migration.MongockOptions;
import io.firedrill.migration.NodeOptions;
import io.firedrill.migration.ProjectConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Where migrations come from that have an artefact, as every command about them takes it. */
final class MigrationsOptions {
    private static final Duration NODE_LIMIT = Duration.ofSeconds(30);

    private static final String JAR = "--jar";
    private static final String PROJECT = "--project";
    private static final String COMMAND = "--command-list";
    private static final String FLAMINGOCK = "--flamingock";

    /** Options that not every source of migrations can do something with. */
    private static final Map<String, List<String>> FITTING = Map.ofEntries(
            Map.entry("--database", List.of(JAR, PROJECT, FLAMINGOCK)),
            Map.entry("--changelog", List.of(JAR, PROJECT, FLAMINGOCK)),
            Map.entry("--lock-collection", List.of(JAR, PROJECT, FLAMINGOCK)),
            Map.entry("--package", List.of(JAR)),
            Map.entry("--default-author", List.of(JAR)),
            Map.entry("--node", List.of(PROJECT)),
            Map.entry("--migrations-dir", List.of(PROJECT)),
            Map.entry("--extension", List.of(PROJECT)),
            Map.entry("--use-file-hash", List.of(PROJECT)),
            Map.entry("--lock-ttl", List.of(PROJECT)),
            Map.entry("--command-pattern", List.of(COMMAND)),
            Map.entry("--command-dir", List.of(COMMAND)),
            Map.entry("--command-timeout", List.of(COMMAND)),
            Map.entry("--uri-env", List.of(COMMAND)),
            Map.entry("--shell", List.of(COMMAND)));

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    @Option(names = "--jar", paramLabel = "FILE", description = "A jar with Mongock's changes, plain or Spring Boot's.")
    private @Nullable Path jar;

    @Option(
            names = "--project",
            paramLabel = "DIR",
            description = "A migrate-mongo project, or its configuration file.")
    private @Nullable Path project;

    @Option(names = "--database", paramLabel = "NAME", description = "The database that they are applied to.")
    private @Nullable String database;

    @Option(
            names = "--changelog",
            paramLabel = "NAME",
            description = "The tool's collection, if it is not its usual one.")
    private @Nullable String changelog;

    @Option(names = "--lock-collection", paramLabel = "NAME", description = "The tool's lock collection, likewise.")
    private @Nullable String lockCollection;

    @Option(
            names = "--package",
            paramLabel = "NAME",
            split = ",",
            description = "Mongock's scan packages. Default: all that the jar holds.")
    private List<String> packages = new ArrayList<>();

    @Option(
            names = "--default-author",
            paramLabel = "NAME",
            description = "Mongock's default author. Default: default_author.")
    private String defaultAuthor = MongockOptions.DEFAULT_AUTHOR;

    @Option(names = "--node", paramLabel = "FILE", description = "Node, 20 or later. Default: node on the PATH.")
    private String node = "node";

    @Option(
            names = "--migrations-dir",
            paramLabel = "DIR",
            description =
                    "Do not run the project's configuration: this is its migrationsDir, and the options here say the rest.")
    private @Nullable String migrationsDir;

    @Option(
            names = "--extension",
            paramLabel = "EXT",
            description = "With --migrations-dir: .js (the default), .mjs, …")
    private String extension = ProjectConfig.EXTENSION;

    @Option(names = "--use-file-hash", description = "With --migrations-dir: useFileHash is on.")
    private boolean useFileHash;

    @Option(names = "--lock-ttl", paramLabel = "SECONDS", description = "With --migrations-dir: lockTtl. Default: 0.")
    private long lockTtl;

    /** The database that was named; null for the one that the tool's own configuration names. */
    @Nullable
    String database() {
        return database;
    }

    /** An option that would be ignored was meant to do something. */
    private void requireFitting(String source, boolean runs) {
        ParseResult parsed = Objects.requireNonNull(spec).commandLine().getParseResult();
        FITTING.forEach((option, sources) -> {
            // Who is asked by a command knows the database; who watches what it writes does not.
            boolean fits = sources.contains(source) || (runs && option.equals("--database"));
            if (parsed.hasMatchedOption(option) && !fits) {
                throw usage(
                        "%s does not go with %s".formatted(option, source),
                        "It is for %s; leave it out.".formatted(String.join(" and ", sources)));
            }
        });
    }

    /** A jar or a project, of which there is a digest. */
    MigrationsOf artefact(Session session) {
        requireOne(Stream.of(jar, project), "Give --jar or --project.");
        requireFitting(jar != null ? JAR : PROJECT, false);
        return known(session);
    }

    /**
     * @param listing by a command
     * @param commands how the changes are run that it lists; null where none is run
     */
    MigrationsOf of(Session session, MigrationsListingOptions listing, @Nullable MigrationsCommandOptions commands) {
        requireOne(Stream.of(jar, project, listing.command()), "Give one of --jar, --project and --command-list.");
        requireFitting(jar != null ? JAR : project != null ? PROJECT : COMMAND, commands != null);
        if (listing.command() != null) {
            return listing.of(session, commands);
        }
        if (commands != null && commands.isGiven()) {
            throw usage("--command-apply and its like go with --command-list", "Leave them out.");
        }
        return known(session);
    }

    /** What Flamingock has written down, and nothing beside it. */
    MigrationsOf auditLog(MigrationsListingOptions listing) {
        if (Stream.of(jar, project, listing.command()).anyMatch(Objects::nonNull)) {
            throw usage("--flamingock reads a log, and there is something else to be listed", "Give one of them.");
        }
        requireFitting(FLAMINGOCK, false);
        return new MigrationsOf.AuditLog(
                Objects.requireNonNullElse(changelog, FlamingockLog.LOG),
                Objects.requireNonNullElse(lockCollection, FlamingockLog.LOCK));
    }

    private static void requireOne(Stream<?> places, String hint) {
        long given = places.filter(Objects::nonNull).count();
        if (given != 1) {
            throw usage(
                    given == 0 ? "nothing says where the migrations are" : "migrations are in more than one place",
                    hint);
        }
    }

    private MigrationsOf known(Session session) {
        return jar == null
                ? project(session, Objects.requireNonNull(project))
                : new MigrationsOf.Jar(
                        session.resolve(jar),
                        new MongockOptions(
                                Objects.requireNonNullElse(changelog, MongockOptions.CHANGELOG),
                                Objects.requireNonNullElse(lockCollection, MongockOptions.LOCK),
                                defaultAuthor,
                                packages));
    }

    private MigrationsOf project(Session session, Path directory) {
        Optional<ProjectConfig> config = Optional.ofNullable(migrationsDir)
                .map(migrations -> new ProjectConfig(
                        migrations,
                        extension,
                        Objects.requireNonNullElse(changelog, ProjectConfig.CHANGELOG),
                        Optional.of(Objects.requireNonNullElse(lockCollection, ProjectConfig.LOCK)),
                        OptionalLong.of(lockTtl),
                        useFileHash,
                        Optional.empty()));
        boolean more = useFileHash || lockTtl != 0 || changelog != null || lockCollection != null;
        if (config.isEmpty() && (more || !extension.equals(ProjectConfig.EXTENSION))) {
            throw usage(
                    "the project's configuration says that already",
                    "Leave the options out that it answers, or give --migrations-dir too and it is not run.");
        }
        return new MigrationsOf.Project(new NodeOptions(session.resolve(directory), node, NODE_LIMIT, config));
    }

    static Failure usage(String message, String hint) {
        return new Failure(FailureKind.CONFIGURATION_INVALID, message, hint);
    }
}
