package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Filters;
import io.firedrill.failure.Failure;
import io.firedrill.mongo.Deployment;
import io.firedrill.testing.MongockSample;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.NodeSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One change at a time, by the real Mongock and the real migrate-mongo on a real replica set that asks for a password. How
 * they stand is told by the tool's own rows, what is in the data by the server's digest.
 */
class ChangeRunnerIT {
    private static final Duration ENOUGH = Duration.ofMinutes(2);
    private static final String PASSWORD = "an-admins-password";

    @TempDir
    static Path directory;

    private static MongodServer server;
    private static MongoClient client;
    private static MigrationBench bench;

    @BeforeAll
    static void start() {
        server = MongodServer.guardedReplicaSet("shop");
        client = server.client();
        bench = MigrationBench.of(server, directory);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static ChangeRunner runner(MigrationSource source) {
        return source.runner(RunTools.usual(MongockSample.shipped()));
    }

    private static RunTarget target(String database, Duration limit) {
        return new RunTarget(server.uri(), database, limit, Map.of("rehearsal", "R-42"));
    }

    private static RunTarget target(String database) {
        return target(database, ENOUGH);
    }

    private static RunEnd ended(RunningChange running) {
        try (running) {
            return running.await();
        }
    }

    private static void ok(RunningChange running) {
        RunEnd end = ended(running);
        assertThat(end.code()).as(end.lastWords()).isZero();
    }

    private static Change change(MigrationSource source, String id) {
        return source.artefact().changes().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static String states(MigrationSource source, String database) {
        try (Deployment deployment = server.deployment("source")) {
            var found = new MigrationDatabase(deployment, database, InstantSource.system());
            Standing standing = source.standing(Optional.of(found));
            return standing.changes().stream()
                            .map(each -> each.change().id() + " " + each.state())
                            .collect(Collectors.joining(", "))
                    + standing.lock().map(_ -> ", locked").orElse("");
        }
    }

    /** The server's own digest of one collection and its indexes; the tool's collections are not in it. */
    private static String data(String database, String collection) {
        MongoDatabase shop = client.getDatabase(database);
        String hash = shop.runCommand(new Document("dbHash", 1).append("collections", List.of(collection)))
                .getString("md5");
        return hash
                + shop.getCollection(collection)
                        .listIndexes()
                        .map(Document::toJson)
                        .into(new ArrayList<>());
    }

    private static List<Document> rows(MigrationSource source, String database, String id) {
        Bookkeeping books = runner(source).bookkeeping();
        return client.getDatabase(database)
                .getCollection(books.changelog())
                .find(books.rowsOf(change(source, id)))
                .into(new ArrayList<>());
    }

    /** Up one by one, each with its own state, and down the same way: each step back is where the step forward began. */
    private static void ladder(MigrationSource source, String database, String collection, List<String> ids) {
        ChangeRunner runner = runner(source);
        Deque<String> before = new ArrayDeque<>();
        for (int i = 0; i < ids.size(); i++) {
            before.push(data(database, collection));
            ok(runner.apply(change(source, ids.get(i)), target(database)));
            assertThat(states(source, database)).isEqualTo(expected(ids, i + 1));
            assertThat(data(database, collection)).isNotEqualTo(before.peek());
        }
        for (int i = ids.size() - 1; i >= 0; i--) {
            ok(runner.revert(change(source, ids.get(i)), target(database)));
            assertThat(states(source, database)).isEqualTo(expected(ids, i));
            assertThat(data(database, collection)).isEqualTo(before.pop());
        }
        assertThat(client.getDatabase(database).listCollectionNames().into(new ArrayList<>()))
                .filteredOn(name -> !name.equals(collection) && !name.equals("switches"))
                .isSubsetOf(runner.bookkeeping().collections());
    }

    private static String expected(List<String> ids, int applied) {
        return Stream.iterate(0, i -> i < ids.size(), i -> i + 1)
                .map(i -> ids.get(i) + (i < applied ? " APPLIED" : " PENDING"))
                .collect(Collectors.joining(", "));
    }

    @Test
    void changesOfAPlainJarGoUpAndDownOneByOne() {
        MigrationSource source = bench.ofJar(
                "com.acme.orders.C001CreateCustomers",
                "com.acme.orders.C002AddEmailIndex",
                "com.acme.orders.C003FillCountry",
                "com.acme.orders.C004Totals");
        // The first rollback leaves the collection behind.
        client.getDatabase("plain").createCollection("customers");
        ladder(source, "plain", "customers", List.of("create-customers", "add-email-index", "fill-country", "totals"));
        assertThat(rows(source, "plain", "add-email-index"))
                .extracting(row -> row.getString("changeId") + " " + row.getString("state"))
                .containsExactlyInAnyOrder(
                        "add-email-index_before EXECUTED",
                        "add-email-index EXECUTED",
                        "add-email-index ROLLED_BACK",
                        "add-email-index_before ROLLED_BACK");
        assertThat(rows(source, "plain", "totals"))
                .allSatisfy(
                        row -> assertThat(row.get("metadata", Document.class)).containsEntry("rehearsal", "R-42"));
    }

    /** The oplog has a transaction as one entry: what was undone and the row that says so. */
    @Test
    void aTransactionalChangeIsTakenBackTogetherWithItsRow() {
        MigrationSource source = bench.ofJar("com.acme.orders.C001CreateCustomers", "com.acme.orders.C004Totals");
        ChangeRunner runner = runner(source);
        ok(runner.apply(change(source, "create-customers"), target("together")));
        ok(runner.apply(change(source, "totals"), target("together")));
        ok(runner.revert(change(source, "totals"), target("together")));
        Document last = client.getDatabase("local")
                .getCollection("oplog.rs")
                .find(Filters.eq("o.applyOps.ns", "together.mongockChangeLog"))
                .sort(new Document("$natural", -1))
                .first();
        List<Document> together =
                Objects.requireNonNull(last).get("o", Document.class).getList("applyOps", Document.class);
        assertThat(together)
                .extracting(op -> op.getString("ns"))
                .containsExactly("together.customers", "together.mongockChangeLog");
        assertThat(together.getLast().get("o", Document.class)).containsEntry("state", "ROLLED_BACK");
    }

    @Test
    void aTransactionalChangeWhoseRollbackDropsIsTakenBackWithoutATransaction() {
        Path jar = MongockSample.jarOf(directory.resolve("drops"), Map.of("Drops.java", """
                import com.mongodb.client.*;
                import io.mongock.api.annotations.*;
                import org.bson.Document;
                @ChangeUnit(id = "drops", order = "1", author = "a")
                public class Drops {
                    @Execution public void go(ClientSession session, MongoDatabase database) {
                        database.getCollection("made").insertOne(session, new Document("_id", 1));
                    }
                    @RollbackExecution public void undo(ClientSession session, MongoDatabase database) {
                        database.getCollection("made").drop(session);
                    }
                }
                """));
        MigrationSource source = new MongockJar(jar, MongockOptions.usual());
        ladder(source, "drops", "made", List.of("drops"));
    }

    @Test
    void aRollbackThatFailsIsNotedAndTheChangeStaysApplied() {
        MigrationSource source = bench.ofJar("com.acme.orders.C001CreateCustomers", "com.acme.orders.C003FillCountry");
        ChangeRunner runner = runner(source);
        ok(runner.apply(change(source, "fill-country"), target("unrolled")));
        bench.failAt(client.getDatabase("unrolled"), "fill-country-rollback");
        RunEnd end = ended(runner.revert(change(source, "fill-country"), target("unrolled")));
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lastWords()).contains("told to fail: fill-country-rollback");
        assertThat(rows(source, "unrolled", "fill-country"))
                .extracting(row -> row.getString("state"))
                .containsExactlyInAnyOrder("EXECUTED", "ROLLBACK_FAILED");
        assertThat(states(source, "unrolled")).endsWith("fill-country FAILED");
        RunEnd never = ended(runner.revert(change(source, "create-customers"), target("unrolled")));
        assertThat(never.lastWords()).contains("create-customers is not executed");
    }

    @Test
    void aChangeThatFailsIsToldAndItsRowSaysSo() {
        MigrationSource source = bench.ofJar("com.acme.orders.C003FillCountry");
        bench.failAt(client.getDatabase("failing"), "fill-country");
        RunEnd end = ended(runner(source).apply(change(source, "fill-country"), target("failing")));
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lastWords()).contains("told to fail: fill-country");
        assertThat(rows(source, "failing", "fill-country"))
                .extracting(row -> row.getString("state"))
                .containsExactly("ROLLED_BACK");
        assertThat(states(source, "failing")).isEqualTo("fill-country PENDING");
    }

