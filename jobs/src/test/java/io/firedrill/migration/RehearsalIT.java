package io.firedrill.migration;

import static io.firedrill.migration.SampleRehearsal.QUICK;
import static io.firedrill.migration.SampleRehearsal.failed;
import static io.firedrill.migration.SampleRehearsal.property;
import static io.firedrill.migration.SampleRehearsal.requireProven;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes with a planted defect each, run by the real tools on a server of our own: what has to catch it catches it. */
class RehearsalIT {
    private static final List<Acceptance> ACCEPTED =
            List.of(new Acceptance(Optional.of("2-nothing.js"), Property.SINGLE_EXECUTION, "one release job runs it"));
    private static final List<String> TABLE = new ArrayList<>();

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

    private static MigrationSource ofProject(Map<String, String> files, int lockTtl) {
        return SampleRehearsal.project(files, lockTtl, false);
    }

    private RehearsalFacts rehearsed(MigrationSource source, RehearsalOptions options) {
        return SampleRehearsal.rehearsed(directory, source, options);
    }

    private static RehearsalOptions options(boolean full, Map<String, String> withoutRollback) {
        return SampleRehearsal.options(full, Duration.ofSeconds(1), withoutRollback, ACCEPTED);
    }

    private static OfChange change(RehearsalFacts facts, String id) {
        OfChange found = SampleRehearsal.change(facts, id);
        TABLE.add("  %-28s %s".formatted(id, failed(found)));
        return found;
    }

    @Test
    void everyPlantedDefectIsCaughtByThePropertyThatShouldCatchIt() {
        MigrationSource source = SampleRehearsal.node("traps");

        RehearsalFacts facts = rehearsed(source, options(false, Map.of()));

        requireProven(change(facts, "01-index.js"), QUICK);
        OfChange lossy = change(facts, "02-lossy.js");
        assertThat(failed(lossy)).containsExactly(Property.ROLLBACK.name());
        assertThat(property(lossy, Property.ROLLBACK).differences())
                .singleElement()
                .asString()
                .contains("shop.customers", "7", "country");
        OfChange drops = change(facts, "05b-drops-documents.js");
        assertThat(failed(drops)).contains(Property.ROLLBACK.name());
        assertThat(property(drops, Property.ROLLBACK).differences())
                .singleElement()
                .asString()
                .contains("shop.legacy", "2");
        OfChange index = change(facts, "05c-loses-an-index.js");
        assertThat(failed(index)).contains(Property.ROLLBACK.name());
        assertThat(property(index, Property.ROLLBACK).detail()).contains("shop.regions");
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
        OfChange rewrites = change(facts, "07b-rewrites-rows.js");
        assertThat(failed(rewrites)).containsExactly(Property.SCOPE.name());
        assertThat(property(rewrites, Property.SCOPE).differences())
                .containsExactly("a row of '1-edited.js' was altered");
        OfChange takesBackMore = change(facts, "07c-takes-back-more.js");
        assertThat(failed(takesBackMore)).containsExactly(Property.SCOPE.name());
        assertThat(property(takesBackMore, Property.SCOPE).differences())
                .containsExactly("a row of '01-index.js' was removed");
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
                """), 0);
        OfChange change = change(
                rehearsed(source, options(false, Map.of("1-no-down.js", "a restore is the way back"))), "1-no-down.js");
        assertThat(failed(change)).isEmpty();
        assertThat(property(change, Property.ROLLBACK).grade()).isEqualTo(Grade.NOT_TESTED);
        assertThat(property(change, Property.ROLLBACK).detail()).contains("accepted: a restore is the way back");
    }

    @Test
    void aChangeThatKeepsItsPlaceSurvivesEveryCutAndOneThatDoesNotIsCaught() {
        MigrationSource source = ofProject(Map.of("1-safe.js", """
                exports.up = async (db) => { for (let i = 0; i < 150; i++) { await db.collection('customers').updateMany(
                    { _id: { $gte: i * 2, $lt: i * 2 + 2 } }, { $set: { v: 2 } }); } };
                exports.down = async (db) => { await db.collection('customers').updateMany({}, { $unset: { v: '' } }); };
                """, "2-unsafe.js", """
                exports.up = async (db) => { for (let i = 0; i < 8; i++) { await db.collection('customers').updateMany(
                    { _id: { $gte: i * 40, $lt: i * 40 + 40 } }, { $inc: { n: 1 } }); } };
                exports.down = async (db) => { await db.collection('customers').updateMany({}, { $inc: { n: -1 } }); };
                """), 0);

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

    /** What is caught by the first run: the change, the property, and what is said. */
    static Stream<Arguments> caughtAtOnce() {
        return Stream.of(
                Arguments.of("duplicates/1-unique.js", Property.APPLIES, "E11000"),
                Arguments.of("edited/1-edited.js", Property.APPLIES, "E11000"),
                Arguments.of("slow/1-slow.js", Property.WITHIN_BUDGET, "s of 3 s"),
                Arguments.of("bad.WritesElsewhere/writes-elsewhere", Property.SCOPE, "outside the database 'shop'"),
                Arguments.of("order/check-totals", Property.APPLIES, "there are no totals"),
                Arguments.of("ddl/index-in-transaction", Property.APPLIES, "recorded as PENDING"),
                Arguments.of("unrecorded/unrecorded", Property.APPLIES, "ended with 0; it is recorded as PENDING"));
    }

    @ParameterizedTest
    @MethodSource("caughtAtOnce")
    void theFirstRunIsEnoughToCatchIt(String of, Property by, String seen) {
        String folder = of.substring(0, of.indexOf('/'));
        String id = of.substring(of.indexOf('/') + 1);
        MigrationSource source = id.endsWith(".js")
                ? SampleRehearsal.node(folder)
                : SampleRehearsal.mongock(directory.resolve("made"), "com.acme." + folder);
        var options = new RehearsalOptions(
                false,
                Optional.empty(),
                Duration.ofMinutes(2),
                id.contains("slow") ? Optional.of(Duration.ofSeconds(3)) : Optional.empty(),
                Duration.ofSeconds(1),
                Map.of(),
                List.of(),
                Map.of());

        OfChange found = change(SampleRehearsal.rehearsed(directory, source, options, Rehearsal::apply, _ -> {}), id);

        assertThat(failed(found)).containsExactly(by.name());
        assertThat(property(found, by).detail()).contains(seen);
    }

    @Test
    void everyGoodMigrationIsProven() {
        RehearsalFacts facts = rehearsed(SampleRehearsal.node("good"), options(false, Map.of()));
        assertThat(facts.changes()).hasSize(3).allSatisfy(each -> {
            assertThat(failed(change(facts, each.id()))).isEmpty();
            requireProven(each, QUICK);
        });
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
        MigrationSource source =
                SampleRehearsal.mongock(directory.resolve("made"), "com.acme.good.MarkVersion", "com.acme.swallowed");

        RehearsalFacts facts = rehearsed(source, options(false, Map.of()));

        requireProven(change(facts, "mark-version"), QUICK);
        OfChange swallowed = change(facts, "swallowed");
        // Mongock ends with 0, and half of the change is committed.
        assertThat(failed(swallowed)).containsExactly(Property.APPLIES.name());
        assertThat(property(swallowed, Property.APPLIES).detail())
                .contains("ended with 0", "recorded as FAILED", "it left 1 operations on 1 documents");
    }
}
