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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes with a planted defect each, run by the real tools on a server of our own: what has to catch it catches it. */
class RehearsalIT {
    private static final String DATABASE = "shop";
    private static final List<Acceptance> ACCEPTED =
            List.of(new Acceptance(Optional.of("2-nothing.js"), Property.SINGLE_EXECUTION, "one release job runs it"));
    private static final List<String> TABLE = new ArrayList<>();

    /** Everything but what a quick rehearsal leaves out. */
    private static final List<Property> QUICK = List.of(
            Property.APPLIES,
            Property.RECORDED_ONCE,
            Property.SCOPE,
            Property.VALIDATORS_OK,
            Property.ROLLBACK,
            Property.REAPPLY,
            Property.RERUN_SAFE);

    @TempDir
    private Path directory;

    @AfterAll
    static void printTheTable() throws IOException {
        Path matrix = Path.of("target", "matrices", "rehearsal.txt");
        Files.createDirectories(matrix.getParent());
        TABLE.addFirst("Rehearsals: a defect, and the properties that fail");
        Files.write(matrix, TABLE);
        TABLE.forEach(System.out::println);
    }

    private static NodeSample project(Map<String, String> files, int lockTtl) {
        var project = new NodeSample(DATABASE, """
                module.exports = {
                  mongodb: { url: 'mongodb://127.0.0.1:1', databaseName: 'shop' }, migrationsDir: 'migrations',
                  changelogCollectionName: 'changelog', lockCollectionName: 'changelog_lock', lockTtl: %d,
                  migrationFileExtension: '.js', useFileHash: false, moduleSystem: 'commonjs',
                };
                """.formatted(lockTtl));
        files.forEach((name, text) -> project.write("migrations/" + name, text));
        return project;
    }

    private static MigrationSource ofProject(Map<String, String> files) {
        return ofProject(files, 0);
    }

    private static MigrationSource ofProject(Map<String, String> files, int lockTtl) {
        return new MigrateMongoProject(new NodeOptions(
                project(files, lockTtl).directory(),
                NodeSample.requireNode(),
                Duration.ofSeconds(30),
                Optional.empty()));
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
    }

    private RehearsalFacts rehearsed(MigrationSource source, RehearsalOptions options) {
        try (StagingServer server = StagingServer.start(System.getenv("FIREDRILL_MONGOD"), directory, 0, "6.0")) {
            StagingStage stage = StagingStage.on(server);
            try (MongoClient client = MongoClients.create(stage.uri())) {
                seed(client.getDatabase(DATABASE));
            }
            var rehearsal = new Rehearsal(
                    source,
                    source.runner(RunTools.usual(MongockSample.shipped())),
                    stage,
                    DATABASE,
                    options,
                    InstantSource.system(),
                    System::nanoTime,
                    2,
                    () -> {});
            rehearsal.apply();
            rehearsal.rollBack();
            rehearsal.rerun();
            if (options.full()) {
                rehearsal.disturb();
            }
            rehearsal.close();
            return rehearsal.facts();
        }
    }

    private static RehearsalOptions options(boolean full, Map<String, String> withoutRollback) {
        return new RehearsalOptions(
                full,
                Duration.ofMinutes(2),
                Optional.of(Duration.ofMinutes(1)),
                Duration.ofSeconds(1),
                withoutRollback,
                ACCEPTED,
                Map.of("rehearsal", "R-1"));
    }

    private static OfChange change(RehearsalFacts facts, String id) {
        OfChange found = facts.changes().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow();
        TABLE.add("  %-28s %s"
                .formatted(
                        id,
                        found.properties().stream()
                                .filter(each -> each.grade() == Grade.FAILED)
                                .map(OfProperty::property)
                                .toList()));
        return found;
    }

    private static List<String> failed(OfChange change) {
        return change.properties().stream()
                .filter(each -> each.grade() == Grade.FAILED)
                .map(OfProperty::property)
                .toList();
    }

    private static OfProperty property(OfChange change, Property property) {
        return change.properties().stream()
                .filter(each -> each.property().equals(property.name()))
                .findFirst()
                .orElseThrow();
    }

    private static void requireProven(OfChange change, List<Property> properties) {
        for (Property each : properties) {
            OfProperty found = property(change, each);
            assertThat(found.grade())
                    .as("%s of %s: %s %s", each, change.id(), found.detail(), found.differences())
                    .isEqualTo(Grade.PROVEN);
        }
    }

