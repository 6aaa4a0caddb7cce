package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Updates;
import io.firedrill.runner.RealCall.Told;
import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.types.Binary;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Where a backup reads, and how it spares the source, as the command line says it and the record tells it. */
class SourceLoadIT {
    private static MongodServer source;

    @TempDir
    Path directory;

    private RealCall call;

    @BeforeAll
    static void start() {
        source = MongodServer.replicaSet("orders");
        try (MongoClient client = source.client()) {
            client.getDatabase("shop")
                    .getCollection("photos")
                    .insertMany(IntStream.range(0, 80)
                            .mapToObj(i -> new Document("_id", i).append("bytes", new Binary(new byte[100_000])))
                            .toList());
        }
    }

    @AfterAll
    static void stop() {
        source.close();
    }

    @BeforeEach
    void call() {
        call = new RealCall(directory).with("FIREDRILL_SOURCE_URI", source.uri());
    }

    private JsonNode notes() {
        return Desk.record(directory.resolve("store/evidence/default/000000000001.dsse.json"))
                .get("notes");
    }

    @Test
    void theRecordSaysWhereItReadAndWhatItCameTo() throws IOException {
        call.succeed("backup", "--read-limit", "900MB/s");
        assertThat(notes().get("read-from").asString()).isEqualTo("primary: there is no other member");
        assertThat(notes().get("read-limit").asString()).isEqualTo("900000000 bytes a second");
        assertThat(notes().get("source-load").asString()).startsWith("never backed off in ");
    }

    @Test
    void aMemberThatDoesNotAnswerIsNamed() {
        Told told = call.fail(40, "backup", "--read-from", "127.0.0.1:1");
        assertThat(told.message()).contains("source member 127.0.0.1:1 did not answer in time");
    }

    @Test
    void aBackupBacksOffWhileTheWritesOfOthersAreSlowAndTheRecordSaysSo() throws Exception {
        var done = new AtomicBoolean();
        try (MongoClient writer = source.client()) {
            MongoCollection<Document> ticks = writer.getDatabase("noise").getCollection("ticks");
            ticks.insertOne(new Document("n", 0));
            Thread thread = Thread.ofPlatform().start(() -> {
                while (!done.get()) {
                    writeSlowly(ticks);
                }
            });
            try {
                // Eight megabytes at this speed take five seconds at least: long enough for some looks.
                call.succeed("backup", "--read-limit", "1600kB/s", "--write-latency-max", "20ms");
            } finally {
                done.set(true);
                thread.join();
            }
        }
        assertThat(notes().get("source-load").asString())
                .matches("backed off in [1-9]\\d* of \\d+ looks, down to .* lanes; last since writes take \\d+ ms");
    }

    /** A write that takes as long as on a disk that is overloaded, and that the server counts as such. */
    private static void writeSlowly(MongoCollection<Document> ticks) {
        ticks.updateOne(new Document("$where", "sleep(60) || true"), Updates.inc("n", 1));
    }
}
