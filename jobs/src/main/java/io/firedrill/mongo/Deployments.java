package io.firedrill.mongo;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoDriverInformation;
import com.mongodb.client.MongoClients;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.concurrent.TimeUnit;
import org.bson.UuidRepresentation;

/** Connects to deployments. */
public final class Deployments {
    private static final int SELECTION_SECONDS_MAX = 15;
    private static final int CONNECT_SECONDS_MAX = 10;

    private Deployments() {}

    /**
     * Prepares a connection; nothing is sent before the first command.
     *
     * @param uri a connection string; it is secret and appears in no message
     * @param role "source" or "staging", for messages
     */
    public static Deployment connect(String uri, String role) {
        ConnectionString parsed = parse(uri, role);
        var settings = MongoClientSettings.builder()
                // First, so that the connection string's own limits win.
                .applyToClusterSettings(
                        cluster -> cluster.serverSelectionTimeout(SELECTION_SECONDS_MAX, TimeUnit.SECONDS))
                .applyToSocketSettings(socket -> socket.connectTimeout(CONNECT_SECONDS_MAX, TimeUnit.SECONDS))
                .applyConnectionString(parsed)
                .applicationName("firedrill")
                .uuidRepresentation(UuidRepresentation.STANDARD)
                .build();
        var information =
                MongoDriverInformation.builder().driverName("firedrill").build();
        return new Deployment(MongoClients.create(settings, information), role, String.join(",", parsed.getHosts()));
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
