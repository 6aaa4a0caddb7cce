package io.firedrill.mongo;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoCredential;
import com.mongodb.MongoDriverInformation;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.ClusterConnectionMode;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.List;
import java.util.Optional;
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
        // First, so that the connection string's own limits win.
        MongoClientSettings settings = settings().applyConnectionString(parsed).build();
        return new Deployment(client(settings), role, String.join(",", parsed.getHosts()), Optional.empty());
    }

    /**
     * Prepares a connection to a mongod that we started ourselves on this machine: a standalone, as its members' own user.
     *
     * @param key what its key file holds; whoever has it may do everything
     * @param name what the standalone goes by
     */
    public static Deployment own(int port, String key, String role, String name) {
        var address = new ServerAddress("127.0.0.1", port);
        var settings = settings()
                .applyToClusterSettings(
                        cluster -> cluster.hosts(List.of(address)).mode(ClusterConnectionMode.SINGLE))
                .credential(MongoCredential.createScramSha256Credential("__system", "local", key.toCharArray()))
                .build();
        return new Deployment(client(settings), role, address.toString(), Optional.of(name));
    }

    private static MongoClientSettings.Builder settings() {
        return MongoClientSettings.builder()
                .applyToClusterSettings(
                        cluster -> cluster.serverSelectionTimeout(SELECTION_SECONDS_MAX, TimeUnit.SECONDS))
                .applyToSocketSettings(socket -> socket.connectTimeout(CONNECT_SECONDS_MAX, TimeUnit.SECONDS))
                .applicationName("firedrill")
                .uuidRepresentation(UuidRepresentation.STANDARD);
    }

    private static MongoClient client(MongoClientSettings settings) {
        var information =
                MongoDriverInformation.builder().driverName("firedrill").build();
        return MongoClients.create(settings, information);
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