    @Test
    void whoIsKilledInTheMiddleLeavesTheLockAndNoRow() {
        MigrationSource source = bench.ofJar("com.acme.slow");
        try (RunningChange running = begun(source, "killed")) {
            running.kill();
            assertThat(running.await().code()).isEqualTo(137);
        }
        assertThat(rows(source, "killed", "slow")).isEmpty();
        assertThat(states(source, "killed")).isEqualTo("slow PENDING, locked");
        assertThat(client.getDatabase("killed").getCollection("slow").countDocuments())
                .isEqualTo(1);
    }

    @Test
    void whoTakesTooLongIsKilledToo() {
        MigrationSource source = bench.ofJar("com.acme.slow");
        try (RunningChange running =
                runner(source).apply(change(source, "slow"), target("late", Duration.ofSeconds(3)))) {
            Failure failure = catchThrowableOfType(Failure.class, running::await);
            assertThat(failure.text()).contains("Mongock's apply of 'slow'", "did not end within 3 seconds");
            assertThat(running.isAlive()).isFalse();
        }
        assertThat(rows(source, "late", "slow")).isEmpty();
    }

    /** Starts the slow change and waits for its first write. */
    private static RunningChange begun(MigrationSource source, String database) {
        var slow = client.getDatabase(database).getCollection("slow");
        try (var changes = slow.watch().maxAwaitTime(1, TimeUnit.SECONDS).cursor()) {
            RunningChange running = runner(source).apply(change(source, "slow"), target(database));
            int looks = 0;
            while (changes.tryNext() == null) {
                assertThat(++looks).as("looks for the first write").isLessThan(60);
                assertThat(running.isAlive()).isTrue();
            }
            return running;
        }
    }

