package io.firedrill.testing;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.bson.Document;

/**
 * A real mongod on a free loopback port with its files in a temporary directory. {@code FIREDRILL_MONGOD} names the
 * binary; {@code scripts/test} finds or installs one.
 */
public final class MongodServer implements AutoCloseable {
    private static final String ADMIN = "admin:an-admins-password@";
    private static final Duration KEYS_MAX = Duration.ofSeconds(60);

    /** What the driver waits for a server by itself. */
    private static final Duration SELECTION_MAX = Duration.ofSeconds(30);

    /** A server that starts on a busy machine takes its time. */
    static final Duration START_MAX = Duration.ofMinutes(2);

    private static final int PORT_FIRST = 20_000;
    private static final int PORTS = 6_000;

    /** JVMs of tests that run beside each other do not draw from the same ports. */
    private static final int FORK = Integer.getInteger("firedrill.fork", 1) % 2;

    private static final int PORT_ATTEMPTS_MAX = 100;

    private final List<String> command;
    private final Path directory;
    private final int port;
    private final String setName;
    private final Optional<Tls> tls;
    private String credentials = "";
    private Process process;

    private MongodServer(List<String> command, Path directory, int port, String setName, Optional<Tls> tls)
            throws IOException {
        this.command = List.copyOf(command);
        this.directory = directory;
        this.port = port;
        this.setName = setName;
        this.tls = tls;
        this.process = launch();
    }

    /**
     * What its clients believe it by.
     *
     * @param option of their connection strings
     */
    private record Tls(String option, SSLContext context) {}

    /** A replica set of one member that has a primary. */
    public static MongodServer replicaSet(String setName, String... more) {
        MongodServer server = start(setName, Optional.empty(), more);
        server.initiate();
        return server;
    }

    /** The same, with its files in a folder that is empty. */
    public static MongodServer replicaSetIn(Path directory, String setName) {
        MongodServer server = start(directory, setName, Optional.empty());
        server.initiate();
        return server;
    }

    /** A replica set of one member that lets nobody in without a password; {@link #uri()} is its administrator's. */
    public static MongodServer guardedReplicaSet(String setName) {
        return guarded(start(setName, Optional.empty(), "--keyFile", keyFile().toString()));
    }

    /** The same, and it takes no connection without TLS: it shows a certificate that this authority signs for it. */
    public static MongodServer guardedReplicaSet(String setName, CertificateAuthority authority) {
        try {
            List<String> options = new ArrayList<>(List.of(authority.mongod("requireTLS", authority.local())));
            options.addAll(List.of("--keyFile", keyFile().toString()));
            var tls = new Tls(authority.trusted(), authority.tls());
            return guarded(start(setName, Optional.of(tls), options.toArray(String[]::new)));
        } catch (IOException | GeneralSecurityException | InterruptedException thrown) {
            throw new IllegalStateException("no certificate for a server", thrown);
        }
    }

    private static MongodServer guarded(MongodServer server) {
        server.initiate();
        try (MongoClient client = server.client()) {
            // Allowed once, from this machine, while there is no user yet.
            client.getDatabase("admin")
                    .runCommand(Document.parse(
                            "{createUser: 'admin', pwd: 'an-admins-password', roles: ['root', 'restore']}"));
        }
        server.credentials = ADMIN;
        return server;
    }

    public static MongodServer standalone() {
        return start("", Optional.empty());
    }

    /** A member of a set that somebody else initiates. */
    static MongodServer member(String setName, String... more) {
        return start(setName, Optional.empty(), more);
    }

