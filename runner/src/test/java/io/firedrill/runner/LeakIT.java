package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.mongodb.client.MongoClient;
import io.firedrill.testing.DocumentedRole;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.RecordingServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * Twenty-five secrets that were planted, and three more of a broker and a job repository, and every place that something is
 * written to while the program logs at DEBUG.
 */
class LeakIT {
    private static final String BACKUP = "firedrillBackup";
    private static final String POSTGRES = "FIREDRILL_TEST_POSTGRES_URL";

    @TempDir
    Path secrets;

    @TempDir
    Path directory;

    private final Map<String, String> canaries = new LinkedHashMap<>();
    private final Map<String, String> environment = new HashMap<>();
    private final TreeSet<String> leaks = new TreeSet<>();
    private final TreeSet<String> children = new TreeSet<>();
    private boolean loggedAtDebug;
    private MongodServer source;
    private RecordingServer server;
    private @Nullable ArtemisBroker broker;

    /** One that stands in no dictionary, and that no pattern knows. */
    private String canary(String what) {
        String word = "Cnry%02dq%s".formatted(canaries.size() + 1, Long.toHexString(what.hashCode() & 0xffffffffL));
        canaries.put(what, word);
        return word;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @BeforeEach
    void plant() throws Exception {
        server = new RecordingServer().answering(403, "<Error><Code>AccessDenied</Code></Error>");
        source = MongodServer.guardedReplicaSet("orders");
        String password = canary("password of the source") + "@/: ?";
        DocumentedRole.of(BACKUP).make(source, password);
        try (MongoClient client = source.client()) {
            client.getDatabase("shop").getCollection("orders").insertOne(new Document("_id", canary("a document")));
        }
        environment.put("FIREDRILL_STORE", directory.resolve("store").toUri().toString());
        environment.put("FIREDRILL_STATE_DIR", directory.resolve("state").toString());
        environment.put(
                "FIREDRILL_SOURCE_URI",
                source.uri(BACKUP + ":" + encoded(password).replace("+", "%20") + "@"));
        environment.put("FIREDRILL_STAGING_URI", "ephemeral:");
        environment.put("FIREDRILL_MONGOD", System.getenv("FIREDRILL_MONGOD"));
        environment.put(
                "FIREDRILL_NOTIFY_WEBHOOK",
                server.address() + "/" + canary("path of the webhook") + "?token=" + canary("token of the webhook"));
        environment.put("FIREDRILL_NOTIFY_SMTP", "smtp://127.0.0.1:1");
        environment.put("FIREDRILL_NOTIFY_MAIL_FROM", "firedrill@example.com");
        environment.put("FIREDRILL_NOTIFY_MAIL_TO", "oncall@example.com");
        environment.put("FIREDRILL_NOTIFY_SMTP_USER", "firedrill");
        environment.put("FIREDRILL_NOTIFY_SMTP_PASSWORD", canary("password at the mail server"));
        environment.put("FIREDRILL_PUSH_USER", "firedrill");
        environment.put("FIREDRILL_PUSH_PASSWORD", canary("password at the Pushgateway"));
        environment.put("AWS_ACCESS_KEY_ID", "AKIA" + canary("access key").toUpperCase(Locale.ROOT));
        environment.put("AWS_SECRET_ACCESS_KEY", canary("secret key"));
        environment.put("AWS_SESSION_TOKEN", canary("session token"));
        environment.put("FIREDRILL_LANES", "2");
        environment.put(
                "JDK_JAVA_OPTIONS",
                "-Dlogback.configurationFile=%s -Dfiredrill.log=DEBUG"
                        .formatted(Path.of("target/classes/logback.xml").toAbsolutePath()));
        keys();
        if (System.getenv(POSTGRES) != null) {
            workers();
        }
    }

    /** Their servers have made up the passwords; all that is run here goes by both. */
    private void workers() throws Exception {
        broker = new ArtemisBroker(secrets);
        canaries.put("password at the broker", broker.password());
        canaries.put("password of the job repository", WorkersRoom.variable("FIREDRILL_TEST_POSTGRES_PASSWORD"));
        environment.put("FIREDRILL_BROKER_URL", broker.url());
        environment.put("FIREDRILL_BROKER_USER", ArtemisBroker.USER);
        environment.put("FIREDRILL_BROKER_PASSWORD", broker.password());
        environment.put("FIREDRILL_JOB_REPOSITORY_URL", WorkersRoom.repository());
        environment.put("FIREDRILL_JOB_REPOSITORY_USER", WorkersRoom.variable("FIREDRILL_TEST_POSTGRES_USER"));
        environment.put("FIREDRILL_JOB_REPOSITORY_PASSWORD", WorkersRoom.variable("FIREDRILL_TEST_POSTGRES_PASSWORD"));
    }

    /** Their lines are the secret: no text of ours stands in them. */
    private void keys() throws IOException {
        ended(0, Map.of(), "keys", "create", "--out", secrets.resolve("keys").toString());
        ended(
                0,
                Map.of(),
                "evidence",
                "keys",
                "create",
                "--out",
                secrets.resolve("evidence").toString());
        file("FIREDRILL_STORE_KEY", "the store key", "keys/store.key");
        file("FIREDRILL_PRIVATE_KEYS", "a private key", "keys/private.pem");
        file("FIREDRILL_EVIDENCE_KEY", "the ledger's key", "evidence/evidence-private.pem");
        environment.put(
                "FIREDRILL_RECIPIENTS", secrets.resolve("keys/public.pem").toString());
    }

    private void file(String variable, String what, String name) throws IOException {
        Path file = secrets.resolve(name);
        environment.put(variable, file.toString());
        canaries.put(
                what,
                Files.readAllLines(file).stream()
                        .filter(line -> !line.startsWith("-----") && !line.startsWith("#") && !line.isBlank())
                        .reduce((_, last) -> last)
                        .orElseThrow());
    }

    @AfterEach
    void stop() {
        source.close();
        server.close();
        if (broker != null) {
            broker.close();
        }
    }

    /** Runs it in a process of its own, looks at it and at its children meanwhile, and at all that it wrote. */
    private int ended(Map<String, String> more, String... arguments) throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        try (Running running = Running.start(directory, all, arguments)) {
            while (!running.endsWithin(Duration.ofMillis(5))) {
                processes(running.pid());
            }
            look(String.join(" ", arguments) + ": stdout", running.out());
            look(String.join(" ", arguments) + ": stderr", running.err());
            loggedAtDebug |= running.err().contains(" DEBUG ");
            return running.exitCode();
        }
    }

