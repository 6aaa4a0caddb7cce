package io.firedrill.migration;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Updates;
import io.firedrill.testing.NodeSample;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.Document;

/** A database, who made it, and what the list has to say of it. */
enum PreparedDatabase {
    NOTHING_APPLIED(
            "by hand",
            "create-customers PENDING, add-email-index PENDING, fill-country PENDING, totals PENDING,"
                    + " refresh-statistics PENDING") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            return at.ofJar("com.acme.orders");
        }
    },
    ALL_APPLIED(
            "Mongock 5.5.1",
            "create-customers APPLIED, add-email-index APPLIED, fill-country APPLIED, totals APPLIED,"
                    + " refresh-statistics RUN_ALWAYS") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            at.run(0, database, "com.acme.orders");
            return at.ofJar("com.acme.orders");
        }
    },
    ROLLED_BACK(
            "Mongock 5.5.1",
            "create-customers APPLIED, add-email-index APPLIED, fill-country PENDING (was rolled back), totals PENDING,"
                    + " refresh-statistics PENDING") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            at.failAt(database, "fill-country");
            at.run(1, database, "com.acme.orders");
            return at.ofJar("com.acme.orders");
        }
    },
    ROLLED_BACK_THEN_EXECUTED(
            "Mongock 5.5.1",
            "create-customers APPLIED, add-email-index APPLIED, fill-country APPLIED, totals APPLIED,"
                    + " refresh-statistics RUN_ALWAYS") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            ROLLED_BACK.prepare(at, database);
            database.getCollection("switches").drop();
            at.run(0, database, "com.acme.orders");
            return at.ofJar("com.acme.orders");
        }
    },
    ROLLBACK_FAILED(
            "Mongock 5.5.1",
            "create-customers APPLIED, add-email-index APPLIED, fill-country FAILED, totals PENDING,"
                    + " refresh-statistics PENDING") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            at.failAt(database, "fill-country-rollback");
            return ROLLED_BACK.prepare(at, database);
        }
    },
    FAILED_IN_A_TRANSACTION(
            "Mongock 5.5.1",
            "create-customers APPLIED, add-email-index APPLIED, fill-country APPLIED, totals PENDING,"
                    + " refresh-statistics PENDING") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            at.failAt(database, "totals");
            at.run(1, database, "com.acme.orders");
            return at.ofJar("com.acme.orders");
        }
    },
    FAIL_FAST_FALSE("Mongock 5.5.1", "fail-fast-false FAILED") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            at.failAt(database, "fail-fast-false");
            at.run(0, database, "com.acme.traps.FailFastFalse");
            return at.ofJar("com.acme.traps.FailFastFalse");
        }
    },
    KILLED_WITH_ITS_LOCK("Mongock 5.5.1, killed", "slow PENDING, lock live") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            at.killed(database, () -> at.mongock().start(at.server(), database.getName(), 600, "com.acme.slow"));
            return at.ofJar("com.acme.slow");
        }
    },
    KILLED_LONG_AGO("Mongock 5.5.1, killed; its lock expired by hand", "slow PENDING, lock stale") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            MigrationSource source = KILLED_WITH_ITS_LOCK.prepare(at, database);
            database.getCollection("mongockLock")
                    .updateOne(new Document(), Updates.set("expiresAt", new BsonDateTime(1_700_000_000_000L)));
            return source;
        }
    },
    ORDER_10_BEFORE_2("Mongock 5.5.1", "order-10 OUT_OF_ORDER, order-2 APPLIED") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            at.run(0, database, "com.acme.unpadded.Order2");
            return at.ofJar("com.acme.unpadded");
        }
    },
    SAME_ID_OTHER_AUTHOR("Mongock 5.5.1", "same APPLIED, same PENDING") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            at.run(0, database, "com.acme.traps.SameIdAnn");
            return at.ofJar("com.acme.traps.SameIdAnn", "com.acme.traps.SameIdBen");
        }
    },
    LEGACY_CHANGE_LOG("Mongock 5.5.1", "old-first APPLIED, old-second APPLIED") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            at.run(0, database, "com.acme.legacy");
            return at.ofJar("com.acme.legacy");
        }
    },
    ROWS_OF_VERSION_4("by hand", "old-first APPLIED, old-second PENDING") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            database.getCollection("mongockChangeLog")
                    .insertOne(new Document("executionId", "e")
                            .append("changeId", "old-first")
                            .append("author", "old")
                            .append("timestamp", new BsonDateTime(1_600_000_000_000L))
                            .append("changeLogClass", "com.acme.legacy.OldChanges"));
            return at.ofJar("com.acme.legacy");
        }
    },
    ROLLED_BACK_AFTER_EXECUTED("by hand", "create-customers PENDING (was rolled back)") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            at.row(database, "create-customers", "ada", "ROLLED_BACK", 2);
            at.row(database, "create-customers", "ada", "EXECUTED", 1);
            return at.ofJar("com.acme.orders.C001CreateCustomers");
        }
    },
    FAILED_AFTER_EXECUTED(
            "by hand", "create-customers FAILED (an earlier run succeeded, so Mongock does not run it again)") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            at.row(database, "create-customers", "ada", "EXECUTED", 1);
            at.row(database, "create-customers", "ada", "ROLLBACK_FAILED", 2);
            return at.ofJar("com.acme.orders.C001CreateCustomers");
        }
    },
    ORPHAN_ROW(
            "Mongock 5.5.1, from a jar with less in it",
            "old-first APPLIED, old-second APPLIED, order-2 ORPHAN (the code has no change of this id and author)") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            at.run(0, database, "com.acme.legacy", "com.acme.unpadded.Order2");
            return at.ofJar("com.acme.legacy");
        }
    },
    AUTHOR_EDITED(
            "by hand",
            "create-customers PENDING [author-changed],"
                    + " create-customers ORPHAN (the code has no change of this id and author)") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            at.row(database, "create-customers", "default_author", "EXECUTED", 1);
            return at.ofJar("com.acme.orders.C001CreateCustomers");
        }
    },
    FILES_APPLIED("migrate-mongo 14.0.7", "1-a.js APPLIED, 2-b.js APPLIED") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            NodeSample project = at.project(database, false, 0);
            assertThat(project.run("up")).isZero();
            return at.ofProject(project);
        }
    },
    FILE_FAILED("migrate-mongo 14.0.7", "1-a.js APPLIED, 2-b.js PENDING") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            NodeSample project = at.project(database, false, 0)
                    .write("migrations/2-b.js", "exports.up = async () => { throw new Error('told to'); };");
            assertThat(project.run("up")).isEqualTo(1);
            return at.ofProject(project);
        }
    },
    FILE_TAKEN_BACK("migrate-mongo 14.0.7", "1-a.js APPLIED, 2-b.js PENDING") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            NodeSample project = at.project(database, false, 0);
            assertThat(project.run("up")).isZero();
            assertThat(project.run("down")).isZero();
            return at.ofProject(project);
        }
    },
    FILE_EDITED(
            "migrate-mongo 14.0.7",
            "1-a.js CHANGED (edited since it was applied, so migrate-mongo runs it again), 2-b.js APPLIED") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            NodeSample project = at.project(database, true, 0);
            assertThat(project.run("up")).isZero();
            return at.ofProject(
                    project.write("migrations/1-a.js", MigrationBench.UP + MigrationBench.DOWN + "// later"));
        }
    },
    FILE_EDITED_AND_RUN_AGAIN("migrate-mongo 14.0.7", "1-a.js APPLIED [recorded-twice], 2-b.js APPLIED") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            NodeSample project = at.project(database, true, 0);
            assertThat(project.run("up")).isZero();
            project.write("migrations/1-a.js", MigrationBench.UP + MigrationBench.DOWN + "// later");
            assertThat(project.run("up")).isZero();
            return at.ofProject(project);
        }
    },
    FILE_GONE(
            "migrate-mongo 14.0.7",
            "2-b.js APPLIED, 1-a.js ORPHAN (its file is gone; migrate-mongo does not show it)") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            NodeSample project = at.project(database, false, 0);
            assertThat(project.run("up")).isZero();
            project.delete("migrations/1-a.js");
            return at.ofProject(project);
        }
    },
    FILE_COMES_LATE("migrate-mongo 14.0.7", "0-late.js OUT_OF_ORDER, 1-a.js APPLIED, 2-b.js APPLIED") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            NodeSample project = at.project(database, false, 0);
            assertThat(project.run("up")).isZero();
            return at.ofProject(project.write("migrations/0-late.js", MigrationBench.UP + MigrationBench.DOWN));
        }
    },
    FILES_KILLED_WITH_THEIR_LOCK("migrate-mongo 14.0.7, killed", "1-a.js APPLIED, 2-b.js PENDING, lock live") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            NodeSample project =
                    at.project(database, false, 3_600).write("migrations/2-b.js", HANGS + MigrationBench.DOWN);
            at.killed(database, () -> project.start("up"));
            return at.ofProject(project);
        }
    },
    FLAMINGOCK(
            "Flamingock's classes (rows kept)",
            "applied APPLIED, failed FAILED (Flamingock waits until somebody has looked and marks it ('audit fix'))"
                    + ", rolled-back PENDING (was rolled back)"
                    + ", rollback-failed FAILED (Flamingock waits until somebody has looked and marks it ('audit fix'))"
                    + ", started FAILED (it was begun and has no end: at work, or cut off;"
                    + " Flamingock waits until somebody has looked and marks it ('audit fix'))"
                    + ", again APPLIED, by-hand APPLIED (was applied, as somebody has marked it)"
                    + ", undone-by-hand PENDING (was rolled back, as somebody has marked it), imported APPLIED"
                    + ", failed-retried FAILED (Flamingock runs it again)"
                    + ", started-retried FAILED (it was begun and has no end: at work, or cut off; Flamingock runs it again)"
                    + ", rollback-retried FAILED (Flamingock runs it again)"
                    + ", failed-in-transaction FAILED (Flamingock runs it again), newest-first APPLIED, lock live") {
        @Override
        MigrationSource prepare(MigrationBench at, MongoDatabase database) {
            database.getCollection(FlamingockLog.LOG, BsonDocument.class).insertMany(FlamingockRowsTest.rows());
            database.getCollection(FlamingockLog.LOCK)
                    .insertOne(new Document("key", "default-service")
                            .append("status", "LOCK_HELD")
                            .append("owner", "host-1@app#1")
                            .append("expiresAt", new BsonDateTime(System.currentTimeMillis() + 60_000)));
            return new FlamingockLog(FlamingockLog.LOG, FlamingockLog.LOCK);
        }
    };

    private static final String HANGS =
            "exports.up = async (db) => { await db.collection('slow').insertOne({ _id: 'begun' });"
                    + " await new Promise(r => setTimeout(r, 120000)); };\n";

    private final String by;
    private final String expected;

    PreparedDatabase(String by, String expected) {
        this.by = by;
        this.expected = expected;
    }

    /** What made it. */
    String by() {
        return by;
    }

    /** How its migrations stand, in words. */
    String expected() {
        return expected;
    }

    /** Brings the database about, and gives what its migrations are listed from. */
    abstract MigrationSource prepare(MigrationBench at, MongoDatabase database);
}
