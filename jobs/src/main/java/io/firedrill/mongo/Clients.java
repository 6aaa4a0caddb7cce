package io.firedrill.mongo;

import com.mongodb.ConnectionString;
import com.mongodb.client.MongoClient;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The driver's client of a deployment, and another one once the credentials are others than it was made with: a client keeps to those.
 */
final class Clients implements AutoCloseable {
    private final Supplier<String> uri;
    private final Function<String, MongoClient> make;
    private String usedUri;
    private MongoClient client;

    /** Whoever works with it is to come to an end by himself. */
    private @Nullable MongoClient before;

    /**
     * @param uri the connection string as it is now; it is secret
     * @param make out of a connection string
     */
    Clients(Supplier<String> uri, Function<String, MongoClient> make) {
        this.uri = uri;
        this.make = make;
        this.usedUri = uri.get();
        this.client = make.apply(usedUri);
    }

    static Clients of(MongoClient client) {
        return new Clients(() -> "", _ -> client);
    }

    synchronized MongoClient get() {
        return client;
    }

    /**
     * Takes the credentials that there are now, where they lead to the same servers.
     *
     * @param used the client that was refused
     * @return whether there is another client than that one
     */
    synchronized boolean renew(MongoClient used) {
        if (!used.equals(client)) {
            return true;
        }
        String now = uri.get();
        if (now.equals(usedUri) || !leadsToTheSame(now)) {
            return false;
        }
        MongoClient next = make.apply(now);
        if (before != null) {
            before.close();
        }
        before = client;
        client = next;
        usedUri = now;
        return true;
    }

    /** Another set would be another source, and that is nothing to find out on the way. */
    private boolean leadsToTheSame(String now) {
        try {
            var ours = new ConnectionString(usedUri);
            var theirs = new ConnectionString(now);
            return ours.getHosts().equals(theirs.getHosts())
                    && String.valueOf(ours.getRequiredReplicaSetName())
                            .equals(String.valueOf(theirs.getRequiredReplicaSetName()));
        } catch (IllegalArgumentException _) {
            // Half written; the next one to be refused looks again.
            return false;
        }
    }

    @Override
    public synchronized void close() {
        client.close();
        if (before != null) {
            before.close();
        }
    }
}
