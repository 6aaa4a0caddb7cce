package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.model.Filters;
import io.firedrill.runner.RealCall.Told;
import io.firedrill.testing.DocumentedRole;
import io.firedrill.testing.MongockSample;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.NodeSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Migrations listed as a person or a pipeline does it, by a user who may read one database and nothing else. */
class MigrationsListIT {
    private static final String ORDERS = "com.acme.orders";

    @TempDir
    static Path shared;

    private static final String ROLE = "firedrillMigrationsList";

    private static MongodServer server;
    private static MongoClient client;
    private static MongockSample mongock;
    private static Path jar;

    @TempDir
    Path directory;

    private RealCall call;

    @BeforeAll
    static void start() {
        server = MongodServer.guardedReplicaSet("shop").atRest();
        client = server.client();
        mongock = new MongockSample(shared);
        jar = mongock.bootJar();
        DocumentedRole.of(ROLE, "shop").make(server, RealCall.SECRET);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @BeforeEach
    void call() {
        call = new RealCall(directory).with("FIREDRILL_SOURCE_URI", uri());
        client.getDatabase("shop").drop();
    }

    private static String uri() {
        return RealCall.uri(server, ROLE);
    }

    private static @Nullable Document newestEntry() {
        return client.getDatabase("local")
                .getCollection("oplog.rs")
                .find(Filters.and(Filters.ne("op", "n"), Filters.not(Filters.regex("ns", "^config\\."))))
                .sort(new Document("$natural", -1))
                .first();
    }

    private String[] list(String... more) {
        return Stream.concat(
                        Stream.of(
                                "migrations",
                                "list",
                                "--jar",
                                jar.toString(),
                                "--database",
                                "shop",
                                "--package",
                                ORDERS),
                        Arrays.stream(more))
                .toArray(String[]::new);
    }

    @Test
    void aPipelineIsToldPendingThenDoneThenDriftAndNothingIsWritten() {
        @Nullable Document before = newestEntry();
        Told pending = call.fail(60, list("--check"));
        assertThat(pending.message()).contains("5 migrations pending: create-customers (ada), add-email-index (ada)");
        assertThat(call.out()).contains("mongock 5.5.1", "shop on 127.0.0.1:", "PENDING", "5 changes: 5 pending");
        assertThat(newestEntry()).isEqualTo(before);

        assertThat(mongock.run(server, "shop", ORDERS))
                .as(() -> mongock.log("shop"))
                .isZero();
        before = newestEntry();
        call.succeed(list("--check"));
        assertThat(call.out()).contains("5 changes: 4 applied, 1 run always");
        assertThat(newestEntry()).isEqualTo(before);

        Told drift = call.fail(
                61,
                "migrations",
                "list",
                "--jar",
                jar.toString(),
                "--database",
                "shop",
                "--package",
                "com.acme.slow",
                "--check");
        assertThat(drift.message()).contains("5 migrations drifted", "create-customers (ada) ORPHAN");
        for (String format : List.of("json", "junit", "sarif", "markdown")) {
            call.succeed(list("--output", format));
            assertThat(call.out()).contains("add-email-index", "totals");
        }
        assertThat(newestEntry()).isEqualTo(before);
    }

    @Test
    void aHeldLockGoesBeforeAllElse() {
        client.getDatabase("shop")
                .getCollection("mongockLock")
                .insertOne(
                        Document.parse(
                                "{key: 'DEFAULT_KEY', status: 'LOCK_HELD', owner: 'me', expiresAt: {$date: '2100-01-01T00:00:00Z'}}"));
        Told held = call.fail(20, list("--check"));
        assertThat(held.message())
                .contains("the lock of mongock is held by me", "expires 2100-01-01T00:00:00Z", "server's clock");
        assertThat(call.out()).contains("LIVE");
    }

    @Test
    void theConnectionStringMayLieInAFileOfItsOwn() throws IOException {
        Path file = Files.writeString(directory.resolve("uri"), uri() + "\n");
        call.with("FIREDRILL_SOURCE_URI", "").succeed(list("--uri-file", file.toString()));
        assertThat(call.fail(2, list("--uri-file", "nowhere")).message())
                .contains("nowhere", "missing, unreadable or empty");
        assertThat(call.fail(2, list()).message()).contains("source-uri is not set");
        assertThat(call.fail(2, "migrations", "list", "--jar", jar.toString()).message())
                .contains("no database is named");
    }

    @Test
    void whoIsNotLetInAndWhatDoesNotAnswerIsNamed() {
        Told denied = call.fail(41, "migrations", "list", "--jar", jar.toString(), "--database", "other");
        assertThat(denied.message()).contains("does not allow its user: find on other.mongockChangeLog");
        assertThat(call.with("FIREDRILL_SOURCE_URI", server.uri(ROLE + ":wrong-" + RealCall.SECRET + "@"))
                        .fail(41, list())
                        .message())
                .contains("refused the user 'firedrillMigrationsList'");
        assertThat(call.with(
                                "FIREDRILL_SOURCE_URI",
                                "mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=500&replicaSet=shop")
                        .fail(40, list())
                        .message())
                .contains("source 127.0.0.1:1", "did not answer in time");
    }

    @Test
    void aProjectIsListedWithTheDatabaseOfItsConfiguration() {
        NodeSample project = new NodeSample("shop", """
                        module.exports = { mongodb: { url: '%s', databaseName: 'shop' }, changelogCollectionName: 'changelog',
                          lockCollectionName: 'changelog_lock', lockTtl: 0 };
                        """.formatted(server.uri()))
                .write("migrations/1-a.js", "exports.up = async (db) => { await db.collection('c').insertOne({}); };")
                .write("migrations/2-b.js", "exports.up = async () => {}; exports.down = async () => {};");
        assertThat(project.run("up")).isZero();
        project.write("migrations/3-c.js", "exports.up = async () => {};");
        @Nullable Document before = newestEntry();
        Told pending = call.fail(
                60, "migrations", "list", "--project", project.directory().toString(), "--check");
        assertThat(pending.message()).isEqualTo("1 migration pending: 3-c.js");
        assertThat(call.out()).contains("migrate-mongo 14.0.7", "no-lock", "rollback-empty", "2 applied, 1 pending");
        assertThat(newestEntry()).isEqualTo(before);
        call.succeed(
                "migrations",
                "list",
                "--project",
                project.directory().toString(),
                "--migrations-dir",
                "migrations",
                "--database",
                "shop",
                "--node",
                "no-node");
        assertThat(call.out()).contains("2 applied, 1 pending");
    }

    @Test
    void aCommandGetsTheConnectionStringInItsEnvironmentOnly() throws IOException {
        Path script = directory.resolve("list.sh");
        Files.writeString(script, """
                env | grep ^FIREDRILL_ && exit 1
                case "$MONGO" in mongodb://firedrillMigrationsList:*) state=applied ;; *) state=failed ;; esac
                echo "001 $state"; echo "002 pending"; tr '\\0' ' ' < /proc/$$/cmdline > argv
                """);
        call.with("FIREDRILL_LANES", "2")
                .succeed(
                        "migrations",
                        "list",
                        "--command-list",
                        "sh list.sh",
                        "--uri-env",
                        "MONGO",
                        "--command-pattern",
                        "(?<id>\\d+) (?<state>\\w+)");
        assertThat(call.out()).contains("2 changes: 1 applied, 1 pending");
        assertThat(directory.resolve("argv")).content().doesNotContain(RealCall.SECRET);
        Files.writeString(script, "echo \"cannot connect to $MONGO\" >&2; exit 7");
        Told failed = call.fail(2, "migrations", "list", "--command-list", "sh list.sh", "--uri-env", "MONGO");
        assertThat(failed.message()).contains("ended with 7: cannot connect to mongodb://***@");
    }
}
