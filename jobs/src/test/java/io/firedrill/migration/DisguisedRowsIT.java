package io.firedrill.migration;

import static io.firedrill.migration.SampleRehearsal.change;
import static io.firedrill.migration.SampleRehearsal.property;
import static io.firedrill.migration.SampleRehearsal.requireProven;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoDatabase;
import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.testing.MongockSample;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.bson.BsonDateTime;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real Mongock: what it writes into its change log by itself is told from what a change writes there. */
class DisguisedRowsIT {
    @TempDir
    private Path directory;

    private static String unit(String id, String type, String apply, String revert) {
        return """
            import com.mongodb.client.*;
            import io.mongock.api.annotations.*;
            import org.bson.Document;
            @ChangeUnit(id = "%1$s", order = "%1$s", author = "a", transactional = false)
            public class %2$s {
                @Execution public void go(MongoDatabase database) {
                    database.getCollection("customers").insertOne(new Document("_id", "%1$s"));
                    %3$s
                }
                @RollbackExecution public void undo(MongoDatabase database) {
                    database.getCollection("customers").deleteOne(new Document("_id", "%1$s"));
                    %4$s
                }
            }
            """.formatted(id, type, apply, revert);
    }

    private static String row(String change, String more) {
        return "database.getCollection(\"mongockChangeLog\").insertOne(Document.parse(\"{changeId: '%s', author: 'a', state: 'EXECUTED', type: 'EXECUTION', timestamp: {$date: '2026-01-02T03:04:05Z'}, changeSetMethod: 'm', executionMillis: {$numberLong: '1'}, executionHostname: 'h', systemChange: false, %s}\"));"
                .formatted(change, more);
    }

    /** As version 4 left it: Mongock 5 gives it the fields that it lacks, before its first change. */
    private static void ofVersion4(MongoDatabase database) {
        database.getCollection("mongockChangeLog")
                .insertOne(new Document("executionId", "2021-1")
                        .append("changeId", "old")
                        .append("author", "ada")
                        .append("timestamp", new BsonDateTime(1_600_000_000_000L))
                        .append("changeLogClass", "com.acme.Old"));
    }

    @Test
    void onlyWhatMongockWroteBeforeItTookItsLockIsItsOwn() {
        var jar = new MongockJar(
                MongockSample.jarOf(
                        directory.resolve("made"),
                        Map.of(
                                "First.java",
                                unit("1-first", "First", "", ""),
                                "Imports.java",
                                unit(
                                        "2-imports",
                                        "Imports",
                                        row("later", "executionId: 'legacy_migration-2026', changeLogClass: 'Old'"),
                                        ""),
                                "Calls.java",
                                unit(
                                        "3-calls",
                                        "Calls",
                                        row("other", "executionId: '2026', changeLogClass: 'io.mongock.driver.X'"),
                                        ""),
                                "Undoes.java",
                                unit(
                                        "4-undoes",
                                        "Undoes",
                                        "",
                                        row("other", "executionId: 'legacy_migration-2027', changeLogClass: 'Old'")
                                                + "database.getCollection(\"customers\").aggregate(java.util.List.of(Document.parse(\"{$match: {_id: 1}}\"), Document.parse(\"{$merge: {into: {db: 'billing', coll: 'x'}}}\"))).toCollection();"))),
                MongockOptions.usual());

        RehearsalFacts facts = SampleRehearsal.rehearsed(
                directory,
                jar,
                RunTools.usual(MongockSample.shipped()),
                SampleRehearsal.options(false, Duration.ofSeconds(1), Map.of()),
                DisguisedRowsIT::ofVersion4,
                rehearsal -> {
                    rehearsal.apply();
                    rehearsal.rollBack();
                },
                _ -> {});

        requireProven(change(facts, "1-first"), List.of(Property.APPLIES, Property.SCOPE, Property.ROLLBACK));
        assertOutOfScope(change(facts, "2-imports"), "it changed what", "a row of 'later' was added");
        assertOutOfScope(change(facts, "3-calls"), "it changed what", "a row of 'other' was added");
        assertOutOfScope(
                change(facts, "4-undoes"), "its rollback changed what", "billing.x", "a row of 'other' was added");
    }

    private static void assertOutOfScope(OfChange change, String words, String... differences) {
        assertThat(property(change, Property.SCOPE).grade())
                .as(change.properties().toString())
                .isEqualTo(Grade.FAILED);
        assertThat(property(change, Property.SCOPE).detail()).contains(words);
        assertThat(property(change, Property.SCOPE).differences()).containsExactly(differences);
    }
}
