package io.firedrill.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import io.firedrill.mongo.Deployment;
import io.firedrill.oplog.DeltaLimits;
import io.firedrill.restore.RestoreSource;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.TestKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

            Path out = read(
                    directory,
                    1,
                    1,
                    Files.writeString(directory.resolve("store.key"), keys.storeKey()),
                    Files.writeString(
                            directory.resolve("private.pem"), keys.pair().opening()));
            for (String name : new String[] {"orders", "large"}) {
                assertThat(Files.readAllBytes(out.resolve("shop." + name + ".bson")))
                        .as(name)
                        .isEqualTo(asTheServerHasIt(client, name));
            }
        }
    }

    /** Has one of the document's scripts read a backup, with what else it needs, and gives the folder with what it wrote. */
    private static Path read(Path directory, int script, int backup, Path... keys) throws Exception {
        Path out = Files.createDirectory(directory.resolve("out"));
        List<String> command = new ArrayList<>(List.of(
                "python3",
                Files.writeString(directory.resolve("script.py"), script(script))
                        .toString(),
                directory.resolve("store").toString(),
                "source",
                Recovery.id(backup).value()));
        Stream.of(keys).map(Path::toString).forEach(command::add);
        command.add(out.toString());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return out;
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

    /** Deltas stand behind their bases there: what has to be equal is the documents. */
    @Test
    void readsABackupWithDeltasByTheFormatDocumentAlone(@TempDir Path directory) throws Exception {
        assumeTrue(
                succeeds("python3", "--version") && succeeds("zstd", "--version"),
                "no python3, or no zstd: that a stranger can read deltas stays unchecked");
        try (MongodServer server = MongodServer.replicaSet("orders");
                Deployment source = server.deployment("source");
                ObjectStore store = ObjectStores.directory(directory.resolve("store"));
                var recovery = new Recovery(store).deltas(new DeltaLimits(0.1, 0, 1_000));
                MongoClient client = server.client()) {
            fill(client);
            recovery.backup(source, 1);
            MongoCollection<Document> orders = client.getDatabase("shop").getCollection("orders");
            orders.deleteOne(new Document("_id", 5));
            orders.insertOne(new Document("_id", 5.0).append("text", "of another type"));
            orders.deleteOne(new Document("_id", 6));
            orders.insertOne(new Document("_id", 6.5).append("text", "new"));
            orders.updateOne(new Document("_id", 700), new Document("$set", new Document("text", "changed")));
            recovery.backup(source, 2);
            assertThat(RestoreSource.of(recovery.catalog(), "latest").segments())
                    .anyMatch(segment -> segment.delta().isPresent());

            Path out = read(directory, 2, 2);
            for (String name : new String[] {"orders", "large"}) {
                assertThat(documents(Files.readAllBytes(out.resolve("shop." + name + ".bson"))))
                        .as(name)
                        .containsExactlyInAnyOrderElementsOf(documents(asTheServerHasIt(client, name)));
            }
        }
    }

    private static List<ByteBuffer> documents(byte[] all) {
        ByteBuffer rest = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN);
        List<ByteBuffer> documents = new ArrayList<>();
        while (rest.hasRemaining()) {
            int length = rest.getInt(rest.position());
            documents.add(rest.slice(rest.position(), length));
            rest.position(rest.position() + length);
        }
        return documents;
    }

    private static String script(int number) throws IOException {
        Path root = Path.of("").toAbsolutePath();
        Path document = Files.exists(root.resolve("docs")) ? root : root.resolve("..");
        Matcher block = SCRIPT.matcher(Files.readString(document.resolve("docs/ARCHIVE_FORMAT.md")));
        for (int i = 0; i < number; i++) {
            assertThat(block.find()).isTrue();
        }
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
