package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.evidence.RehearsalFacts.OfProperty;
import io.firedrill.job.StagingStage;
import io.firedrill.staging.StagingServer;
import io.firedrill.testing.MongockSample;
import io.firedrill.testing.NodeSample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.BsonDateTime;
import org.bson.Document;

/** The sample project of docs/samples, rehearsed on a server of our own that holds what it is for. */
final class SampleRehearsal {
    static final String DATABASE = "shop";

    /** Everything but what a quick rehearsal leaves out. */
    static final List<Property> QUICK = List.of(
            Property.APPLIES,
            Property.RECORDED_ONCE,
            Property.SCOPE,
            Property.VALIDATORS_OK,
            Property.ROLLBACK,
            Property.REAPPLY,
            Property.RERUN_SAFE);

    private static final Path SAMPLES = Path.of("..", "docs/samples/migrations");

    private SampleRehearsal() {}

    /** A migrate-mongo project with these files; with a lockTtl of 0 it has no lock. */
    static MigrationSource project(Map<String, String> files, int lockTtl, boolean useFileHash) {
        var project = new NodeSample(DATABASE, """
                module.exports = {
                  mongodb: { url: 'mongodb://127.0.0.1:1', databaseName: 'shop' }, migrationsDir: 'migrations',
                  changelogCollectionName: 'changelog', lockCollectionName: 'changelog_lock', lockTtl: %d,
                  migrationFileExtension: '.js', useFileHash: %s, moduleSystem: 'commonjs',
                };
                """.formatted(lockTtl, useFileHash));
        files.forEach((name, text) -> project.write("migrations/" + name, text));
        return new MigrateMongoProject(new NodeOptions(
                project.directory(), NodeSample.requireNode(), Duration.ofSeconds(30), Optional.empty()));
    }

    /** The migrations of one folder of the sample project. */
    static MigrationSource node(String folder) {
        return project(read(SAMPLES.resolve("node").resolve(folder)), 0, folder.equals("edited"));
    }

    /** The change units of some packages of the sample project, compiled into a jar. */
    static MigrationSource mongock(Path directory, String... packages) {
        MongockOptions usual = MongockOptions.usual();
        return new MongockJar(
                MongockSample.jarOf(directory, read(SAMPLES.resolve("mongock/src"))),
                new MongockOptions(
                        usual.changelog(), usual.lockCollection(), usual.defaultAuthor(), List.of(packages)));
    }

    /** One of its change units, by its path below {@code mongock/src}, in a jar of its own. */
    static MigrationSource changeUnit(Path directory, String file) {
        Path sources = SAMPLES.resolve("mongock/src");
        return new MongockJar(
                MongockSample.jarOf(directory, Map.of(file, text(sources.resolve(file)))), MongockOptions.usual());
    }

    /** Texts of files by their paths below a folder. */
    private static Map<String, String> read(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .collect(Collectors.toMap(file -> folder.relativize(file).toString(), SampleRehearsal::text));
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static void seed(MongoDatabase database) {
        database.getCollection("customers")
                .insertMany(IntStream.range(0, 300)
                        .mapToObj(i -> new Document("_id", i)
                                .append("name", "n" + i)
                                .append("country", i == 7 ? "GB" : null)
                                .append("n", i))
                        .toList());
        database.getCollection("customers")
                .updateMany(new Document("country", null), new Document("$unset", new Document("country", "")));
        database.getCollection("legacy")
                .insertMany(List.of(
                        new Document("_id", 1).append("kept", true), new Document("_id", 2).append("kept", false)));
        database.getCollection("regions").createIndex(new Document("name", 1));
        database.getCollection("regions").insertOne(new Document("_id", "eu").append("name", "EU"));
        // Applied, and its file has been edited since: the hash is that of nothing.
        database.getCollection("changelog")
                .insertOne(new Document("fileName", "1-edited.js")
                        .append("fileHash", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
                        .append("appliedAt", new BsonDateTime(1_700_000_000_000L)));
    }

    static RehearsalFacts rehearsed(Path directory, MigrationSource source, RehearsalOptions options) {
        return rehearsed(directory, source, options, rehearsal -> all(rehearsal, options), _ -> {});
    }

    static void all(Rehearsal rehearsal, RehearsalOptions options) {
        rehearsal.apply();
        rehearsal.rollBack();
        rehearsal.rerun();
        if (options.full()) {
            rehearsal.disturb();
        }
    }

    static RehearsalFacts rehearsed(
            Path directory,
            MigrationSource source,
            RehearsalOptions options,
            Consumer<Rehearsal> steps,
            Consumer<Rehearsal> watch) {
        return rehearsed(directory, source, RunTools.usual(MongockSample.shipped()), options, steps, watch);
    }

    static RehearsalFacts rehearsed(
            Path directory,
            MigrationSource source,
            RunTools tools,
            RehearsalOptions options,
            Consumer<Rehearsal> steps,
            Consumer<Rehearsal> watch) {
        return rehearsed(directory, source, tools, options, _ -> {}, steps, watch);
    }

    /** The same on a copy that holds more. */
    static RehearsalFacts rehearsed(
            Path directory,
            MigrationSource source,
            RunTools tools,
            RehearsalOptions options,
            Consumer<MongoDatabase> more,
            Consumer<Rehearsal> steps,
            Consumer<Rehearsal> watch) {
        var begun = new AtomicReference<Rehearsal>();
        try (StagingServer server = StagingServer.start(System.getenv("FIREDRILL_MONGOD"), directory, 0, "6.0")) {
            StagingStage stage = StagingStage.on(server);
            try (MongoClient client = MongoClients.create(stage.uri())) {
                seed(client.getDatabase(DATABASE));
                more.accept(client.getDatabase(DATABASE));
            }
            var rehearsal = new Rehearsal(
                    source,
                    source.runner(tools),
                    stage,
                    DATABASE,
                    options,
                    InstantSource.system(),
                    System::nanoTime,
                    2,
                    () -> Optional.ofNullable(begun.get()).ifPresent(watch));
            begun.set(rehearsal);
            steps.accept(rehearsal);
            rehearsal.close();
            return rehearsal.facts();
        }
    }

    /** One minute for a change, and of a lease as long as this. */
    static RehearsalOptions options(boolean full, Duration lease, Map<String, String> withoutRollback) {
        return options(full, lease, withoutRollback, List.of());
    }

    /** The same, with what may fail. */
    static RehearsalOptions options(
            boolean full, Duration lease, Map<String, String> withoutRollback, List<Acceptance> accepted) {
        return new RehearsalOptions(
                full,
                Optional.empty(),
                Duration.ofMinutes(5),
                Optional.of(Duration.ofMinutes(1)),
                lease,
                withoutRollback,
                accepted,
                Map.of("rehearsal", "R-1"));
    }

    static OfChange change(RehearsalFacts facts, String id) {
        return facts.changes().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    static List<String> failed(OfChange change) {
        return change.properties().stream()
                .filter(each -> each.grade() == Grade.FAILED)
                .map(OfProperty::property)
                .toList();
    }

    static OfProperty property(OfChange change, Property property) {
        return change.properties().stream()
                .filter(each -> each.property().equals(property.name()))
                .findFirst()
                .orElseThrow();
    }

    static void requireProven(OfChange change, List<Property> properties) {
        for (Property each : properties) {
            OfProperty found = property(change, each);
            assertThat(found.grade())
                    .as("%s of %s: %s %s", each, change.id(), found.detail(), found.differences())
                    .isEqualTo(Grade.PROVEN);
        }
    }
}
