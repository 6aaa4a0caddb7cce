package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.testing.DocumentedRole;
import io.firedrill.testing.MongodServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A user of the source that is exchanged under the archiver as it runs for ever: one process, one timeline. */
class RotatedCredentialsIT {
    private static final String ROLE = "firedrillArchive";

    @TempDir
    private Path directory;

    private void name(String uri) throws IOException {
        Path next = Files.writeString(directory.resolve("next"), uri);
        Files.move(
                next,
                directory.resolve("source-uri"),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static void admin(MongodServer source, Document command) {
        try (MongoClient client = source.client()) {
            client.getDatabase("admin").runCommand(command);
        }
    }

    @Test
    void theArchiverGoesOnWithTheUserThatItsFileNamesNow() throws IOException {
        try (var source = MongodServer.guardedReplicaSet("source")) {
            DocumentedRole.of(ROLE).make(source, "first-password");
            admin(
                    source,
                    new Document("createUser", "second")
                            .append("pwd", "second-password")
                            .append("roles", List.of(ROLE)));
            name(source.uri(ROLE + ":first-password@"));
            var desk = new Desk(directory, source, source)
                    .with("FIREDRILL_SOURCE_URI", "")
                    .with(
                            "FIREDRILL_SOURCE_URI_FILE",
                            directory.resolve("source-uri").toString());
            try (Running running =
                    desk.start("oplog", "archive", "--slice-interval", "300ms", "--fence-interval", "1s")) {
                running.awaits("its first links", () -> links(desk) > 2);
                name(source.uri("second:second-password@"));
                admin(source, new Document("dropUser", ROLE));
                int then = links(desk);
                running.awaits("more of them", () -> links(desk) > then + 3);
                running.signal("TERM");
                assertThat(running.exitCode()).as(running.err()).isZero();
            }
            JsonNode on = desk.json("oplog", "archive", "--once");
            assertThat(on.path("timeline").asInt()).isOne();
            assertThat(on.path("gaps").size()).isZero();
        }
    }

    private static int links(Desk desk) {
        return desk.files("sources/source/oplog/links").size();
    }
}
