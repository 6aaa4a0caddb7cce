package io.firedrill.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoDatabase;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.bson.Document;
import org.bson.RawBsonDocument;

/**
 * What a stranger has made of a backup, to be compared with what the server says it holds.
 *
 * @param out the folder with a file for each collection, and the plan
 */
public record StrangersCopy(Path out) {
    /** Documents, options and indexes of everything, and no file besides. */
    public void requireAllOf(List<MongoDatabase> databases) throws IOException {
        var plan = new RawBsonDocument(Files.readAllBytes(out.resolve("plan.bson")));
        List<BsonValue> shapes = plan.getArray("collections");
        Set<String> files = new TreeSet<>(Set.of("plan.bson"));
        int compared = 0;
        for (MongoDatabase database : databases) {
            for (BsonDocument listed : database.listCollections(BsonDocument.class)) {
                String name = listed.getString("name").getValue();
                if (name.equals("system.views")) {
                    continue;
                }
                int position = position(shapes, database.getName(), name);
                BsonDocument shape = shapes.get(position).asDocument();
                assertThat(shape.getDocument("options")).as(name).isEqualTo(listed.getDocument("options"));
                if (listed.getString("type").getValue().equals("collection")) {
                    String file = file(database.getName(), name, position);
                    files.add(file);
                    assertThat(sorted(documents(file))).as(name).isEqualTo(sorted(documents(database, name)));
                    assertThat(shape.getArray("indexes")).as(name).isEqualTo(indexes(database, name));
                }
                compared++;
            }
        }
        assertThat(compared).isPositive().isEqualTo(shapes.size());
        assertThat(files).containsAll(files());
    }

    private static int position(List<BsonValue> shapes, String database, String name) {
        return IntStream.range(0, shapes.size())
                .filter(i -> shapes.get(i)
                        .asDocument()
                        .getString("database")
                        .getValue()
                        .equals(database))
                .filter(i ->
                        shapes.get(i).asDocument().getString("name").getValue().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("%s.%s is not in the plan".formatted(database, name)));
    }

    private static String file(String database, String name, int position) {
        String encoded = encoded(database) + "." + encoded(name);
        return (encoded.length() <= 200 ? encoded : encoded.substring(0, 200) + "~" + position) + ".bson";
    }

    /** Forms encode a little otherwise than paths. */
    private static String encoded(String name) {
        return URLEncoder.encode(name, UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }

    private static BsonArray indexes(MongoDatabase database, String name) {
        return new BsonArray(
                database.getCollection(name).listIndexes(BsonDocument.class).into(new ArrayList<>()));
    }

    private static List<ByteBuffer> sorted(List<ByteBuffer> documents) {
        return documents.stream().sorted().toList();
    }

    /** What the server gives, in the order of ids. */
    public static List<ByteBuffer> documents(MongoDatabase database, String name) {
        List<ByteBuffer> documents = new ArrayList<>();
        database.getCollection(name, RawBsonDocument.class)
                .find()
                .sort(new Document("_id", 1))
                .forEach(document -> documents.add(document.getByteBuffer().asNIO()));
        return documents;
    }

    /** What the file holds; where a collection is empty, there need be none. */
    public List<ByteBuffer> documents(String file) throws IOException {
        Path path = out.resolve(file);
        ByteBuffer rest = ByteBuffer.wrap(Files.exists(path) ? Files.readAllBytes(path) : new byte[0])
                .order(ByteOrder.LITTLE_ENDIAN);
        List<ByteBuffer> documents = new ArrayList<>();
        while (rest.hasRemaining()) {
            int length = rest.getInt(rest.position());
            documents.add(rest.slice(rest.position(), length));
            rest.position(rest.position() + length);
        }
        return documents;
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(out)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> out.relativize(file).toString())
                    .toList();
        }
    }
}