    /** A thread of the sample never ends, and its own settings lead nowhere. */
    @Test
    void changesOfASpringBootApplicationGoUpAndDownOneByOneAndItsJarStaysAsItIs() throws Exception {
        Path jar = MongockSample.application();
        String before = sha256(jar);
        var source = new MongockJar(jar, MongockOptions.usual());
        assertThat(source.artefact().version()).contains("5.5.1");
        ladder(source, "boot", "products", List.of("create-products", "price-products"));
        assertThat(sha256(jar)).isEqualTo(before);
        assertThat(rows(source, "boot", "price-products"))
                .hasSize(4)
                .allSatisfy(
                        row -> assertThat(row.get("metadata", Document.class)).containsEntry("rehearsal", "R-42"));
        Document undone = client.getDatabase("local")
                .getCollection("oplog.rs")
                .find(Filters.eq("o.applyOps.ns", "boot.mongockChangeLog"))
                .sort(new Document("$natural", -1))
                .first();
        assertThat(Objects.requireNonNull(undone).toJson()).contains("boot.products", "ROLLED_BACK");
    }

    private static String sha256(Path file) throws IOException, NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    @Test
    void filesOfAProjectGoUpAndDownOneByOneAndTheProjectStaysAsItIs() throws IOException {
        NodeSample project = project("files")
                .write("shared.js", "exports.name = 'c';")
                .write("migrations/1-a.js", file("insertOne({ _id: 1 })", "deleteOne({ _id: 1 })"))
                .write("migrations/2-b.js", file("insertOne({ _id: 2 })", "deleteOne({ _id: 2 })"))
                .write("migrations/3-c.js", file("createIndex({ a: 1 })", "dropIndex({ a: 1 })"));
        List<String> before = listed(project.directory());
        MigrationSource source = bench.ofProject(project);
        client.getDatabase("files").createCollection("c");
        ladder(source, "files", "c", List.of("1-a.js", "2-b.js", "3-c.js"));
        assertThat(listed(project.directory())).isEqualTo(before);
    }

    /** Its own connection string leads nowhere, and what it requires lies beside it. */
    private static NodeSample project(String database) {
        return new NodeSample(database, """
                module.exports = {
                  mongodb: { url: 'mongodb://127.0.0.1:1/', databaseName: 'nowhere', options: { serverSelectionTimeoutMS: 3000 } },
                  migrationsDir: 'migrations', changelogCollectionName: 'changelog', migrationFileExtension: '.js',
                  lockCollectionName: 'changelog_lock', lockTtl: 60, useFileHash: false, moduleSystem: 'commonjs',
                };
                """);
    }

