package io.firedrill.migration;

import io.firedrill.evidence.Receipt;
import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.evidence.RunRecord;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDocument;
import org.bson.BsonString;

/**
 * A row for each release, and for each rehearsal before it, in a database of Firedrill's own beside the data. It is
 * for whoever looks at the database; the ledger is the evidence.
 */
public final class RehearsalRows {
    public static final String COLLECTION = "migration_rehearsals";

    private static final int ROWS_AT_ONCE = 500;
    private static final Set<String> SYSTEM = Set.of("admin", "local", "config");

    private final Deployment deployment;
    private final String database;

    /**
     * @param database of Firedrill's own; it is made by the first row
     * @param migrated the database that migrations change, which it must not be
     */
    public RehearsalRows(Deployment deployment, String database, String migrated) {
        if (SYSTEM.contains(database) || database.equals(migrated)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "--record-in names the database '%s', which is not Firedrill's own".formatted(database),
                    "Name one that nothing else is in, such as firedrill.");
        }
        this.deployment = deployment;
        this.database = database;
    }

    /** A rehearsal never writes to the target, so whoever releases does; a row that is there already stays as it is. */
    public void put(List<Receipt> receipts) {
        for (int from = 0; from < receipts.size(); from += ROWS_AT_ONCE) {
            List<Receipt> some = receipts.subList(from, Math.min(receipts.size(), from + ROWS_AT_ONCE));
            update(some.stream()
                    .map(each -> upsert(each.runId(), new BsonDocument("$setOnInsert", row(each))))
                    .toList());
        }
    }

    private static BsonDocument row(Receipt receipt) {
        List<BsonDocument> changes = receipt.facts().changes().stream()
                .map(each -> new BsonDocument("id", new BsonString(each.id()))
                        .append("author", new BsonString(each.author()))
                        .append("codeHash", new BsonString(each.codeHash())))
                .toList();
        return new BsonDocument("kind", new BsonString("migrations-rehearse"))
                .append("rehearsal", new BsonString(receipt.runId()))
                .append("artefactSha256", new BsonString(receipt.facts().artefactSha256()))
                .append("full", BsonBoolean.valueOf(receipt.facts().full()))
                .append("changes", new BsonArray(changes))
                .append("startedAt", time(receipt.startedAt()))
                .append("endedAt", time(receipt.finishedAt()))
                .append("outcome", new BsonString(receipt.outcome().name()))
                .append("record", new BsonString(receipt.record()));
    }

    /** A release is about to begin: a row that stays like this is of one that was killed. */
    public void begun(String runId, String kind, Instant startedAt, ReleaseFacts facts) {
        put(runId, row(kind, startedAt, facts).append("outcome", new BsonString("BEGUN")));
    }

    /** A release has ended, and has its record. */
    public void ended(RunRecord record) {
        record.release()
                .ifPresent(facts -> put(
                        record.runId(),
                        row(record.entry().word(), record.startedAt(), facts)
                                .append("endedAt", time(record.finishedAt()))
                                .append(
                                        "outcome",
                                        new BsonString(record.outcome().name()))
                                .append("record", new BsonString(record.key()))));
    }

    private static BsonDocument row(String kind, Instant startedAt, ReleaseFacts facts) {
        List<BsonDocument> changes = facts.changes().stream()
                .map(each -> new BsonDocument("id", new BsonString(each.id()))
                        .append("author", new BsonString(each.author()))
                        .append("codeHash", new BsonString(each.codeHash()))
                        .append("rehearsal", new BsonString(each.receipt()))
                        .append("state", new BsonString(each.state()))
                        .append("done", BsonBoolean.valueOf(each.done())))
                .toList();
        return new BsonDocument("kind", new BsonString(kind))
                .append("rehearsal", new BsonString(facts.receipt()))
                .append("artefactSha256", new BsonString(facts.artefactSha256()))
                .append("restorePoint", new BsonString(facts.restorePoint()))
                .append("changes", new BsonArray(changes))
                .append("startedAt", time(startedAt));
    }

    private static BsonDateTime time(Instant at) {
        return new BsonDateTime(at.toEpochMilli());
    }

    private void put(String id, BsonDocument row) {
        update(List.of(upsert(id, row)));
    }

    private static BsonDocument upsert(String id, BsonDocument change) {
        return new BsonDocument("q", new BsonDocument("_id", new BsonString(id)))
                .append("u", change)
                .append("upsert", BsonBoolean.TRUE);
    }

    private void update(List<BsonDocument> updates) {
        BsonDocument answer = deployment.run(
                database,
                new BsonDocument("update", new BsonString(COLLECTION))
                        .append("updates", new BsonArray(updates))
                        .append("writeConcern", new BsonDocument("w", new BsonString("majority"))));
        if (answer.containsKey("writeErrors") || answer.containsKey("writeConcernError")) {
            throw new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "rows could not be written into %s.%s".formatted(database, COLLECTION),
                    "Look what holds the target back; the ledger has the records of the runs.");
        }
    }
}
