package io.firedrill.mongo;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoDriverInformation;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.ClusterConnectionMode;
import com.mongodb.connection.ClusterSettings;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.bson.UuidRepresentation;

/** Connects to deployments. */
public final class Deployments {
    private static final int SELECTION_SECONDS_MAX = 15;
    private static final int CONNECT_SECONDS_MAX = 10;

    /** Shorter: where one member does not answer, another may. */
    private static final int MEMBER_SECONDS_MAX = 5;

    private Deployments() {}

    /**
     * Prepares a connection; nothing is sent before the first command.
     *
     * @param uri a connection string; it is secret and appears in no message
     * @param role "source" or "staging", for messages
     */
    public static Deployment connect(String uri, String role) {
        ConnectionString parsed = parse(uri, role);
        return connect(parsed, role, String.join(",", parsed.getHosts()), cluster -> {});
    }

    /**
     * Prepares a connection to one member of a replica set, with the credentials and the transport of the whole set's.
     *
     * @param host the member, as {@code host:port}
     */
    public static Deployment connectToMember(String uri, String role, String host) {
        // In place of all that the connection string says about the cluster: it may name an SRV record, or other hosts.
        var alone = ClusterSettings.builder()
                .mode(ClusterConnectionMode.SINGLE)
                .hosts(List.of(new ServerAddress(host)))
                .serverSelectionTimeout(MEMBER_SECONDS_MAX, TimeUnit.SECONDS)
                .build();
        return connect(parse(uri, role), role, host, cluster -> cluster.applySettings(alone));
    }

    private static Deployment connect(
            ConnectionString parsed, String role, String hosts, Consumer<ClusterSettings.Builder> cluster) {
        var settings = MongoClientSettings.builder()
                // First, so that the connection string's own limits win.
                .applyToClusterSettings(
                        limits -> limits.serverSelectionTimeout(SELECTION_SECONDS_MAX, TimeUnit.SECONDS))
                .applyToSocketSettings(socket -> socket.connectTimeout(CONNECT_SECONDS_MAX, TimeUnit.SECONDS))
                .applyConnectionString(parsed)
                .applyToClusterSettings(cluster::accept)
                .applicationName("firedrill")
                .uuidRepresentation(UuidRepresentation.STANDARD)
                .build();
        var information =
                MongoDriverInformation.builder().driverName("firedrill").build();
        return new Deployment(MongoClients.create(settings, information), role, hosts);
    }

    private static ConnectionString parse(String uri, String role) {
        try {
            return new ConnectionString(uri);
        } catch (IllegalArgumentException thrown) {
            // The driver's message quotes parts of the string, and so perhaps the password.
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the %s connection string is not a valid MongoDB URI".formatted(role),
                    "Write it as mongodb://user:password@host:27017/?replicaSet=NAME, with special characters of the password percent-encoded.");
        }
    }
}
