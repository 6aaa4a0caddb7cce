package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.runner.RealCall.Told;
import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A seal from the command line: rehearsed, taken, recorded, shown. */
class SealRunIT {
    @TempDir
    Path directory;

    @Test
    void aSealIsRehearsedTakenRecordedAndShown() throws IOException {
        try (MongodServer source = MongodServer.replicaSet("orders")) {
            try (MongoClient client = source.client()) {
                client.getDatabase("shop")
                        .getCollection("photos")
                        .insertMany(IntStream.range(0, 500)
                                .mapToObj(i -> new Document("_id", i).append("text", "x".repeat(1_000)))
                                .toList());
                client.getDatabase("shop").getCollection("cache").insertOne(new Document("_id", 1));
            }
            RealCall call = new RealCall(directory).with("FIREDRILL_SOURCE_URI", source.uri());

            call.succeed("seal", "--dry-run");
            assertThat(call.out()).startsWith("PLANNED  source orders would be sealed; nothing was written");
            assertThat(call.store()).doesNotExist();
            assertThat(call.run("status", "--output", "json")).isZero();
            assertThat(json(call.out()).get("newestSeal").isNull()).isTrue();

            call.succeed("seal", "--exclude", "shop.cache", "--read-from", "primary", "--output", "json");
            JsonNode result = json(call.out());
            assertThat(result.get("documents").asLong()).isEqualTo(500);
            assertThat(result.get("digests").asLong()).isEqualTo(1);
            assertThat(result.at("/notSealed/0/namespace").asString()).isEqualTo("shop.cache");
            assertThat(result.at("/cost/readFrom").asString()).isEqualTo("primary, as demanded");
            assertThat(call.store().resolve(result.get("object").asString())).isNotEmptyFile();

            JsonNode record =
                    Desk.record(call.store().resolve(result.get("record").asString()));
            assertThat(record.at("/run/kind").asString()).isEqualTo("seal");
            assertThat(record.at("/result/verdict").asString()).isEqualTo("SEALED");
            assertThat(record.at("/notes/object").asString())
                    .isEqualTo(result.get("object").asString());
            assertThat(record.at("/notes/cost").asString()).matches("\\d+ bytes read in \\d+ ms; meanwhile .*");
            assertThat(record.at("/notes/source-load").asString()).startsWith("never backed off");
            assertThat(record.at("/verification/checks/0/id").asString()).isEqualTo("stored");
            assertThat(record.at("/verification/checks/0/result").asString()).isEqualTo("PASSED");

            call.succeed("status");
            assertThat(call.out()).contains("Newest seal ").contains(" of orders");
            call.succeed("status", "--output", "json");
            assertThat(json(call.out()).at("/newestSeal/sealedAt")).isEqualTo(result.get("sealedAt"));

            Told told = call.with("FIREDRILL_SOURCE_URI", source.uri("nobody:wrong@"))
                    .fail(41, "seal");
            assertThat(told.message()).contains("refused");
        }
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }
}
