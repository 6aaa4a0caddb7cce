package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;

/** The database that migrations are applied to. It is only read: the role {@code read} on it is enough. */
public final class MigrationDatabase {
    private final Deployment deployment;
    private final String name;
    private final InstantSource clock;

    /**
     * @param clock this machine's, to be compared with the server's
     */
    public MigrationDatabase(Deployment deployment, String name, InstantSource clock) {
        this.deployment = deployment;
        this.name = name;
        this.clock = clock;
    }

    /** The database, for a tool that cannot say anything without one. */
    static MigrationDatabase required(Optional<MigrationDatabase> database) {
        return database.orElseThrow(() -> new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "no database was named",
                "Give it with --database, or --offline to list what the artefact holds."));
    }

    /** The name of the replica set that it lies on; empty where it is on none. */
    public String setName() {
        return hello().getString("setName", new BsonString("")).getValue();
    }

    private BsonDocument hello() {
        return deployment.run("admin", new BsonDocument("hello", new BsonInt32(1)));
    }

    /** All documents of a collection; none where it does not exist. They are held in memory. */
    List<BsonDocument> rows(String collection) {
        Namespace namespace = namespace(collection);
        var command = new BsonDocument("find", new BsonString(namespace.collection()));
        return deployment.all(namespace.database(), command).stream()
                .map(BsonValue::asDocument)
                .toList();
    }

    private Namespace namespace(String collection) {
        try {
            return new Namespace(name, collection);
        } catch (IllegalArgumentException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    thrown.getMessage() + " names no collection of a database",
                    "Give the database with --database and the tool's collections with --changelog and --lock-collection.");
        }
    }

    /** A lock as it stands by the server's clock. */
    LockState lock(String holder, Optional<Instant> since, Optional<Instant> expiresAt) {
        Instant before = clock.instant();
        Instant server = Instant.ofEpochMilli(hello().getDateTime("localTime").getValue());
        // The server read its clock at some time in between.
        Instant ours = before.plus(Duration.between(before, clock.instant()).dividedBy(2));
        return new LockState(holder, since, expiresAt, server, Duration.between(server, ours));
    }
}
