package io.firedrill.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.MongoClient;
import io.firedrill.mongo.Deployment;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.TestKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody without Firedrill, who has the format document, Python and the keys. */
class StrangerIT {
    private static final Pattern SCRIPT = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL);

    @Test
    void decryptsABackupByTheFormatDocumentAlone(@TempDir Path directory) throws Exception {
        assumeTrue(
                succeeds("python3", "-c", "import cryptography") && succeeds("zstd", "--version"),
                "no python3 with cryptography, or no zstd: that a stranger can decrypt stays unchecked");
        var keys = TestKeys.make();
        try (MongodServer server = MongodServer.replicaSet("orders");
                Deployment source = server.deployment("source");
                ObjectStore store = ObjectStores.directory(directory.resolve("store"));
                var recovery = new Recovery(store).with(keys.ofBackup());
                MongoClient client = server.client()) {
            fill(client);
            recovery.backup(source, 1);

            Path script = Files.writeString(directory.resolve("decrypt.py"), script());
            Path out = Files.createDirectory(directory.resolve("out"));
            Process process = new ProcessBuilder(
                            "python3",
                            script.toString(),
                            directory.resolve("store").toString(),
                            "source",
                            Recovery.id(1).value(),
                            Files.writeString(directory.resolve("store.key"), keys.storeKey())
                                    .toString(),
                            Files.writeString(
                                            directory.resolve("private.pem"),
                                            keys.pair().opening())
                                    .toString(),
                            out.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            assertThat(process.waitFor()).as(said).isZero();
            for (String name : new String[] {"orders", "large"}) {
                assertThat(Files.readAllBytes(out.resolve("shop." + name + ".bson")))
                        .as(name)
                        .isEqualTo(asTheServerHasIt(client, name));
            }
        }
    }

    private static void fill(MongoClient client) {
        client.getDatabase("shop")
                .getCollection("orders")
                .insertMany(IntStream.range(0, 2_000)
                        .mapToObj(i -> new Document("_id", i).append("text", "order " + i))
                        .toList());
        // More than one piece of the streaming cipher, and nothing that could be compressed into one.
        byte[] noise = new byte[5 << 20];
        new Random(1).nextBytes(noise);
        client.getDatabase("shop").getCollection("large").insertOne(new Document("_id", 1).append("noise", noise));
    }

    private static byte[] asTheServerHasIt(MongoClient client, String name) {
        var all = new ByteArrayOutputStream();
        for (RawBsonDocument document : client.getDatabase("shop")
                .getCollection(name, RawBsonDocument.class)
                .find()
                .sort(new Document("_id", 1))) {
            byte[] bytes = new byte[document.getByteBuffer().remaining()];
            document.getByteBuffer().get(bytes);
            all.writeBytes(bytes);
        }
        return all.toByteArray();
    }

    private static String script() throws IOException {
        Path root = Path.of("").toAbsolutePath();
        Path document = Files.exists(root.resolve("docs")) ? root : root.resolve("..");
        Matcher block = SCRIPT.matcher(Files.readString(document.resolve("docs/ARCHIVE_FORMAT.md")));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    private static boolean succeeds(String... command) throws InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor() == 0;
        } catch (IOException absent) {
            return false;
        }
    }
}
