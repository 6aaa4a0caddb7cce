package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/** The migration files of a migrate-mongo project, by the rules of migrate-mongo 14. */
public final class MigrateMongoProject implements MigrationSource {
    private static final long SCRIPT_BYTES_MAX = 4 << 20;

    /** They say which versions of others' modules are meant. */
    private static final List<String> LOCK_FILES =
            List.of("package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml");

    private final NodeOptions options;
    private final Map<String, String> fileHashes = new HashMap<>();
    private @Nullable ProjectConfig config;
    private @Nullable Artefact read;

    public MigrateMongoProject(NodeOptions options) {
        this.options = options;
    }

    /** The database that the configuration names; empty where its connection string does. */
    public Optional<String> database() {
        return config().database();
    }

    private ProjectConfig config() {
        ProjectConfig known = config;
        if (known == null) {
            known = options.given().orElseGet(() -> new NodeConfig(options).read());
            config = known;
        }
        return known;
    }

    /** Read once: what is judged is what was listed. */
    @Override
    public Artefact artefact() {
        Artefact known = read;
        if (known == null) {
            known = read();
            read = known;
        }
        return known;
    }

    private Artefact read() {
        files().forEach(file -> fileHashes.put(name(file), Fingerprint.of(file)));
        List<Change> changes = files().stream().map(this::change).toList();
        return new Artefact(
                Artefact.MIGRATE_MONGO,
                NodeModule.of(options.root()).flatMap(NodeModule::version),
                options.root().toString(),
                digest(changes),
                changes,
                findings(),
                config().steering());
    }

    /** Of the migrations with what they require, of the configuration likewise, and of what says which modules are meant. */
    @Override
    public Optional<String> digestNow() {
        return digest(files().stream().map(this::change).toList());
    }

    private Optional<String> digest(List<Change> changes) {
        var digests = new TreeMap<String, String>();
        changes.forEach(change -> digests.put(change.id(), change.codeHash().orElse("")));
        // No migration's name has a slash.
        Stream.concat(Stream.of(options.config()), LOCK_FILES.stream().map(options.root()::resolve))
                .filter(Files::isRegularFile)
                .forEach(file -> digests.put("/" + name(file), NodeRequires.digest(options.root(), file)));
        return Optional.of(Fingerprint.of(digests));
    }

    /** As migrate-mongo lists them: by name, in JavaScript's order of texts, which is Java's too. */
    private List<Path> files() {
        Path directory = options.root().resolve(config().directory());
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> isMigration(name(file)))
                    .sorted(Comparator.comparing(MigrateMongoProject::name))
                    .toList();
        } catch (IOException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "there is no directory %s with migrations that can be read".formatted(directory),
                    "Check migrationsDir in %s, or give it with --migrations-dir.".formatted(options.config()),
                    thrown);
        }
    }

    private boolean isMigration(String name) {
        String extension = config().extension();
        int dot = name.lastIndexOf('.');
        return dot > 0 && name.substring(dot).equals(extension) && !name.equals("sample-migration" + extension);
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private Change change(Path file) {
        String hash = NodeRequires.digest(options.root(), file);
        var found = new ArrayList<Finding>();
        Rollback rollback = rollback(file, found);
        return new Change(
                name(file),
                "",
                "",
                options.root().relativize(file).toString(),
                false,
                Optional.empty(),
                rollback,
                Optional.of(hash),
                found);
    }

    private Rollback rollback(Path file, List<Finding> found) {
        if (config().extension().equals(".ts")) {
            found.add(LintRule.TYPESCRIPT_NOT_READ.finding("the file is TypeScript"));
            return Rollback.UNKNOWN;
        }
        var script = new MigrationScript(text(file));
        Rollback rollback = script.function("down");
        if (rollback == Rollback.EMPTY) {
            found.add(LintRule.ROLLBACK_EMPTY.finding("down() does nothing"));
        }
        if (rollback == Rollback.NONE) {
            found.add(LintRule.ROLLBACK_MISSING.finding("no down is exported"));
        }
        if (script.startsProcesses()) {
            found.add(LintRule.PROCESS_STARTED.finding("child_process is loaded"));
        }
        if (script.function("up") == Rollback.NONE) {
            found.add(LintRule.UP_MISSING.finding("no up is exported"));
        }
        return rollback;
    }

    private static String text(Path file) {
        try {
            return Files.size(file) > SCRIPT_BYTES_MAX
                    ? "..."
                    : new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s cannot be read: %s".formatted(file, thrown),
                    "Check that this user may read it.",
                    thrown);
        }
    }

    private List<Finding> findings() {
        ProjectConfig set = config();
        if (!set.locks()) {
            return List.of(LintRule.NO_LOCK.finding(
                    set.lockCollection().isEmpty() ? "there is no lockCollectionName" : "lockTtl is 0"));
        }
        return List.of(
                set.lockTtl().isEmpty()
                        ? LintRule.LOCK_NEVER_EXPIRES.finding("there is no lockTtl")
                        : LintRule.LOCK_NOT_REFRESHED.finding(
                                "lockTtl is %d seconds".formatted(set.lockTtl().getAsLong())));
    }

    /** Where its lock's rows lie, and after which time one is stale; empty where nothing keeps two runs apart. */
    public Optional<LockRule> lockRule() {
        ProjectConfig set = config();
        return set.lockCollection()
                .filter(_ -> set.locks())
                .map(collection -> new LockRule(
                        collection,
                        set.lockTtl().isEmpty()
                                ? Optional.empty()
                                : Optional.of(Duration.ofSeconds(set.lockTtl().getAsLong()))));
    }

    @Override
    public Standing standing(Optional<MigrationDatabase> database) {
        MigrationDatabase found = MigrationDatabase.required(database);
        List<Change> changes = artefact().changes();
        var rows = new MigrateMongoRows(found.rows(config().changelog()), config().useFileHash(), fileHashes);
        return new Standing(rows.judge(changes), lock(found));
    }

    @Override
    public ChangeRunner runner(RunTools tools) {
        return new MigrateMongoRunner(options, config());
    }

    /** A row means locked for as long as it is there; the server removes it some time after it has expired. */
    private Optional<LockState> lock(MigrationDatabase database) {
        return config().lockCollection()
                .filter(_ -> config().locks())
                .flatMap(collection -> database.rows(collection).stream()
                        .max(Comparator.comparing((BsonDocument row) ->
                                Fields.instant(row, "createdAt").orElse(Instant.EPOCH))))
                .map(row -> {
                    Optional<Instant> since = Fields.instant(row, "createdAt");
                    return database.lock("", since, expiry(since));
                });
    }

    private Optional<Instant> expiry(Optional<Instant> since) {
        return config().lockTtl().isEmpty()
                ? Optional.empty()
                : since.map(taken -> taken.plusSeconds(config().lockTtl().getAsLong()));
    }
}
