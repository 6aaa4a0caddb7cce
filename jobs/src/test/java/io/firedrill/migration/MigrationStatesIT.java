package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.client.MongoClient;
import com.mongodb.client.model.Filters;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.bson.BsonDateTime;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How migrations stand in databases that the real Mongock and the real migrate-mongo have left, and in some whose rows were
 * written as their source has it. Whoever lists may do nothing but read, and the oplog has no entry of it.
 */
class MigrationStatesIT {
    private static final String ORDERS = "com.acme.orders";
    private static final List<String> TABLE = new ArrayList<>();

    @TempDir
    static Path directory;

    private static MongodServer server;
    private static MongoClient client;
    private static MigrationBench bench;

    @BeforeAll
    static void start() {
        server = MongodServer.guardedReplicaSet("shop").atRest();
        client = server.client();
        bench = MigrationBench.of(server, directory);
    }

    @AfterAll
    static void stop() throws IOException {
        client.close();
        server.close();
        Path matrix = Path.of("target", "matrices", "migrations.txt");
        Files.createDirectories(matrix.getParent());
        TABLE.addFirst("Migrations: databases, and how they are listed by a user who may only read");
        Files.write(matrix, TABLE);
        TABLE.forEach(System.out::println);
    }

    @ParameterizedTest
    @EnumSource(PreparedDatabase.class)
    void everyDatabaseIsListedAsItStandsAndNothingIsWritten(PreparedDatabase prepared) {
        String name = prepared.name().toLowerCase(Locale.ROOT);
        MigrationSource source = prepared.prepare(bench, client.getDatabase(name));
        @Nullable Document before;
        String listed;
        try (Deployment reader = reader(name, name)) {
            before = newestEntry();
            Standing standing =
                    source.standing(Optional.of(new MigrationDatabase(reader, name, InstantSource.system())));
            assertThat(standing.lock().stream().flatMap(lock -> lock.age().stream()))
                    .as("how long a lock has been held")
                    .allSatisfy(age -> assertThat(age).isBetween(Duration.ofSeconds(-1), Duration.ofMinutes(5)))
                    .hasSize(prepared.expected().contains(", lock ") ? 1 : 0);
            listed = text(standing);
        }
        assertThat(newestEntry()).as("the oplog's newest entry").isEqualTo(before);
        TABLE.add("  %-28s %-48s %s%s"
                .formatted(prepared, prepared.by(), listed.equals(prepared.expected()) ? "" : "WRONG: ", listed));
        assertThat(listed).isEqualTo(prepared.expected());
    }

    private static String text(Standing standing) {
        String changes = standing.changes().stream()
                .map(each -> each.change().id() + " " + each.state()
                        + (each.note().isEmpty() ? "" : " (" + each.note() + ")")
                        + each.findings().stream()
                                .map(finding -> " [" + finding.rule().id() + "]")
                                .collect(Collectors.joining()))
                .collect(Collectors.joining(", "));
        return changes
                + standing.lock()
                        .map(lock -> lock.isLive() ? ", lock live" : ", lock stale")
                        .orElse("");
    }

    /** A user who may read this one database, and nothing else. */
    private static Deployment reader(String user, String database) {
        client.getDatabase("admin")
                .runCommand(new Document("createUser", user)
                        .append("pwd", "a-password")
                        .append("roles", List.of(new Document("role", "read").append("db", database))));
        return Deployments.connect(server.uri(user + ":a-password@"), "source");
    }

    /** But of what the server writes for itself. */
    private static @Nullable Document newestEntry() {
        return client.getDatabase("local")
                .getCollection("oplog.rs")
                .find(Filters.and(Filters.ne("op", "n"), Filters.not(Filters.regex("ns", "^config\\."))))
                .sort(new Document("$natural", -1))
                .first();
    }

    /** A clock that is a year off makes no live lock stale, and no stale one live. */
    @ParameterizedTest
    @CsvSource({"live, 1, 365, true", "stale, -1, -365, false"})
    void theLockIsToldByTheServersClockWithTheSkewOfOurs(String name, int expiryHours, int skewDays, boolean live) {
        client.getDatabase(name)
                .getCollection("mongockLock")
                .insertOne(new Document("key", "DEFAULT_KEY")
                        .append("status", "LOCK_HELD")
                        .append("owner", "me")
                        .append(
                                "expiresAt",
                                new BsonDateTime(Instant.now()
                                        .plus(Duration.ofHours(expiryHours))
                                        .toEpochMilli())));
        InstantSource ours = () -> Instant.now().plus(Duration.ofDays(skewDays));
        try (Deployment reader = reader(name, name)) {
            LockState lock = bench.ofJar(ORDERS)
                    .standing(Optional.of(new MigrationDatabase(reader, name, ours)))
                    .lock()
                    .orElseThrow();
            assertThat(lock.holder()).isEqualTo("me");
            assertThat(lock.skew()).isCloseTo(Duration.ofDays(skewDays), Duration.ofMinutes(1));
            assertThat(lock.isLive()).isEqualTo(live);
        }
    }

    @Test
    void whoMayNotReadTheDatabaseIsToldWhichPrivilegeIsMissing() {
        try (Deployment reader = reader("elsewhere", "elsewhere")) {
            var database = new MigrationDatabase(reader, "private", InstantSource.system());
            Failure failure = catchThrowableOfType(
                    Failure.class, () -> bench.ofJar(ORDERS).standing(Optional.of(database)));
            assertThat(failure.kind()).isEqualTo(FailureKind.ACCESS_DENIED);
            assertThat(failure.text()).contains("find on private.mongockChangeLog");
            assertThat(failure.hint()).contains("'find'");
            var nowhere = new MigrationDatabase(reader, "no/where", InstantSource.system());
            assertThat(catchThrowableOfType(
                                    Failure.class, () -> bench.ofJar(ORDERS).standing(Optional.of(nowhere)))
                            .text())
                    .contains("no/where");
        }
    }

    @Test
    void aLargeSpringBootJarIsReadInSeconds() throws IOException {
        Path large = bench.mongock().largeBootJar(25L << 20);
        long begun = System.nanoTime();
        List<Change> changes =
                new MongockJar(large, MongockOptions.usual()).artefact().changes();
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        TABLE.add(
                "  a Spring Boot jar of %d MiB was read in %d ms".formatted(Files.size(large) >> 20, took.toMillis()));
        assertThat(changes)
                .isEqualTo(new MongockJar(bench.jar(), MongockOptions.usual())
                        .artefact()
                        .changes());
        assertThat(took).isLessThan(Duration.ofSeconds(30));
    }
}