    @Test
    void everyPlantedDefectIsCaughtByThePropertyThatShouldCatchIt() {
        MigrationSource source = ofProject(Map.ofEntries(
                Map.entry("01-index.js", """
                        exports.up = async (db) => { await db.collection('customers').createIndex({ name: 1 }); };
                        exports.down = async (db) => { await db.collection('customers').dropIndex({ name: 1 }); };
                        """),
                Map.entry("02-lossy.js", """
                        exports.up = async (db) => { await db.collection('customers').updateMany(
                            { country: { $exists: false } }, { $set: { country: 'GB' } }); };
                        exports.down = async (db) => { await db.collection('customers').updateMany(
                            { country: 'GB' }, { $unset: { country: '' } }); };
                        """),
                Map.entry("03-reordered.js", """
                        exports.up = async (db) => { await db.collection('customers').updateMany(
                            { name: { $exists: true } }, { $rename: { name: 'fullName' } }); };
                        exports.down = async (db) => { await db.collection('customers').updateMany(
                            { fullName: { $exists: true } }, { $rename: { fullName: 'name' } }); };
                        """),
                Map.entry("04-increment.js", """
                        exports.up = async (db) => { await db.collection('customers').updateMany({}, { $inc: { n: 1 } }); };
                        exports.down = async (db) => { await db.collection('customers').updateMany({}, { $inc: { n: -1 } }); };
                        """),
                Map.entry("05-empty-down.js", """
                        exports.up = async (db) => { await db.collection('flags').updateOne(
                            { _id: 'a' }, { $set: { on: true } }, { upsert: true }); };
                        exports.down = async (db) => { };
                        """),
                Map.entry("06-random.js", """
                        exports.up = async (db) => { await db.collection('stamps').updateOne(
                            { _id: 'r' }, { $set: { at: Math.random() } }, { upsert: true }); };
                        exports.down = async (db) => { await db.collection('stamps').drop(); };
                        """),
                Map.entry("07-elsewhere.js", """
                        exports.up = async (db, client) => { await client.db('billing').collection('x').updateOne(
                            { _id: 1 }, { $set: { a: 1 } }, { upsert: true }); };
                        exports.down = async (db, client) => { await client.db('billing').collection('x').drop(); };
                        """),
                Map.entry("08-validator.js", """
                        exports.up = async (db) => { await db.command({ collMod: 'customers', validator: { n: { $type: 'string' } } }); };
                        exports.down = async (db) => { await db.command({ collMod: 'customers', validator: {} }); };
                        """),
                Map.entry("09-inserts.js", """
                        exports.up = async (db) => { await db.collection('plans').insertOne({ _id: 1 });
                            await db.collection('plans').insertOne({ _id: 2 }); };
                        exports.down = async (db) => { await db.collection('plans').drop(); };
                        """),
                Map.entry("10-fails.js", """
                        exports.up = async (db) => { await db.collection('half').insertOne({ _id: 1 }); throw new Error('half way'); };
                        exports.down = async (db) => { };
                        """),
                Map.entry("11-after.js", """
                        exports.up = async (db) => { await db.collection('late').insertOne({ _id: 1 }); };
                        exports.down = async (db) => { await db.collection('late').drop(); };
                        """)));

        RehearsalFacts facts = rehearsed(source, options(false, Map.of()));

        requireProven(change(facts, "01-index.js"), QUICK);
        OfChange lossy = change(facts, "02-lossy.js");
        assertThat(failed(lossy)).containsExactly(Property.ROLLBACK.name());
        assertThat(property(lossy, Property.ROLLBACK).differences())
                .singleElement()
                .asString()
                .contains("shop.customers", "7", "country");
        OfChange reordered = change(facts, "03-reordered.js");
        requireProven(reordered, QUICK);
        assertThat(property(reordered, Property.ROLLBACK).detail()).startsWith("CANONICAL");
        OfChange increment = change(facts, "04-increment.js");
        assertThat(failed(increment)).containsExactly(Property.RERUN_SAFE.name());
        assertThat(property(increment, Property.RERUN_SAFE).differences()).hasSize(21);
        OfChange empty = change(facts, "05-empty-down.js");
        assertThat(failed(empty)).containsExactly(Property.ROLLBACK.name());
        assertThat(property(empty, Property.ROLLBACK).detail()).startsWith("NONE");
        assertThat(failed(change(facts, "06-random.js")))
                .containsExactly(Property.REAPPLY.name(), Property.RERUN_SAFE.name());
        OfChange elsewhere = change(facts, "07-elsewhere.js");
        assertThat(failed(elsewhere)).containsExactly(Property.SCOPE.name());
        assertThat(property(elsewhere, Property.SCOPE).differences()).containsExactly("billing.x");
        OfChange validator = change(facts, "08-validator.js");
        assertThat(failed(validator)).contains(Property.VALIDATORS_OK.name());
        assertThat(property(validator, Property.VALIDATORS_OK).differences())
                .singleElement()
                .asString()
                .contains("300 documents");
        assertThat(failed(change(facts, "09-inserts.js"))).containsExactly(Property.RERUN_SAFE.name());
        OfChange fails = change(facts, "10-fails.js");
        assertThat(failed(fails)).containsExactly(Property.APPLIES.name());
        assertThat(property(fails, Property.APPLIES).detail())
                .contains("half way", "it left 1 operations on 1 documents");
        assertThat(change(facts, "11-after.js").properties())
                .allSatisfy(each -> assertThat(each.grade()).isEqualTo(Grade.NOT_TESTED));
    }

