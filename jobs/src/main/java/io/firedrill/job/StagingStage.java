package io.firedrill.job;

import io.firedrill.migration.RehearsalStage;
import io.firedrill.mongo.Deployment;
import io.firedrill.staging.Saved;
import io.firedrill.staging.StagingServer;

/** A mongod of our own as the place to rehearse in. */
public final class StagingStage implements RehearsalStage {
    private final StagingServer server;

    private StagingStage(StagingServer server) {
        this.server = server;
    }

    /** Makes it a replica set: transactions and an oplog are what a rehearsal is about. */
    public static StagingStage on(StagingServer server) {
        server.toReplicaSet();
        return new StagingStage(server);
    }

    @Override
    public String uri() {
        return server.userUri();
    }

    @Override
    public int port() {
        return server.port();
    }

    @Override
    public Deployment deployment() {
        return server.deployment();
    }

    @Override
    public Kept keep() {
        return new KeptFiles(server, server.save());
    }

    private record KeptFiles(StagingServer server, Saved files) implements Kept {
        @Override
        public void putBack() {
            server.goBackTo(files);
        }

        @Override
        public Shelf open() {
            return new OpenShelf(server.shelf(files));
        }
    }

    private record OpenShelf(StagingServer server) implements Shelf {
        @Override
        public Deployment deployment() {
            return server.deployment();
        }

        @Override
        public void close() {
            server.close();
        }
    }
}
