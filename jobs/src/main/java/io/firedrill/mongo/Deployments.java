package io.firedrill.mongo;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.MongoConfigurationException;
import com.mongodb.MongoCredential;
import com.mongodb.MongoDriverInformation;
import com.mongodb.ServerAddress;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.connection.ClusterConnectionMode;
import com.mongodb.connection.ClusterSettings;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.bson.UuidRepresentation;

/** Connects to deployments. */
public final class Deployments {
    private static final int SELECTION_SECONDS_MAX = 15;
    private static final int CONNECT_SECONDS_MAX = 10;

    /** Shorter: where one member does not answer, another may. */
    private static final int MEMBER_SECONDS_MAX = 5;

    /**
     * A server that has taken a command and then says nothing, a frozen one whose kernel still answers, is as good as gone. Long,
     * for a source may have to count a large collection; what a staging builds may take any time, and has no limit.
     */
    private static final int SOURCE_SILENCE_SECONDS_MAX = 600;

    /** Shorter: what is read of one member comes in pieces, and another member may go on. */
    private static final int MEMBER_SILENCE_SECONDS_MAX = 120;

    /** Shorter still: whoever only looks asks nothing that takes a server time. */
    private static final int LOOK_SILENCE_SECONDS_MAX = 20;

    private Deployments() {}

    /**
     * Prepares a connection; nothing is sent before the first command.
     *
     * @param uri a connection string; it is secret and appears in no message
     * @param role "source" or "staging", for messages
     */
    public static Deployment connect(String uri, String role) {
        return connect(() -> uri, role);
    }

    /**
     * The same, with credentials that may change: where those of now are refused, it is asked for others.
     *
     * @param uri asked for at once, and then each time that its user is refused
     */
    public static Deployment connect(Supplier<String> uri, String role) {
        return deployment(uri, role, now -> limited(now, role));
    }

    /** The same for the replica set that is protected: nothing that it is asked takes it minutes. */
    public static Deployment connectToSource(String uri) {
        return connectToSource(() -> uri);
    }

    /**
     * The same, with credentials that may change.
     *
     * @param uri a connection string, whose {@code socketTimeoutMS} goes before the limit here; it is secret
     */
    public static Deployment connectToSource(Supplier<String> uri) {
        return deployment(uri, "source", now -> silentFor(SOURCE_SILENCE_SECONDS_MAX, now, "source"));
    }

    /**
     * The same for a look, at a source or at staging: a server that takes a question and says nothing has failed to answer.
     *
     * @param uri a connection string, whose {@code socketTimeoutMS} goes before the limit here; it is secret
     */
    public static Deployment connectToLook(String uri, String role) {
        return deployment(() -> uri, role, now -> look(now, role));
    }

    static MongoClientSettings lookSettings(String uri, String role) {
        return look(uri, role).build();
    }

    private static MongoClientSettings.Builder look(String uri, String role) {
        return silentFor(LOOK_SILENCE_SECONDS_MAX, uri, role);
    }

    private static Deployment deployment(
            Supplier<String> uri, String role, Function<String, MongoClientSettings.Builder> settings) {
        String hosts = String.join(",", parse(uri.get(), role).getHosts());
        return new Deployment(new Clients(uri, now -> client(settings.apply(now))), role, hosts, Optional.empty());
    }

    /**
     * Prepares a connection to one member of a replica set, with the credentials and the transport of the whole set's.
     *
     * @param host the member, as {@code host:port}
     */
    public static Deployment connectToMember(String uri, String role, String host) {
        return connectToMember(() -> uri, role, host);
    }

    /** The same, with credentials that may change. */
    public static Deployment connectToMember(Supplier<String> uri, String role, String host) {
        // In place of all that the connection string says about the cluster: it may name an SRV record, or other hosts.
        var alone = ClusterSettings.builder()
                .mode(ClusterConnectionMode.SINGLE)
                .hosts(List.of(new ServerAddress(host)))
                .serverSelectionTimeout(MEMBER_SECONDS_MAX, TimeUnit.SECONDS)
                .build();
        var clients = new Clients(
                uri,
                now -> client(silentFor(MEMBER_SILENCE_SECONDS_MAX, now, role)
                        .applyToClusterSettings(cluster -> cluster.applySettings(alone))));
        return new Deployment(clients, role, host, Optional.empty());
    }

