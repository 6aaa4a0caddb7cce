package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoDatabase;
import io.firedrill.migration.CrashTrial.Crash;
import io.firedrill.migration.CrashTrial.Resumption;
import io.firedrill.migration.Cut.Mode;
import io.firedrill.migration.FrozenRunner.Thaw;
import io.firedrill.migration.TwoRunners.BothEnds;
import io.firedrill.testing.MongockSample;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.NodeSample;
import io.firedrill.testing.WritingProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes that are killed, frozen and started twice: a program of ours, Mongock and migrate-mongo. */
class CrashTrialIT {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final int KILLED = 128 + 9;
    private static final int WRITES = 5;
    private static final int LEASE_SECONDS = 3;
    private static final String STATISTICS = "com.acme.orders.C005RefreshStatistics";
    private static final String CUSTOMERS = "com.acme.orders.C001CreateCustomers";
    private static final String TOTALS = "com.acme.orders.C004Totals";

    @TempDir
    static Path directory;

    private static MongodServer server;
    private static MongoClient client;
    private static MongockSample mongock;

    @BeforeAll
    static void start() {
        server = MongodServer.replicaSet("crash");
        client = server.client();
        mongock = new MongockSample(directory);
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    private static TrialSubject subject(
            String database, String changelog, String lock, Function<RunTarget, Process> program) {
        return new TrialSubject(
                new ProgramRunner(target -> ProgramRunner.running(program.apply(target), target), changelog, lock),
                ProgramRunner.CHANGE,
                server.port(),
                new RunTarget(server.uri(), database, LIMIT, Map.of()),
                System::nanoTime);
    }

    private static TrialSubject ours(String database) {
        return subject(
                database,
                WritingProgram.CHANGELOG,
                WritingProgram.LOCK,
                target -> WritingProgram.start(target.uri(), database, WRITES));
    }

    private static TrialSubject ofMongock(String database, String change) {
        return subject(
                database,
                MongockOptions.CHANGELOG,
                MongockOptions.LOCK,
                target -> mongock.start(target.uri(), database, LEASE_SECONDS, change));
    }

    private static long count(String database, String collection) {
        return client.getDatabase(database).getCollection(collection).countDocuments();
    }

    private static String left(String database) {
        return count(database, WritingProgram.DATA) + " data, " + count(database, WritingProgram.CHANGELOG) + " rows";
    }

    @Test
    void everyCutOfTheMatrixLeavesWhatItsNameSays() {
        ProxiedEnd clean = ours("clean").count();
        assertThat(clean.end().code()).isZero();
        assertThat(clean.seen().data()).isEqualTo(WRITES);
        assertThat(clean.seen().rows()).isEqualTo(1);
        assertThat(clean.seen().counts())
                .filteredOn(each -> each.kind() == WriteKind.BOOKS)
                .as("refreshes of the lock")
                .hasSize(1);
        Map<String, String> left = CutPoints.crashes(clean.seen()).stream().collect(Collectors.toMap(Cut::name, cut -> {
            Crash crash = new CrashTrial(ours(cut.name())).crash(cut);
            assertThat(crash.notTested()).isEmpty();
            assertThat(crash.ended().end().code()).isEqualTo(KILLED);
            return left(cut.name());
        }));
        assertThat(left)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "kill-before-data-1", "0 data, 0 rows",
                        "kill-before-data-2", "1 data, 0 rows",
                        "kill-before-data-3", "2 data, 0 rows",
                        "kill-before-data-4", "3 data, 0 rows",
                        "kill-before-data-5", "4 data, 0 rows",
                        "kill-before-row-1", "5 data, 0 rows",
                        "kill-after-data-1", "1 data, 0 rows",
                        "kill-after-data-3", "3 data, 0 rows",
                        "kill-after-data-5", "5 data, 0 rows",
                        "kill-after-row-1", "5 data, 1 rows"));
    }

    @Test
    void anAnswerThatIsLostIsRepairedByTheDriver() {
        Crash crash = new CrashTrial(ours("lost")).crash(new Cut(Mode.ANSWER_LOST, WriteKind.DATA, 3));
        assertThat(crash.notTested()).isEmpty();
        assertThat(crash.ended().end().code()).isZero();
        assertThat(crash.ended().seen().data()).isEqualTo(WRITES);
        assertThat(client.getDatabase("lost")
                        .getCollection(WritingProgram.DATA)
                        .distinct("n", Integer.class)
                        .into(new ArrayList<>()))
                .containsExactly(1);
        assertThat(count("lost", WritingProgram.CHANGELOG)).isEqualTo(1);
    }

    @Test
    void aCutThatIsNotReachedIsNotTested() {
        Crash crash = new CrashTrial(ours("unreached")).crash(new Cut(Mode.KILL_BEFORE, WriteKind.DATA, WRITES + 1));
        assertThat(crash.notTested())
                .hasValueSatisfying(why -> assertThat(why)
                        .contains("kill-before-data-6 was not reached", "ended with 0", "5 data writes", "1 of rows"));
        assertThat(crash.cutNanos()).isEmpty();
        assertThat(crash.ended().end().code()).isZero();
    }

    /** In this process, and over before anybody waits for it. */
    private record Silent(RunTarget target) implements RunningChange {
        Silent {
            try (MongoClient through = MongoClients.create(target.uri())) {
                through.getDatabase(target.database())
                        .getCollection(WritingProgram.DATA)
                        .withWriteConcern(WriteConcern.UNACKNOWLEDGED)
                        .insertOne(new Document());
                through.getDatabase(target.database()).runCommand(new Document("ping", 1));
            }
        }

        @Override
        public RunEnd await() {
            return new RunEnd(0, Duration.ZERO, "");
        }

        @Override
        public boolean isAlive() {
            return false;
        }

        @Override
        public void kill() {
            throw new IllegalStateException("it has ended");
        }

        @Override
        public void freeze(boolean frozen) {
            throw new IllegalStateException("it has ended");
        }

        @Override
        public void close() {
            // Nothing of it is left.
        }
    }

    @Test
    void anAnswerNobodyAskedForCannotBeLost() {
        var silent = new TrialSubject(
                new ProgramRunner(Silent::new, WritingProgram.CHANGELOG, WritingProgram.LOCK),
                ProgramRunner.CHANGE,
                server.port(),
                new RunTarget(server.uri(), "silent", LIMIT, Map.of()),
                System::nanoTime);
        Crash crash = new CrashTrial(silent).crash(new Cut(Mode.KILL_AFTER, WriteKind.DATA, 1));
        assertThat(crash.notTested())
                .hasValueSatisfying(why -> assertThat(why).contains("kill-after-data-1 asks for no answer"));
    }

    @Test
    void mongockThatIsKilledHoldsItsLockAndIsResumedWhenItHasExpired() {
        var trial = new CrashTrial(ofMongock("mongock-killed", STATISTICS));
        Crash crash = trial.crash(new Cut(Mode.KILL_BEFORE, WriteKind.DATA, 2));
        assertThat(crash.notTested()).as(mongock.log("mongock-killed")).isEmpty();
        assertThat(crash.ended().end().code()).isEqualTo(KILLED);
        assertThat(count("mongock-killed", "statistics")).isZero();
        assertThat(count("mongock-killed", MongockOptions.LOCK)).isEqualTo(1);
        Resumption resumption = trial.resume(crash);
        assertThat(resumption.ended().end().code()).isZero();
        assertThat(count("mongock-killed", "statistics")).isEqualTo(1);
        Duration takeover = resumption.takeover().orElseThrow();
        System.out.println("Mongock's takeover with a lease of 3 s: " + takeover.toMillis() + " ms");
        assertThat(takeover).isBetween(Duration.ofSeconds(1), LIMIT);
    }

    /** The change's row is the last: those of Mongock's own changes come first. */
    @Test
    void mongocksTransactionIsSeenAsOneAndItsRowWithIt() {
        var subject = ofMongock("mongock-transaction", TOTALS);
        client.getDatabase("mongock-transaction").getCollection("customers").insertOne(new Document("_id", 1));
        ProxiedEnd clean = subject.count();
        assertThat(clean.end().code()).as(mongock.log("mongock-transaction")).isZero();
        List<String> ways = clean.seen().counts().stream()
                .map(each ->
                        each.kind() + " " + each.verb().command() + (each.inTransaction() ? " in transaction" : ""))
                .toList();
        System.out.println("Mongock's writes: " + ways);
        assertThat(ways)
                .contains("DATA update in transaction", "DATA commitTransaction in transaction")
                .as("its own transaction, before the change")
                .contains("ROW commitTransaction in transaction");
        assertThat(clean.seen().data()).isEqualTo(2);
        List<String> names =
                CutPoints.crashes(clean.seen()).stream().map(Cut::name).toList();
        assertThat(names).contains("kill-before-row-" + clean.seen().rows());
        client.getDatabase("mongock-cut").getCollection("customers").insertOne(new Document("_id", 1));
        Crash crash = new CrashTrial(ofMongock("mongock-cut", TOTALS))
                .crash(new Cut(Mode.KILL_BEFORE, WriteKind.ROW, clean.seen().rows()));
        assertThat(crash.notTested()).as(mongock.log("mongock-cut")).isEmpty();
        assertThat(client.getDatabase("mongock-cut")
                        .getCollection("customers")
                        .find()
                        .first())
                .as("the transaction was never committed")
                .isEqualTo(new Document("_id", 1));
        assertThat(client.getDatabase("mongock-cut")
                        .getCollection(MongockOptions.CHANGELOG)
                        .countDocuments(new Document("changeId", "totals")))
                .isZero();
    }

    /** The second data write is an insert in the one, and the commit in the other. */
    @ParameterizedTest
    @ValueSource(strings = {STATISTICS, TOTALS})
    void mongockDoesNotNoticeAnAnswerThatIsLostOnce(String change) {
        String database = "mongock-lost-" + change.substring(change.lastIndexOf('.') + 1);
        client.getDatabase(database).getCollection("customers").insertOne(new Document("_id", 1));
        Crash crash = new CrashTrial(ofMongock(database, change)).crash(new Cut(Mode.ANSWER_LOST, WriteKind.DATA, 2));
        assertThat(crash.notTested()).as(mongock.log(database)).isEmpty();
        assertThat(crash.ended().end().code()).isZero();
        assertThat(crash.ended().seen().data()).isEqualTo(2);
        assertThat(client.getDatabase(database)
                        .getCollection(change.equals(STATISTICS) ? "statistics" : "customers")
                        .find())
                .containsExactly(
                        change.equals(STATISTICS)
                                ? new Document("_id", "customers").append("n", 1)
                                : new Document("_id", 1).append("total", 0));
    }

    @Test
    void twoMongocksAtOnceAreAwaited() {
        BothEnds ends = new TwoRunners(ofMongock("mongock-two", CUSTOMERS)).run();
        System.out.println("two at once: " + ends.first().end().code() + " and "
                + ends.second().end().code());
        assertThat(List.of(ends.first().end().code(), ends.second().end().code()))
                .contains(0);
        assertThat(ends.met()).isTrue();
        assertThat(ends.first().seen().data() + ends.second().seen().data()).isEqualTo(1);
        assertThat(count("mongock-two", "customers")).isEqualTo(1);
    }

    @Test
    void aFrozenMongockLosesItsLockToTheSecond() {
        Duration hold = Duration.ofSeconds(LEASE_SECONDS + 1);
        Thaw thaw = new FrozenRunner(ofMongock("mongock-frozen", STATISTICS)).run(1, hold);
        assertThat(thaw.notTested()).as(mongock.log("mongock-frozen")).isEmpty();
        assertThat(thaw.frozen()).isGreaterThanOrEqualTo(hold);
        ProxiedEnd second = thaw.second().orElseThrow();
        assertThat(second.end().code()).isZero();
        assertThat(thaw.takeover().orElseThrow()).isBetween(Duration.ofSeconds(1), LIMIT);
        assertThat(thaw.first().end().code())
                .as("its insert met that of the second")
                .isEqualTo(1);
        System.out.printf(
                "frozen for %d ms, taken over after %d ms, thawed it ended with %d%n",
                thaw.frozen().toMillis(),
                thaw.takeover().orElseThrow().toMillis(),
                thaw.first().end().code());
        assertThat(count("mongock-frozen", "statistics")).isEqualTo(1);
    }

    @Test
    void whoEndsBeforeItCanBeFrozenWasNotTested() {
        Thaw thaw = new FrozenRunner(ours("not-frozen")).run(WRITES + 1, Duration.ZERO);
        assertThat(thaw.notTested())
                .hasValueSatisfying(why -> assertThat(why).contains("freeze-data-6 was not reached"));
        assertThat(thaw.second()).isEmpty();
        assertThat(thaw.first().end().code()).isZero();
        assertThat(thaw.takeover()).isEmpty();
    }

    /** Its driver sends documents in the body, not in a section of their own. */
    @Test
    void theWritesOfMigrateMongoAreCountedToo() {
        MongoDatabase database = client.getDatabase("node");
        TrialSubject subject = subject(
                "node", "changelog", "changelog_lock", target -> project(target).start("up"));
        ProxiedEnd ended = subject.count();
        assertThat(ended.end().code()).isZero();
        assertThat(ended.seen().data()).isEqualTo(3);
        assertThat(ended.seen().rows()).isEqualTo(1);
        assertThat(ended.seen().counts())
                .contains(new WriteCount(WriteVerb.INSERT, List.of("node.c"), WriteKind.DATA, false, 2, 5, 0));
        assertThat(database.getCollection("c").countDocuments()).isEqualTo(5);
        Crash crash = new CrashTrial(subject(
                        "node-cut",
                        "changelog",
                        "changelog_lock",
                        target -> project(target).start("up")))
                .crash(new Cut(Mode.KILL_AFTER, WriteKind.DATA, 2));
        assertThat(crash.notTested()).isEmpty();
        assertThat(count("node-cut", "c")).isEqualTo(5);
        assertThat(count("node-cut", "changelog")).isZero();
    }

    private static NodeSample project(RunTarget target) {
        return new NodeSample(target.database(), """
                        module.exports = {
                          mongodb: { url: '%s', databaseName: '%s' }, migrationsDir: 'migrations',
                          changelogCollectionName: 'changelog', lockCollectionName: 'changelog_lock', lockTtl: 0,
                          migrationFileExtension: '.js', useFileHash: false, moduleSystem: 'commonjs',
                        };
                        """.formatted(target.uri(), target.database()))
                .write("migrations/1-a.js", """
                        exports.up = async (db) => {
                          await db.collection('c').insertOne({ a: 1 });
                          await db.collection('c').insertMany([{ a: 2 }, { a: 3 }, { a: 4 }, { a: 5 }]);
                          await db.collection('c').updateOne({ a: 1 }, { $set: { b: 1 } });
                        };
                        exports.down = async () => {};
                        """);
    }
}
