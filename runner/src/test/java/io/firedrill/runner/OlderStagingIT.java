package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.ServersWord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A staging that knows less than the source did, by real servers' feature compatibility versions. */
class OlderStagingIT {
    private static final String OLD = "5.0";
    private static final String NEW = "6.0";

    private static MongodServer source;
    private static MongodServer staging;

    @TempDir
    Path directory;

    private RealCall call;

    @BeforeAll
    static void start() {
        source = MongodServer.replicaSet("orders");
        staging = MongodServer.replicaSet("practice");
        try (MongoClient client = source.client()) {
            client.getDatabase("shop").getCollection("orders").insertOne(new Document("_id", 1));
        }
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
    }

    @BeforeEach
    void call() {
        call = new RealCall(directory)
                .with("FIREDRILL_SOURCE_URI", source.uri())
                .with("FIREDRILL_STAGING_URI", staging.uri());
    }

    @AfterEach
    void upgrade() {
        compatibility(source, NEW);
        compatibility(staging, NEW);
    }

    @Test
    void isRefusedBeforeAnythingIsWritten() {
        call.succeed("backup");
        compatibility(staging, OLD);

        for (String[] asked : new String[][] {{"restore", "--dry-run"}, {"restore"}, {"drill"}}) {
            RealCall.Told told = call.fail(30, with(asked, "--confirm", "practice"));
            assertThat(told.message())
                    .contains("staging 'practice' (MongoDB 6.0.5) has feature compatibility " + OLD)
                    .contains("had " + NEW);
            assertThat(told.hint()).contains("setFeatureCompatibilityVersion '6.0'", "nothing was written");
            assertThat(databases()).as("no marker, no data").containsExactlyInAnyOrder("admin", "config", "local");
        }
        compatibility(staging, NEW);
        call.succeed("drill", "--confirm", "practice");
    }

    @Test
    void oneThatKnowsMoreIsTaken() {
        compatibility(source, OLD);
        call.succeed("backup");
        call.succeed("restore", "--confirm", "practice");

        assertThat(new ServersWord(staging).digests("shop")).isEqualTo(new ServersWord(source).digests("shop"));
        call.succeed("staging", "clean", "--confirm", "practice");
    }

    private static String[] with(String[] asked, String... more) {
        var all = new ArrayList<>(List.of(asked));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static void compatibility(MongodServer server, String version) {
        try (MongoClient client = server.client()) {
            client.getDatabase("admin").runCommand(new Document("setFeatureCompatibilityVersion", version));
        }
    }

    private static Iterable<String> databases() {
        try (MongoClient client = staging.client()) {
            return client.listDatabaseNames().into(new ArrayList<>());
        }
    }
}
