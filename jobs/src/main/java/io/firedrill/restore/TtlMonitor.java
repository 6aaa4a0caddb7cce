package io.firedrill.restore;

import io.firedrill.mongo.Deployment;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;

/** The target's TTL monitor: while it runs, it deletes restored documents that have expired since. */
final class TtlMonitor {
    private static final String PARAMETER = "ttlMonitorEnabled";

    private final Deployment target;

    TtlMonitor(Deployment target) {
        this.target = target;
    }

    boolean isOn() {
        var command = new BsonDocument("getParameter", new BsonInt32(1)).append(PARAMETER, new BsonInt32(1));
        return target.run("admin", command).getBoolean(PARAMETER).getValue();
    }

    void set(boolean on) {
        target.run(
                "admin", new BsonDocument("setParameter", new BsonInt32(1)).append(PARAMETER, BsonBoolean.valueOf(on)));
    }
}
