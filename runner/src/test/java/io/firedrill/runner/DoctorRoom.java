package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.doctor.Check;
import io.firedrill.testing.DocumentedRole;
import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bson.BsonTimestamp;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A source and a staging with access control and the smallest roles, and what the doctor says of them in JSON. */
abstract class DoctorRoom {
    static final String BACKUP = "firedrillBackup";
    static final String ARCHIVE = "firedrillArchive";
    static final String RESTORE = "firedrillRestore";
    static final String REPLAY = "firedrillReplay";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    static MongodServer source;
    static MongodServer staging;

    @TempDir
    Path directory;

    RealCall call;

    @BeforeAll
    static void start() {
        source = MongodServer.guardedReplicaSet("orders");
        staging = MongodServer.guardedReplicaSet("practice");
        DocumentedRole.of(BACKUP).make(source, RealCall.SECRET);
        DocumentedRole.of(ARCHIVE).make(source, RealCall.SECRET);
        DocumentedRole.of(RESTORE).make(staging, RealCall.SECRET);
        DocumentedRole.of(REPLAY).make(staging, RealCall.SECRET);
        grant(source, BACKUP, List.of(BACKUP, ARCHIVE));
        haveSomeOplog();
    }

    /** An oplog that spans less than a second would reach nowhere, however much room it has. */
    private static void haveSomeOplog() {
        try (MongoClient client = source.client()) {
            client.getDatabase("shop").getCollection("orders").insertOne(new Document("_id", 1));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            long first = 0;
            while (System.nanoTime() < deadline) {
                var note = new Document("appendOplogNote", 1).append("data", new Document("n", 1));
                long at = client.getDatabase("admin")
                        .runCommand(note)
                        .get("operationTime", BsonTimestamp.class)
                        .getTime();
                first = first == 0 ? at : first;
                if (at > first + 1) {
                    return;
                }
            }
        }
        throw new AssertionError("the source's clock stands still");
    }

    private static void grant(MongodServer server, String user, List<String> roles) {
        try (MongoClient client = server.client()) {
            client.getDatabase("admin").runCommand(new Document("updateUser", user).append("roles", roles));
        }
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
    }

    @BeforeEach
    void call() throws IOException {
        // As a mount is: what is not there is a warning.
        Files.createDirectories(directory.resolve("store"));
        call = new RealCall(directory)
                .with("FIREDRILL_SOURCE_URI", RealCall.uri(source, BACKUP))
                .with("FIREDRILL_STAGING_URI", RealCall.uri(staging, REPLAY))
                // Nobody listens there, and nobody is told: no test of the doctor's lets a run fail.
                .with("FIREDRILL_NOTIFY_WEBHOOK", "http://127.0.0.1:1/told");
    }

    List<JsonNode> examined(int code, String... arguments) {
        return examined(call, code, arguments);
    }

    static List<JsonNode> examined(RealCall call, int code, String... arguments) {
        List<String> all = new ArrayList<>(List.of("doctor", "--output", "json"));
        all.addAll(List.of(arguments));
        int ended = call.run(all.toArray(String[]::new));
        assertThat(ended).as(() -> call.out() + call.err()).isEqualTo(code);
        List<JsonNode> checks = new ArrayList<>();
        JsonMapper.shared().readTree(call.out()).path("checks").forEach(checks::add);
        return checks;
    }

    static List<JsonNode> in(List<JsonNode> checks, String state) {
        return checks.stream()
                .filter(each -> each.path("state").asString().equals(state))
                .toList();
    }

    /** The one that came out badly, and no other one. */
    static JsonNode only(List<JsonNode> checks, String state, String subject, Check check) {
        List<JsonNode> bad = Stream.concat(in(checks, "FAIL").stream(), in(checks, "WARN").stream())
                .toList();
        assertThat(bad).hasSize(1);
        JsonNode found = bad.getFirst();
        assertThat(found.path("state").asString() + " " + found.path("subject").asString() + " "
                        + found.path("check").asString())
                .as(found::toString)
                .isEqualTo(state + " " + subject + " " + check.id());
        assertThat(found.path("hint").asString()).matches("[A-Z].*[.?]");
        assertThat(found.path("link").asString()).isEqualTo("docs/OPERATIONS.md#doctor-" + check.id());
        return found;
    }
}