    private static MongodServer start(String setName, Optional<Tls> tls, String... more) {
        try {
            return start(Files.createTempDirectory("firedrill-mongod"), setName, tls, more);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static MongodServer start(Path directory, String setName, Optional<Tls> tls, String... more) {
        try {
            int port = freePort();
            List<String> command = new ArrayList<>(List.of(
                    binary(),
                    "--dbpath",
                    directory.toString(),
                    "--port",
                    Integer.toString(port),
                    "--bind_ip",
                    "127.0.0.1",
                    "--wiredTigerCacheSizeGB",
                    "0.25"));
            if (!setName.isEmpty()) {
                command.addAll(List.of("--replSet", setName));
            }
            command.addAll(List.of(more));
            return new MongodServer(command, directory, port, setName, tls);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private Process launch() throws IOException {
        Process launched = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("mongod.log").toFile()))
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(launched::destroyForcibly));
        return launched;
    }

    /** What members of a set know each other by; with it, mongod asks everybody for a password. */
    private static Path keyFile() {
        try {
            Path file = Files.createTempFile("firedrill-key", "");
            file.toFile().deleteOnExit();
            return Files.writeString(file, "thisistestsonly");
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static String binary() {
        String binary = System.getenv("FIREDRILL_MONGOD");
        if (binary == null || binary.isEmpty()) {
            throw new IllegalStateException("FIREDRILL_MONGOD names no mongod: run scripts/test, which finds one");
        }
        return binary;
    }

    /** Below those that systems give to whoever connects: nobody else's connection takes it before mongod has it. */
    public static int freePort() throws IOException {
        for (int attempt = 1; ; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(PORTS) + PORT_FIRST + FORK * PORTS;
            try (var socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException thrown) {
                if (attempt == PORT_ATTEMPTS_MAX) {
                    throw thrown;
                }
            }
        }
    }

    private void initiate() {
        try (MongoClient client = connected(uri("", "directConnection=true"), START_MAX)) {
            client.getDatabase("admin")
                    .runCommand(
                            Document.parse("{replSetInitiate: {_id: '%s', members: [{_id: 0, host: '127.0.0.1:%d'}]}}"
                                    .formatted(setName, port)));
        }
        ping();
    }

    private void ping() {
        try (MongoClient client = connected(uri(), START_MAX)) {
            // Waits, in the driver's server selection, until there is a primary.
            client.getDatabase("admin").runCommand(new Document("ping", 1));
        }
    }

    /**
     * Waits until a server that has just become a set has made the two keys that it signs its clock with: it inserts them a little
     * later, as anybody would, into its oplog and its counters.
     */
    public MongodServer atRest() {
        try (MongoClient client = client()) {
            // Nobody may read the keys themselves.
            MongoCollection<Document> oplog = client.getDatabase("local").getCollection("oplog.rs");
            var keys = new Document("op", "i").append("ns", "admin.system.keys");
            Patience.await("its keys are there", KEYS_MAX, () -> oplog.countDocuments(keys) >= 2);
        }
        return this;
    }

    public String uri() {
        return uri(credentials);
    }

    /** The connection string of a user, given as {@code name:password@}. */
    public String uri(String user) {
        return uri(user, setName.isEmpty() ? "" : "replicaSet=" + setName);
    }

    private String uri(String user, String option) {
        String options = Stream.of(option, tls.map(Tls::option).orElse(""))
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining("&"));
        return "mongodb://%s127.0.0.1:%d/%s".formatted(user, port, options.isEmpty() ? "" : "?" + options);
    }

    public int port() {
        return port;
    }

    public MongoClient client() {
        return connected(uri(), SELECTION_MAX);
    }

    /** The driver knows no files of certificates. */
    private MongoClient connected(String uri, Duration selection) {
        var settings = MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(uri))
                .applyToClusterSettings(
                        cluster -> cluster.serverSelectionTimeout(selection.toSeconds(), TimeUnit.SECONDS));
        tls.ifPresent(it -> settings.applyToSslSettings(ssl -> ssl.context(it.context)));
        return MongoClients.create(settings.build());
    }

    public Deployment deployment(String role) {
        return Deployments.connect(uri(), role);
    }

    /** The CPU time that the process has used. */
    public Duration cpu() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** The server's own digest of a database: an oracle that knows nothing of ours. */
    public String dbHash(String database) {
        try (MongoClient client = client()) {
            return client.getDatabase(database)
                    .runCommand(new Document("dbHash", 1))
                    .getString("md5");
        }
    }

    public boolean hasEnded() {
        return !process.isAlive();
    }

    public void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** Stops it as a whole while its connections stay open, or lets it go on: the kernel takes what is sent, and nobody answers. */
    public void freeze(boolean frozen) {
        ProcessSignals.send(process.toHandle(), frozen ? "STOP" : "CONT");
    }

    /** The files in which a member of a set keeps the documents that it had to roll back. */
    public List<Path> rollbackFiles() {
        Path kept = directory.resolve("rollback");
        if (!Files.isDirectory(kept)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(kept)) {
            return files.filter(file -> file.toString().endsWith(".bson")).toList();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** Starts it again after {@link #kill()}, with the files it had, and waits for a primary. */
    public void restart() {
        try {
            process = launch();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
        ping();
    }

    /** Takes a copy of all its files, for which it is killed and started again. */
    public Path copyOfFiles() {
        kill();
        try {
            Path copy = Files.createTempDirectory("firedrill-mongod-copy");
            copyTree(directory, copy);
            restart();
            return copy;
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** Starts it again with the files of a copy: whatever was written since has never been. */
    public void goBackTo(Path copy) {
        kill();
        delete(directory);
        copyTree(copy, directory);
        delete(copy);
        restart();
    }

    private static void copyTree(Path from, Path to) {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    @Override
    public void close() {
        kill();
        delete(directory);
    }
}
