package io.firedrill.mongo;

import com.mongodb.ConnectionString;
import com.mongodb.MongoException;
import com.mongodb.client.MongoClient;
import io.firedrill.failure.Failure;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The driver's client of a deployment, and another one once the credentials are others than it was made with: a client keeps to those.
 */
final class Clients implements AutoCloseable {
    private final Supplier<String> uri;
    private final Function<String, MongoClient> make;
    private final Optional<Destination> destination;
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
        this.destination = Destination.of(usedUri);
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
        MongoClient next;
        try {
            next = make.apply(now);
        } catch (Failure _) {
            // A file that it names is not there yet, or half written.
            return false;
        }
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
        return destination.isPresent() && Destination.of(now).equals(destination);
    }

    /**
     * Where a connection string leads, and how safely. One that asks DNS for its servers may lead elsewhere the next time that it is
     * read, so of that there is none.
     */
    private record Destination(
            List<String> hosts,
            @Nullable String set,
            @Nullable Boolean encrypted,
            @Nullable Boolean anyHostName,
            @Nullable String proxy) {
        static Optional<Destination> of(String uri) {
            if (!uri.startsWith("mongodb://")) {
                return Optional.empty();
            }
            try {
                var read = new ConnectionString(uri);
                return Optional.of(new Destination(
                        List.copyOf(read.getHosts()),
                        read.getRequiredReplicaSetName(),
                        read.getSslEnabled(),
                        read.getSslInvalidHostnameAllowed(),
                        read.getProxyHost()));
            } catch (IllegalArgumentException | MongoException _) {
                // Half written; the next one to be refused looks again.
                return Optional.empty();
            }
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