    private static String file(String up, String down) {
        return """
                const { name } = require('../shared');
                exports.up = async db => { await db.collection(name).%s; };
                exports.down = async db => { await db.collection(name).%s; };
                """.formatted(up, down);
    }

    private static List<String> listed(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    @Test
    void onlyTheFileThatIsAskedForIsTakenBackThoughLaterOnesAreApplied() {
        NodeSample project = project("between")
                .write("shared.js", "exports.name = 'c';")
                .write("migrations/1-a.js", file("insertOne({ _id: 1 })", "deleteOne({ _id: 1 })"))
                .write("migrations/2-b.js", file("insertOne({ _id: 2 })", "deleteOne({ _id: 2 })"));
        MigrationSource source = bench.ofProject(project);
        ChangeRunner runner = runner(source);
        ok(runner.apply(change(source, "1-a.js"), target("between")));
        ok(runner.apply(change(source, "2-b.js"), target("between")));
        ok(runner.revert(change(source, "1-a.js"), target("between")));
        assertThat(states(source, "between")).isEqualTo("1-a.js OUT_OF_ORDER, 2-b.js APPLIED");
        assertThat(client.getDatabase("between").getCollection("c").find().into(new ArrayList<>()))
                .extracting(row -> row.get("_id"))
                .containsExactly(2);
        assertThat(runner.bookkeeping().collections()).containsExactlyInAnyOrder("changelog", "changelog_lock");
    }

    /** An ES module with a top-level await, and a configuration that was given instead of the project's. */
    @Test
    void everyKindOfConfigurationIsTakenOver() {
        NodeSample modules = new NodeSample(
                        "modules",
                        "await null; export default { mongodb: { url: 'mongodb://127.0.0.1:1/' },"
                                + " changelogCollectionName: 'log', migrationFileExtension: '.js' };")
                .write("package.json", "{\"type\": \"module\"}")
                .write(
                        "migrations/1-a.js",
                        "export const up = async db => { await db.collection('c').insertOne({}); };");
        MigrationSource source = bench.ofProject(modules);
        ok(runner(source).apply(change(source, "1-a.js"), target("modules")));
        assertThat(states(source, "modules")).isEqualTo("1-a.js APPLIED");

        NodeSample unread = new NodeSample("unread", "throw new Error('not to be run');")
                .write("migrations/1-a.js", MigrationBench.UP);
        var given = new ProjectConfig(
                "migrations", ".js", "rows", Optional.of("rows_lock"), OptionalLong.of(5), true, Optional.empty());
        var project = new MigrateMongoProject(
                new NodeOptions(unread.directory(), NodeSample.requireNode(), ENOUGH, Optional.of(given)));
        ok(runner(project).apply(change(project, "1-a.js"), target("unread")));
        assertThat(states(project, "unread")).isEqualTo("1-a.js APPLIED");
        assertThat(rows(project, "unread", "1-a.js").getFirst()).containsKey("fileHash");
    }

    @Test
    void aFileThatFailsIsToldWithoutThePassword() {
        NodeSample project = project("leaks").write("migrations/1-a.js", """
                exports.up = async (db, client) => {
                  throw new Error('cannot use ' + process.env.FIREDRILL_RUN_URI + ' of %s');
                };
                """.formatted(PASSWORD));
        MigrationSource source = bench.ofProject(project);
        RunEnd end = ended(runner(source).apply(change(source, "1-a.js"), target("leaks")));
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lastWords())
                .contains("Could not migrate up 1-a.js: cannot use mongodb://***@127.0.0.1:", " of ***");
        assertThat(states(source, "leaks")).isEqualTo("1-a.js PENDING");
    }

    @Test
    void aServerThatRefusesUsIsToldWithoutThePassword() {
        MigrationSource source = bench.ofJar("com.acme.orders.C001CreateCustomers");
        var wrong = new RunTarget(server.uri("admin:not-the-password@"), "refused", ENOUGH, Map.of());
        RunEnd end = ended(runner(source).apply(change(source, "create-customers"), wrong));
        assertThat(end.code()).isEqualTo(1);
        assertThat(end.lastWords()).contains("Authentication failed").doesNotContain("not-the-password");
    }
}
