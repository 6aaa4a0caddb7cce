package io.firedrill.testing;

import com.mongodb.client.MongoClient;
import io.firedrill.mongo.Deployment;
import java.util.Set;

/** A source and a target, each a replica set of its own. */
public record MongoServers(MongodServer sourceServer, MongodServer targetServer, Deployment source, Deployment target)
        implements AutoCloseable {
    private static final Set<String> INTERNAL = Set.of("admin", "config", "local");

    /** Starts both; the source has the server's own test commands too. */
    public static MongoServers started() {
        MongodServer source = MongodServer.replicaSet("source", "--setParameter", "enableTestCommands=1");
        MongodServer target = MongodServer.replicaSet("target");
        return new MongoServers(source, target, source.deployment("source"), target.deployment("staging"));
    }

    /** Leaves nothing in the target. */
    public void emptyTarget() {
        try (MongoClient client = targetServer.client()) {
            for (String name : client.listDatabaseNames()) {
                if (!INTERNAL.contains(name)) {
                    client.getDatabase(name).drop();
                }
            }
        }
    }

    @Override
    public void close() {
        source.close();
        target.close();
        sourceServer.close();
        targetServer.close();
    }
}
