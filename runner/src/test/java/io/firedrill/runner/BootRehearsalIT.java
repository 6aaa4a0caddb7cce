package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.testing.MongockSample;
import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** An application as Spring Boot's own plugin packs it, which nobody has changed for us, rehearsed by one command. */
class BootRehearsalIT {
    private static final String RERUN = "RERUN_SAFE";
    private static final List<String> OTHERS =
            List.of("APPLIES", "RECORDED_ONCE", "SCOPE", "VALIDATORS_OK", "ROLLBACK", "REAPPLY");

    @TempDir
    private Path directory;

    private String[] rehearse(String... more) throws IOException {
        // So short a life is not worth a second compiler.
        Path java = Files.writeString(
                directory.resolve("java"),
                "#!/bin/sh\nexec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m \"$@\"\n"
                        .formatted(Path.of(System.getProperty("java.home"), "bin", "java")));
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        var all = new ArrayList<>(List.of(
                "migrations",
                "rehearse",
                "--jar",
                MongockSample.application().toAbsolutePath().normalize().toString(),
                "--database",
                "products",
                "--java",
                java.toString(),
                "--quick"));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void anUnmodifiedSpringBootApplicationIsRehearsedByOneCommand() throws IOException {
        try (MongodServer source = MongodServer.replicaSet("orders");
                MongoClient client = source.client()) {
            Path room = directory.resolve("room");
            Desk desk = new Desk(directory.resolve("desk"), source, source)
                    .with("FIREDRILL_STAGING_DIR", room.toString())
                    .with("FIREDRILL_MONGOD", System.getenv("FIREDRILL_MONGOD"));
            client.getDatabase("products").getCollection("kept").insertOne(new Document("_id", 1));
            desk.run("backup").ended(0);

            int before = desk.records().size();
            Desk.Answer unknown = desk.run(rehearse("--app-reach", "no such host"));
            assertThat(unknown.ended(2).err()).contains("'no such host'", "is not known here");
            assertThat(desk.records()).as("before any work").hasSize(before);
            assertThat(room).doesNotExist();

            // Run again without its row, the first change makes its collection a second time: that is what there is to
            // find.
            Desk.Answer answer = desk.run(rehearse("--output", "json")).ended(62);
            assertThat(answer.err()).contains("1 of the properties do not hold: RERUN_SAFE of create-products");
            JsonNode changes = answer.json().at("/rehearsal/changes");
            assertThat(texts(changes, "id")).containsExactly("create-products", "price-products");
            JsonNode first = changes.get(0).path("properties");
            assertThat(graded(first, "PROVEN")).containsAll(OTHERS);
            assertThat(graded(first, "FAILED")).containsExactly(RERUN);
            assertThat(first.toString()).contains("already exists");
            JsonNode second = changes.get(1).path("properties");
            assertThat(graded(second, "PROVEN")).containsAll(OTHERS).contains(RERUN);
            assertThat(graded(second, "FAILED")).isEmpty();

            assertThat(client.getDatabase("products").listCollectionNames())
                    .as("the source")
                    .containsExactly("kept");
            JsonNode record = desk.lastRecord();
            assertThat(record.at("/rehearsal/artefactSha256").asString()).hasSize(64);
            assertThat(record.at("/result/outcome").asString()).isEqualTo("FAILED");
            assertThat(room).as("the copy is destroyed").isEmptyDirectory();
        }
    }

    private static List<String> graded(JsonNode properties, String grade) {
        return properties
                .valueStream()
                .filter(each -> each.path("grade").asString().equals(grade))
                .map(each -> each.path("property").asString())
                .toList();
    }

    private static List<String> texts(JsonNode list, String field) {
        return list.valueStream().map(each -> each.path(field).asString("")).toList();
    }
}
