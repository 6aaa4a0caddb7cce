package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.bson.BsonArray;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * Reads one document and updates it without changing anything, again and again, and measures how long each request takes: what users
 * of the collections feel while something else is at work on them. It writes nothing, not even to the oplog.
 */
final class UserProbe {
    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final int REQUESTS_MAX = 1_000_000;

    private final Deployment deployment;
    private final List<BsonDocument> requests;
    private final List<String> databases;
    private final LongSupplier nanoTime;

    private UserProbe(
            Deployment deployment, List<BsonDocument> requests, List<String> databases, LongSupplier nanoTime) {
        this.deployment = deployment;
        this.requests = requests;
        this.databases = databases;
        this.nanoTime = nanoTime;
    }

    /** Takes one document of each collection; those without any, and the server's own, are left alone. */
    static UserProbe of(Deployment deployment, List<Namespace> touched, LongSupplier nanoTime) {
        List<BsonDocument> requests = new ArrayList<>();
        List<String> databases = new ArrayList<>();
        for (Namespace namespace : touched) {
            if (namespace.isSystem() || namespace.isBuckets()) {
                continue;
            }
            first(deployment, namespace).ifPresent(id -> {
                var filter = new BsonDocument("_id", id);
                requests.add(find(namespace, filter));
                requests.add(update(namespace, filter));
                databases.add(namespace.database());
                databases.add(namespace.database());
            });
        }
        return new UserProbe(deployment, requests, databases, nanoTime);
    }

    private static Optional<BsonValue> first(Deployment deployment, Namespace namespace) {
        return deployment.all(namespace.database(), find(namespace, new BsonDocument())).stream()
                .map(found -> found.asDocument().get("_id"))
                .findFirst();
    }

    private static BsonDocument find(Namespace namespace, BsonDocument filter) {
        return new BsonDocument("find", new BsonString(namespace.collection()))
                .append("filter", filter)
                .append("limit", new BsonInt32(1))
                .append("singleBatch", BsonBoolean.TRUE);
    }

    private static BsonDocument update(Namespace namespace, BsonDocument filter) {
        var nothing = new BsonDocument("$set", new BsonDocument());
        var statement = new BsonDocument("q", filter).append("u", nothing);
        return new BsonDocument("update", new BsonString(namespace.collection()))
                .append("updates", new BsonArray(List.of(statement)));
    }

    /** Whether there is nothing to ask for. */
    boolean isIdle() {
        return requests.isEmpty();
    }

    /** Makes so many requests, with pauses. */
    Latencies take(int count) {
        return run(new CountDownLatch(1), count);
    }

    /** Makes requests, with pauses, until the latch opens; a collection that is gone or renamed is asked for all the same. */
    Latencies takeUntil(CountDownLatch over) {
        return run(over, REQUESTS_MAX);
    }

    private Latencies run(CountDownLatch over, int count) {
        var latencies = new Latencies();
        try {
            for (int i = 0; i < count && over.getCount() > 0; i++) {
                long since = nanoTime.getAsLong();
                ask(i % requests.size());
                latencies.add(since, nanoTime.getAsLong());
                over.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException thrown) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a change was probed", thrown);
        }
        return latencies;
    }

    /** That a request is refused while a collection is being changed takes its time too, and users feel it as well. */
    private void ask(int number) {
        try {
            deployment.run(databases.get(number), requests.get(number));
        } catch (Failure refused) {
            // Its time counts; what came of the change is told by its own run.
        }
    }
}