    @Test
    void whoeverSaysWhyAChangeNeedsNoRollbackIsQuoted() {
        MigrationSource source = ofProject(Map.of("1-no-down.js", """
                exports.up = async (db) => { await db.collection('flags').updateOne(
                    { _id: 'a' }, { $set: { on: true } }, { upsert: true }); };
                """));
        OfChange change = change(
                rehearsed(source, options(false, Map.of("1-no-down.js", "a restore is the way back"))), "1-no-down.js");
        assertThat(failed(change)).isEmpty();
        assertThat(property(change, Property.ROLLBACK).grade()).isEqualTo(Grade.NOT_TESTED);
        assertThat(property(change, Property.ROLLBACK).detail()).contains("accepted: a restore is the way back");
    }

    @Test
    void aChangeThatKeepsItsPlaceSurvivesEveryCutAndOneThatDoesNotIsCaught() {
        MigrationSource source = ofProject(Map.of("1-safe.js", """
                exports.up = async (db) => { for (let i = 0; i < 40; i++) { await db.collection('customers').updateMany(
                    { _id: { $gte: i * 8, $lt: i * 8 + 8 } }, { $set: { v: 2 } }); } };
                exports.down = async (db) => { await db.collection('customers').updateMany({}, { $unset: { v: '' } }); };
                """, "2-unsafe.js", """
                exports.up = async (db) => { for (let i = 0; i < 8; i++) { await db.collection('customers').updateMany(
                    { _id: { $gte: i * 40, $lt: i * 40 + 40 } }, { $inc: { n: 1 } }); } };
                exports.down = async (db) => { await db.collection('customers').updateMany({}, { $inc: { n: -1 } }); };
                """));

        RehearsalFacts facts = rehearsed(source, options(true, Map.of()));

        OfChange safe = change(facts, "1-safe.js");
        requireProven(safe, QUICK);
        requireProven(safe, List.of(Property.CRASH_SAFE, Property.ACK_LOST_SAFE));
        assertThat(property(safe, Property.CRASH_SAFE).detail()).matches("(\\d+)/\\1: .*kill-before-data-1.*");
        assertThat(safe.burden().orElseThrow().requests()).isPositive();
        assertThat(safe.burden().orElseThrow().maxDuringMillis())
                .isGreaterThanOrEqualTo(safe.burden().orElseThrow().p95DuringMillis());
        // migrate-mongo without a lock lets both run: the row stands twice.
        assertThat(failed(safe)).containsExactly(Property.FENCED.name());
        assertThat(property(safe, Property.FENCED).detail()).isEqualTo("two runs left 2 rows, one leaves 1");
        assertThat(property(safe, Property.SINGLE_EXECUTION).detail()).contains("has no lock");
        OfChange unsafe = change(facts, "2-unsafe.js");
        assertThat(failed(unsafe)).contains(Property.RERUN_SAFE.name(), Property.CRASH_SAFE.name());
        assertThat(property(unsafe, Property.CRASH_SAFE).differences()).isNotEmpty();
    }

