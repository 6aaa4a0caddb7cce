package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * The tools of releases as the server knows them that they work on: who is connected to it under the name that a release gives
 * its tool, and what it still does for one whose process is gone. Of its own user everybody is told that, with no privilege.
 */
public final class ToolsAtWork {
    private static final String NAME = "firedrill-release-";
    private static final Duration LOOK = Duration.ofMillis(300);

    private final Deployment deployment;
    private final Duration patience;

    /**
     * @param deployment with the user that the tools have
     * @param patience within which the server has to let go of a connection whose process has just ended
     */
    public ToolsAtWork(Deployment deployment, Duration patience) {
        this.deployment = deployment;
        this.patience = patience;
    }

    /** By what name the server knows the tool of a release. */
    static String nameOf(String run) {
        return NAME + run;
    }

    /**
     * One that the server is connected to, or works for.
     *
     * @param from address and port
     * @param on the collection that it is at work on; empty where it waits for a command
     * @param operation the number by which the server ends it
     */
    private record Tool(String run, String from, String on, String operation, OptionalLong seconds) {
        static Tool of(BsonDocument told) {
            // A driver's watch over the server waits within a command of its own, and is no work.
            boolean works = Fields.isTrue(told, "active")
                    && told.containsKey("opid")
                    && !Fields.text(told, "ns").startsWith("admin.");
            return new Tool(
                    Fields.text(told, "appName").substring(NAME.length()),
                    Fields.text(told, "client"),
                    works ? Fields.text(told, "ns") : "",
                    works ? told.getNumber("opid").longValue() + "" : "",
                    Fields.number(told, "secs_running"));
        }

        boolean works() {
            return !operation.isEmpty();
        }

        Failure refusal() {
            return works()
                    ? new Failure(
                            FailureKind.LOCK_HELD,
                            "the server is still at work on %s for the tool of run %s, since %d s"
                                    .formatted(on.isEmpty() ? "something" : on, run, seconds.orElse(0)),
                            "Wait until that has ended, or end it in mongosh with 'db.killOp(%s)': what it wrote by then stays. Nothing was written."
                                    .formatted(operation))
                    : new Failure(
                            FailureKind.LOCK_HELD,
                            "the tool of run %s is connected to the server, from %s".formatted(run, from),
                            "Wait until it has ended: it may run on another machine, or for another store."
                                    + " Of a machine that is gone the server lets go within some minutes. Nothing was written.");
        }
    }

    /** Nobody else may be at work: what a dead release's tool has asked the server for may go on without it. */
    public void requireNone() {
        Optional<Tool> found = first();
        for (Duration waited = Duration.ZERO;
                found.isPresent() && waited.compareTo(patience) < 0;
                waited = waited.plus(LOOK)) {
            LockSupport.parkNanos(LOOK.toNanos());
            found = first();
        }
        found.ifPresent(tool -> {
            throw tool.refusal();
        });
    }

    /** Work that goes on, before a mere connection. */
    private Optional<Tool> first() {
        return deployment.all("admin", command()).stream()
                .map(BsonValue::asDocument)
                .map(Tool::of)
                .max(Comparator.comparing(Tool::works));
    }

    private static BsonDocument command() {
        var asked = new BsonDocument("allUsers", BsonBoolean.FALSE).append("idleConnections", BsonBoolean.TRUE);
        var named = new BsonDocument("appName", new BsonDocument("$regex", new BsonString("^" + NAME)));
        return new BsonDocument("aggregate", new BsonInt32(1))
                .append(
                        "pipeline",
                        new BsonArray(
                                List.of(new BsonDocument("$currentOp", asked), new BsonDocument("$match", named))))
                .append("cursor", new BsonDocument());
    }
}