    private void ended(int code, Map<String, String> more, String... arguments) throws IOException {
        assertThat(ended(more, arguments)).as(String.join(" ", arguments)).isEqualTo(code);
    }

    /** What everybody may see of a process is its arguments; what it gave its children is their environment. */
    private void processes(long pid) {
        String own = proc(pid, "cmdline");
        look("arguments of the process", own);
        ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .mapToLong(ProcessHandle::pid)
                .forEach(child -> child(child, own));
    }

    /**
     * A child is not a program of its own at once. Until its first exec it has its parent's memory, arguments and environment
     * with it, and then it is the JVM's helper, which is told that program's environment. What it is, its arguments tell:
     * they are asked before and after, and while a program is being loaded there are none.
     */
    private void child(long pid, String parents) {
        String arguments = proc(pid, "cmdline");
        look("arguments of a child", arguments);
        String environment = proc(pid, "environ");
        boolean program = !arguments.isEmpty() && !arguments.equals(parents) && !arguments.contains("jspawnhelper");
        if (program && arguments.equals(proc(pid, "cmdline"))) {
            String name = arguments.split("\0", 2)[0];
            children.add(Path.of(name).getFileName().toString());
            look("environment of " + name, environment);
        }
    }

    private static String proc(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/" + file), StandardCharsets.ISO_8859_1);
        } catch (IOException _) {
            return "";
        }
    }

    private void look(String where, String text) {
        canaries.forEach((what, word) -> {
            if (text.contains(word) || text.contains(word.toUpperCase(Locale.ROOT))) {
                leaks.add(what + " in " + where.strip());
            }
        });
    }

    /** Records, notes of runs, reports, stack traces, the job repository: all but the documents themselves, which are encrypted. */
    private void files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                // A broker keeps two bytes for a letter.
                look(folder.relativize(file).toString(), text.replace("\0", ""));
                if (file.toString().endsWith(".dsse.json")) {
                    String payload =
                            JsonMapper.shared().readTree(text).path("payload").asString();
                    look(
                            folder.relativize(file) + ": payload",
                            new String(Base64.getDecoder().decode(payload), StandardCharsets.UTF_8));
                }
            }
        }
    }

    @Test
    void notOneOfTheSecretsIsFoundAnywhere() throws Exception {
        backup();
        ended(0, Map.of(), "drill");
        ended(
                0,
                Map.of(),
                "report",
                "--period",
                "2026-Q4",
                "--out",
                directory.resolve("report").toString());
        for (String read : List.of("status", "config show --origin", "doctor secrets", "doctor")) {
            ended(Map.of(), read.split(" "));
        }
        ended(Map.of(), "metrics", "--push", server.address().toString());
        ended(Map.of(), "metrics", "--otlp", server.address().toString());
        refused();
        files(directory);
        boolean shared = broker != null;
        if (shared) {
            files(secrets.resolve("journal"));
            look("the job repository", repository());
        }
        assertThat(canaries).hasSize(shared ? 28 : 25);
        assertThat(loggedAtDebug).as("libraries have logged").isTrue();
        assertThat(children).as("children whose environment was read").contains("mongod");
        assertThat(leaks).isEmpty();
        assumeThat(shared)
                .as("%s: the passwords of broker and job repository", POSTGRES)
                .isTrue();
    }

    /** Over a worker, if there is a broker. */
    private void backup() throws IOException {
        if (broker == null) {
            ended(0, Map.of(), "backup");
            return;
        }
        try (Running worker = Running.start(directory, environment, "worker")) {
            worker.awaits("it takes units", () -> worker.err().contains("takes units from"));
            ended(0, Map.of(), "backup");
            processes(worker.pid());
            worker.signal("TERM");
            assertThat(worker.exitCode()).isZero();
            look("worker: stdout", worker.out());
            look("worker: stderr", worker.err());
        }
        ended(41, Map.of("FIREDRILL_BROKER_PASSWORD", canary("a wrong password at the broker")), "worker");
    }

    /** Every row of every table. */
    private static String repository() throws SQLException {
        var rows = new StringBuilder();
        try (Connection connection = DriverManager.getConnection(
                WorkersRoom.repository(),
                WorkersRoom.variable("FIREDRILL_TEST_POSTGRES_USER"),
                WorkersRoom.variable("FIREDRILL_TEST_POSTGRES_PASSWORD"))) {
            for (BatchSchema.Part part : BatchSchema.parts()) {
                String row = part.isTable() ? "row_to_json(t)::text" : "last_value";
                try (var statement = connection.createStatement();
                        var all = statement.executeQuery("SELECT %s FROM %s t".formatted(row, part.name()))) {
                    while (all.next()) {
                        rows.append(all.getString(1)).append('\n');
                    }
                }
            }
        }
        assertThat(rows).contains("dump-unit:");
        return rows.toString();
    }

    /** What is wrong is told with its values, where people look first. */
    private void refused() throws IOException {
        String uri = "mongodb://reader:%s@127.0.0.1:1/?serverSelectionTimeoutMS=200";
        wrong("FIREDRILL_SOURCE_URI", source.uri(BACKUP + ":" + canary("a wrong password") + "@"));
        wrong("FIREDRILL_SOURCE_URI", uri.formatted(canary("a password that nobody answers")));
        wrong("FIREDRILL_SOURCE_URI", uri.formatted("x@" + canary("a password that is not encoded")));
        wrong(
                "FIREDRILL_SOURCE_URI",
                uri.formatted("x") + "&authMechanism=MONGODB-AWS&authMechanismProperties=AWS_SESSION_TOKEN:"
                        + canary("a token in a connection string"));
        wrong(
                "FIREDRILL_SOURCE_URI",
                uri.formatted("x")
                        + "&tls=true&tlsCertificateKeyFile=%s&tlsCertificateKeyFilePassword=%s"
                                .formatted(secrets.resolve("keys/private.pem"), canary("password of a TLS key")));
        wrong("FIREDRILL_SOURCE_URI", "not-mongodb://x:" + canary("a password in no connection string") + "@h");
        wrong("FIREDRILL_STAGING_URI", uri.formatted(canary("password of staging")));
        wrong("FIREDRILL_STORE", "s3://" + canary("a key in the store's address") + ":x@bucket/prefix");
        wrong("FIREDRILL_S3_ENDPOINT", "https://x:" + canary("a password in the endpoint") + "@host");
        wrong(
                "FIREDRILL_JOB_REPOSITORY_URL",
                "jdbc:postgresql://h/d?password=" + canary("a password in the repository's address"));
        wrong("FIREDRILL_NOTIFY_SMTP", "smtp://x:" + canary("a password in the mail server's address") + "@h:25");
        wrong("FIREDRILL_NOTIFY_WEBHOOK", "ftp://h/" + canary("a webhook that is none"));
        Map<String, String> s3 = Map.of(
                "FIREDRILL_STORE", "s3://bucket/prefix",
                "FIREDRILL_S3_ENDPOINT", server.address().toString(),
                "FIREDRILL_S3_REGION", "us-east-1");
        ended(41, s3, "backup");
        Map<String, String> repository = Map.of(
                "FIREDRILL_JOB_REPOSITORY_URL",
                        environment.getOrDefault("FIREDRILL_JOB_REPOSITORY_URL", "jdbc:postgresql://127.0.0.1:1/jobs"),
                "FIREDRILL_JOB_REPOSITORY_USER", "jobs",
                "FIREDRILL_JOB_REPOSITORY_PASSWORD", canary("a wrong password of the job repository"));
        assertThat(ended(repository, "backup")).isNotZero();
    }

    private void wrong(String variable, String value) throws IOException {
        String[] command = variable.equals("FIREDRILL_STAGING_URI")
                ? new String[] {"drill", "--confirm", "staging"}
                : new String[] {"backup"};
        assertThat(ended(Map.of(variable, value), command))
                .as("%s that is wrong", variable)
                .isNotZero();
    }
}