    /**
     * Prepares a connection to a mongod that we started ourselves on this machine: a standalone, as its members' own user.
     *
     * @param key what its key file holds; whoever has it may do everything
     * @param name what the standalone goes by
     */
    public static Deployment own(int port, String key, String role, String name) {
        var address = new ServerAddress("127.0.0.1", port);
        var settings = limits().applyToClusterSettings(
                        cluster -> cluster.hosts(List.of(address)).mode(ClusterConnectionMode.SINGLE))
                .credential(MongoCredential.createScramSha256Credential("__system", "local", key.toCharArray()));
        return new Deployment(Clients.of(client(settings)), role, address.toString(), Optional.of(name));
    }

    /**
     * What a connection string says of the way.
     *
     * @param uri a connection string; it is secret and appears in no message
     */
    public static Transport transport(String uri, String role) {
        ConnectionString parsed = parse(uri, role);
        return new Transport(
                parsed.getHosts().stream()
                        .map(host -> new ServerAddress(host).toString())
                        .toList(),
                Optional.ofNullable(parsed.getRequiredReplicaSetName()),
                Boolean.TRUE.equals(parsed.getSslEnabled()),
                !Boolean.TRUE.equals(parsed.getSslInvalidHostnameAllowed()),
                TlsFiles.of(uri, parsed, role));
    }

    /**
     * The certificates in the files that a connection string names, if it names any.
     *
     * @param uri a connection string; it is secret and appears in no message
     */
    public static Optional<HandedCertificates> certificates(String uri, String role) {
        return TlsFiles.named(uri, parse(uri, role), role).map(HandedCertificates::of);
    }

    private static MongoClientSettings.Builder silentFor(int secondsMax, String uri, String role) {
        return settings(
                limits().applyToSocketSettings(socket -> socket.readTimeout(secondsMax, TimeUnit.SECONDS)), uri, role);
    }

    private static MongoClientSettings.Builder limited(String uri, String role) {
        return settings(limits(), uri, role);
    }

    private static MongoClientSettings.Builder limits() {
        return MongoClientSettings.builder()
                .applyToClusterSettings(
                        limits -> limits.serverSelectionTimeout(SELECTION_SECONDS_MAX, TimeUnit.SECONDS))
                .applyToSocketSettings(socket -> socket.connectTimeout(CONNECT_SECONDS_MAX, TimeUnit.SECONDS));
    }

    /** The limits are there before the connection string is applied, so that its own win. */
    private static MongoClientSettings.Builder settings(MongoClientSettings.Builder limits, String uri, String role) {
        ConnectionString parsed = parse(uri, role);
        limits.applyConnectionString(parsed);
        TlsFiles.of(uri, parsed, role).ifPresent(tls -> limits.applyToSslSettings(ssl -> ssl.context(tls)));
        return limits;
    }

    private static MongoClient client(MongoClientSettings.Builder builder) {
        MongoClientSettings settings = builder.applicationName("firedrill")
                .uuidRepresentation(UuidRepresentation.STANDARD)
                .build();
        var information =
                MongoDriverInformation.builder().driverName("firedrill").build();
        return MongoClients.create(settings, information);
    }

    private static ConnectionString parse(String uri, String role) {
        try {
            return new ConnectionString(uri);
        } catch (MongoConfigurationException unknown) {
            throw new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "the name in the %s connection string cannot be looked up".formatted(role),
                    "Check the host of its mongodb+srv:// address, and that this machine can ask DNS for it.");
        } catch (IllegalArgumentException thrown) {
            // The driver's message quotes parts of the string, and so perhaps the password.
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the %s connection string is not a valid MongoDB URI".formatted(role),
                    "Write it as mongodb://user:password@host:27017/?replicaSet=NAME, with special characters of the password percent-encoded.");
        }
    }
}
