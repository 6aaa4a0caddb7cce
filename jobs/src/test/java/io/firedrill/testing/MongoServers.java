package io.firedrill.testing;

import com.mongodb.client.MongoClient;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import java.util.ArrayList;
import java.util.List;
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

    /** The same, where Firedrill may do in the target what a role that we ship allows, and nothing else. */
    public static MongoServers startedFor(String role) {
        MongodServer source = MongodServer.replicaSet("source", "--setParameter", "enableTestCommands=1");
        MongodServer target = MongodServer.guardedReplicaSet("target");
        DocumentedRole.of(role).make(target, "a-password");
        return new MongoServers(
                source,
                target,
                source.deployment("source"),
                Deployments.connect(target.uri(role + ":a-password@"), "staging"));
    }

    /** The databases that are not the server's own. */
    public List<String> targetDatabases() {
        try (MongoClient client = targetServer.client()) {
            List<String> names = client.listDatabaseNames().into(new ArrayList<>());
            names.removeAll(INTERNAL);
            return names;
        }
    }

    /** Leaves nothing in the target. */
    public void emptyTarget() {
        try (MongoClient client = targetServer.client()) {
            targetDatabases().forEach(name -> client.getDatabase(name).drop());
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
