package io.firedrill.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.json.JsonMode;
import org.bson.json.JsonWriterSettings;

/**
 * A backup in archive format 1, made once on mongod 6.0.5 from {@code archive-v1/commands.jsonl} and 300 documents like
 * those of {@link #many()}. It is never made anew: whatever later versions write, this one has to stay readable.
 *
 * <p>When it was made, {@code zstd --test} accepted each segment and {@code zstd -dc | sha256sum} gave its name.
 */
public final class FrozenArchive {
    /** What mongod's dbHash said of the source when the backup was made. */
    public static final String DB_HASH = "bb2ec22c3f9f04b9675cdb613d6b295b";

    public static final String DATABASE = "frozen";

    private static final JsonWriterSettings JSON =
            JsonWriterSettings.builder().outputMode(JsonMode.EXTENDED).build();

    private FrozenArchive() {}

    /** Copies the archive, so that no test can change it. */
    public static Path copyTo(Path directory) throws IOException {
        Path from = resource("sources");
        try (Stream<Path> files = Files.walk(from).filter(Files::isRegularFile)) {
            for (Path file : files.toList()) {
                Path to = directory
                        .resolve("sources")
                        .resolve(from.relativize(file).toString());
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
            }
        }
        return directory;
    }

    /** The documents of each collection as canonical Extended JSON, sorted; told from the commands that made them. */
    public static Map<String, List<String>> documents() throws IOException {
        Map<String, List<String>> expected = new TreeMap<>();
        for (BsonDocument command : commands()) {
            if (command.containsKey("insert")) {
                expected.put(
                        command.getString("insert").getValue(),
                        command.getArray("documents").stream()
                                .map(BsonValue::asDocument)
                                .map(FrozenArchive::json)
                                .sorted()
                                .toList());
            }
        }
        expected.put("many", many());
        return expected;
    }

    /** The indexes of each collection beside the one on {@code _id}, by name. */
    public static List<String> indexesOf(String collection) throws IOException {
        return commands().stream()
                .filter(command -> command.containsKey("createIndexes")
                        && command.getString("createIndexes").getValue().equals(collection))
                .flatMap(command -> command.getArray("indexes").stream())
                .map(index -> index.asDocument().getString("name").getValue())
                .toList();
    }

    private static List<String> many() {
        return IntStream.range(0, 300)
                .mapToObj("{\"_id\": {\"$numberInt\": \"%d\"}, \"text\": \"TEXT\"}"::formatted)
                .map(document -> document.replace("TEXT", "frozen ".repeat(100)))
                .sorted(Comparator.naturalOrder())
                .toList();
    }

    public static String json(BsonDocument document) {
        return document.toJson(JSON);
    }

    private static List<BsonDocument> commands() throws IOException {
        return Files.readAllLines(resource("commands.jsonl")).stream()
                .map(BsonDocument::parse)
                .toList();
    }

    private static Path resource(String name) {
        try {
            return Path.of(java.util.Objects.requireNonNull(FrozenArchive.class.getResource("/archive-v1/" + name))
                    .toURI());
        } catch (URISyntaxException thrown) {
            throw new UncheckedIOException(new IOException(thrown));
        }
    }
}