    /** The copy's TTL monitor is off, so no server takes the lock of the dead away: whoever rehearses does. */
    @Test
    void aLockOfTheDeadIsTakenAwayAndWhoNeverGotToWorkHasShownNothing() {
        MigrationSource source = ofProject(Map.of("1-safe.js", """
                exports.up = async (db) => { await db.collection('customers').updateMany({}, { $set: { v: 2 } }); };
                exports.down = async (db) => { await db.collection('customers').updateMany({}, { $unset: { v: '' } }); };
                """, "2-nothing.js", """
                exports.up = async (db) => { await db.collection('customers').updateMany({ legacy: true }, { $set: { v: 3 } }); };
                exports.down = async (db) => { };
                """), 60);

        RehearsalFacts facts = rehearsed(source, options(true, Map.of()));

        OfChange safe = change(facts, "1-safe.js");
        requireProven(safe, QUICK);
        requireProven(safe, List.of(Property.CRASH_SAFE, Property.ACK_LOST_SAFE));
        // migrate-mongo looks for its lock and then takes it: two that meet in between both run.
        assertThat(property(safe, Property.SINGLE_EXECUTION).grade()).isEqualTo(Grade.FAILED);
        assertThat(property(safe, Property.SINGLE_EXECUTION).detail()).isEqualTo("two runs left 2 rows, one leaves 1");
        assertThat(property(safe, Property.FENCED).grade()).isEqualTo(Grade.NOT_TESTED);
        assertThat(property(safe, Property.FENCED).detail()).contains("the other one never got to work", "lock");
        OfChange nothing = change(facts, "2-nothing.js");
        assertThat(failed(nothing)).isEmpty();
        assertThat(property(nothing, Property.SINGLE_EXECUTION).grade()).isEqualTo(Grade.ACCEPTED);
        assertThat(property(nothing, Property.SINGLE_EXECUTION).detail())
                .isEqualTo("two runs left 2 rows, one leaves 1; accepted: one release job runs it");
        assertThat(property(nothing, Property.ROLLBACK).grade()).isEqualTo(Grade.NOT_TESTED);
        assertThat(property(nothing, Property.CRASH_SAFE).detail()).contains("there was nothing to compare");
    }

    @Test
    void mongocksChangesAreRehearsedAsTheyAre() {
        Path jar = MongockSample.jarOf(
                directory.resolve("made"), Map.of("com/acme/Good.java", """
                package com.acme;
                import com.mongodb.client.MongoDatabase;
                import io.mongock.api.annotations.*;
                import org.bson.Document;
                @ChangeUnit(id = "good", order = "001", author = "ada", transactional = false)
                public class Good {
                    @Execution
                    public void execute(MongoDatabase database) {
                        database.getCollection("customers").updateMany(new Document(), new Document("$set", new Document("v", 2)));
                    }
                    @RollbackExecution
                    public void rollback(MongoDatabase database) {
                        database.getCollection("customers").updateMany(new Document(), new Document("$unset", new Document("v", "")));
                    }
                }
                """, "com/acme/Swallowed.java", """
                package com.acme;
                import com.mongodb.client.*;
                import io.mongock.api.annotations.*;
                import org.bson.Document;
                @ChangeUnit(id = "swallowed", order = "002", author = "eve", failFast = false)
                public class Swallowed {
                    @Execution
                    public void execute(ClientSession session, MongoDatabase database) {
                        database.getCollection("half").insertOne(session, new Document("_id", 1));
                        throw new IllegalStateException("half way");
                    }
                    @RollbackExecution
                    public void rollback(MongoDatabase database) {}
                }
                """));
        MigrationSource source = new MongockJar(jar, MongockOptions.usual());

        RehearsalFacts facts = rehearsed(source, options(false, Map.of()));

        requireProven(change(facts, "good"), QUICK);
        OfChange swallowed = change(facts, "swallowed");
        // Mongock ends with 0, and half of the change is committed.
        assertThat(failed(swallowed)).containsExactly(Property.APPLIES.name());
        assertThat(property(swallowed, Property.APPLIES).detail())
                .contains("ended with 0", "recorded as FAILED", "it left 1 operations on 1 documents");
    }
}
