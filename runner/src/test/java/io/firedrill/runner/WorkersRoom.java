package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.mongodb.client.MongoClient;
import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A source, a staging, a real Artemis broker and a real PostgreSQL, the last two as {@code k8s/components/workers} has them:
 * with TLS, authorities in files, users and passwords in files; and worker processes.
 */
abstract class WorkersRoom {
    static final String[] RESTORE = {"restore", "--confirm", "practice"};

    @TempDir
    static Path shared;

    static MongodServer source;
    static MongodServer staging;
    static ArtemisBroker broker;

    @TempDir
    Path directory;

    final List<Running> workers = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        assumeThat(System.getenv("FIREDRILL_TEST_POSTGRES_URL"))
                .as("FIREDRILL_TEST_POSTGRES_URL: workers share a job repository")
                .isNotNull();
        source = MongodServer.replicaSet("orders");
        staging = MongodServer.replicaSet("practice", "--setParameter", "enableTestCommands=1");
        broker = new ArtemisBroker(shared);
        Files.writeString(shared.resolve("broker-password"), broker.password());
        Files.writeString(shared.resolve("job-repository-password"), variable("FIREDRILL_TEST_POSTGRES_PASSWORD"));
    }

    @AfterAll
    static void stop() {
        for (@Nullable AutoCloseable each : new AutoCloseable[] {broker, source, staging}) {
            if (each != null) {
                assertThatCode(each::close).doesNotThrowAnyException();
            }
        }
    }

    /** Some 2.4 kilobytes a document. */
    static void fill(String collection, int documents) {
        try (MongoClient client = source.client()) {
            for (int from = 0; from < documents; from += 4_000) {
                client.getDatabase("shop")
                        .getCollection(collection)
                        .insertMany(IntStream.range(from, Math.min(documents, from + 4_000))
                                .mapToObj(i -> new Document("_id", i)
                                        .append("customer", i % 1_000)
                                        .append("remark", ("as ordered " + i + ", ").repeat(120)))
                                .toList());
            }
            client.getDatabase("shop").getCollection(collection).createIndex(new Document("customer", 1));
        }
    }

    Desk desk(String name) {
        return new Desk(directory.resolve(name), source, staging)
                .with("FIREDRILL_BROKER_URL", broker.url())
                .with("FIREDRILL_BROKER_USER", ArtemisBroker.USER)
                .with("FIREDRILL_BROKER_PASSWORD_FILE", file("broker-password"))
                .with("FIREDRILL_JOB_REPOSITORY_URL", repository())
                .with("FIREDRILL_JOB_REPOSITORY_USER", variable("FIREDRILL_TEST_POSTGRES_USER"))
                .with("FIREDRILL_JOB_REPOSITORY_PASSWORD_FILE", file("job-repository-password"))
                .with("FIREDRILL_LANES", "1");
    }

    static String file(String name) {
        return shared.resolve(name).toString();
    }

    /** With TLS, unless it is a server of somebody else's, of whose authority we know nothing. */
    static String repository() {
        String url = variable("FIREDRILL_TEST_POSTGRES_URL");
        String authority = Objects.requireNonNullElse(System.getenv("FIREDRILL_TEST_POSTGRES_CA"), "");
        return authority.isEmpty()
                ? url
                : url + "?"
                        + ArtemisBroker.parameters("FIREDRILL_JOB_REPOSITORY_URL")
                                .replace(ArtemisBroker.AUTHORITY, authority);
    }

    static String variable(String name) {
        return Objects.requireNonNull(System.getenv(name), name);
    }

    Running worker(Desk desk) {
        return crew(desk, 1).getFirst();
    }

    /** So many more workers, all of them ready. */
    List<Running> crew(Desk desk, int count) {
        List<Running> more = Stream.generate(() -> desk.start("worker", "--output", "json"))
                .limit(count)
                .toList();
        workers.addAll(more);
        more.forEach(each -> each.awaits("it takes units", () -> each.err().contains("takes units from")));
        return more;
    }

    @AfterEach
    void leaveNothing() {
        dismiss();
        desk("cleaning").run("staging", "clean", "--confirm", "practice");
    }

    void dismiss() {
        for (Running worker : workers) {
            worker.close();
        }
        workers.clear();
    }

    /** How many units a living worker says it did, once it is asked to stop. */
    static JsonNode told(Running worker) {
        worker.signal("TERM");
        assertThat(worker.exitCode()).as(worker.err()).isZero();
        return JsonMapper.shared().readTree(worker.out());
    }

    /** Runs a command in a process of its own, since workers ask whether it lives, and which version it is. */
    static Running ended(Desk desk, int code, String... command) {
        Running running = desk.start(command);
        assertThat(running.exitCode()).as(running.err()).isEqualTo(code);
        return running;
    }

    /** The parts of a backup and when each was written: one that is written again is another file. */
    static Map<String, Object> parts(Desk desk) {
        Map<String, Object> parts = new TreeMap<>();
        for (Path file : desk.files("sources")) {
            if (file.toString().contains("/part/")) {
                try {
                    parts.put(file.toString(), Files.readAttributes(file, "unix:ino,lastModifiedTime"));
                } catch (IOException thrown) {
                    throw new UncheckedIOException(thrown);
                }
            }
        }
        return parts;
    }

    /** How many units of a step each worker did, by the record. */
    static Map<String, Integer> units(JsonNode notes, String step) {
        Map<String, Integer> units = new TreeMap<>();
        for (String words : notes.path("workers-" + step).asString().split(", ", -1)) {
            units.put(
                    words.substring(0, words.lastIndexOf(' ')),
                    Integer.parseInt(words.substring(words.lastIndexOf(' ') + 1)));
        }
        return units;
    }
}
