package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.testing.MongodServer;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.bson.BsonTimestamp;
import org.bson.Document;

/**
 * What two servers say of how often a restore did something: the job repository of its units, and staging of its documents, by
 * its oplog and its counters, from when this was made.
 */
final class DoneOnce {
    private final MongodServer staging;
    private final BsonTimestamp since;
    private final long asked;

    DoneOnce(MongodServer staging) {
        this.staging = staging;
        this.asked = insertsAsked();
        try (MongoClient client = staging.client()) {
            Document newest = client.getDatabase("local")
                    .getCollection("oplog.rs")
                    .find()
                    .sort(Sorts.descending("$natural"))
                    .first();
            this.since = Objects.requireNonNull(newest).get("ts", BsonTimestamp.class);
        }
    }

    /** Documents that anybody wanted inserted, those that were there already included. */
    private long insertsAsked() {
        try (MongoClient client = staging.client()) {
            return client.getDatabase("admin")
                    .runCommand(new Document("serverStatus", 1))
                    .get("opcounters", Document.class)
                    .get("insert", Number.class)
                    .longValue();
        }
    }

    long askedSince() {
        return insertsAsked() - asked;
    }

    /** How many units are noted as loaded. */
    static long loaded(MongodServer staging) {
        try (MongoClient client = staging.client()) {
            return client.getDatabase(CatalogReader.OWN_DATABASE)
                    .getCollection("units")
                    .countDocuments();
        }
    }

    /** Whether there is any document of a database yet. */
    static boolean loads(MongodServer staging, String database) {
        try (MongoClient client = staging.client()) {
            return client.getDatabase(database)
                            .runCommand(new Document("dbStats", 1))
                            .get("objects", Number.class)
                            .longValue()
                    > 0;
        }
    }

    /** By the oplog: so many were inserted, each once, and nothing was done to any of them. */
    void everyDocumentIsWrittenOnce(String database, long documents) {
        var byDocument = new Document("ns", "$ns").append("op", "$op").append("id", "$o._id");
        try (MongoClient client = staging.client()) {
            List<Document> found = client.getDatabase("local")
                    .getCollection("oplog.rs")
                    .aggregate(List.of(
                            Aggregates.match(Filters.and(
                                    Filters.gt("ts", since),
                                    Filters.in("op", "i", "u", "d"),
                                    Filters.regex("ns", "^" + database + "\\."))),
                            Aggregates.group(byDocument, Accumulators.sum("times", 1)),
                            Aggregates.group(
                                    new Document("op", "$_id.op").append("times", "$times"),
                                    Accumulators.sum("documents", 1))))
                    .into(new ArrayList<>());
            assertThat(found)
                    .as("what was done to documents, how often, and to how many")
                    .containsExactly(new Document("_id", new Document("op", "i").append("times", 1))
                            .append("documents", (int) documents));
        }
    }

    /**
     * By the job repository: partitions of a step that this run completed in one attempt, each with the work that was committed for
     * it: a unit where workers took it, a lane where this run did all.
     *
     * @return how many of each step there are
     */
    static Map<String, Integer> unitsCommittedOnce(String runId) {
        Map<String, Integer> units = new TreeMap<>();
        for (UnitOf unit : units(runId)) {
            assertThat(unit.status + " " + unit.commits).as(unit.toString()).isEqualTo("COMPLETED 1");
            units.merge(unit.name.replaceFirst("-unit:.*", ""), 1, Integer::sum);
        }
        return units;
    }

    private record UnitOf(String name, String status, long commits) {}

    private static List<UnitOf> units(String runId) {
        String query = "SELECT u.STEP_NAME, u.STATUS, u.COMMIT_COUNT FROM BATCH_STEP_EXECUTION u"
                + " JOIN BATCH_JOB_EXECUTION_PARAMS p ON p.JOB_EXECUTION_ID = u.JOB_EXECUTION_ID"
                + " WHERE p.PARAMETER_NAME = 'run' AND p.PARAMETER_VALUE = ? AND u.STEP_NAME LIKE '%-unit:%'";
        try (var connection = DriverManager.getConnection(
                        WorkersRoom.variable("FIREDRILL_TEST_POSTGRES_URL"),
                        WorkersRoom.variable("FIREDRILL_TEST_POSTGRES_USER"),
                        WorkersRoom.variable("FIREDRILL_TEST_POSTGRES_PASSWORD"));
                var statement = connection.prepareStatement(query)) {
            statement.setString(1, runId);
            List<UnitOf> units = new ArrayList<>();
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    units.add(new UnitOf(rows.getString(1), rows.getString(2), rows.getLong(3)));
                }
            }
            return units;
        } catch (SQLException thrown) {
            throw new IllegalStateException(thrown);
        }
    }
}
