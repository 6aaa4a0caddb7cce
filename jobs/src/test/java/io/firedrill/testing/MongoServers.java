package io.firedrill.testing;

import io.firedrill.mongo.Deployment;

/** A source and a target, each a replica set of its own. */
public record MongoServers(MongodServer sourceServer, MongodServer targetServer, Deployment source, Deployment target)
        implements AutoCloseable {

    /** Starts both; the source has the server's own test commands too. */
    public static MongoServers started() {
        MongodServer source = MongodServer.replicaSet("source", "--setParameter", "enableTestCommands=1");
        MongodServer target = MongodServer.replicaSet("target");
        return new MongoServers(source, target, source.deployment("source"), target.deployment("staging"));
    }

    @Override
    public void close() {
        source.close();
        target.close();
        sourceServer.close();
        targetServer.close();
    }
}
