package io.firedrill.restore;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.Segment;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.FrozenArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.RawBsonDocument;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archive format 1 stays readable for ever: a backup made long ago is read in full and compared with what went in. */
class FrozenArchiveTest {
    @TempDir
    Path directory;

    private ObjectStore store;
    private RestoreSource source;

    @BeforeEach
    void open() throws IOException {
        store = ObjectStores.directory(FrozenArchive.copyTo(directory));
        source = RestoreSource.of(new BackupCatalog(store, "source"), "latest");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void everyObjectIsSound() {
        assertThat(source.manifest().totals().segments()).isEqualTo(9);
        assertThat(source.units().stream()
                        .mapToLong(unit -> source.check(unit, bytes -> {}))
                        .sum())
                .as("parts and segments")
                .isEqualTo(4 + 9);
    }

    @Test
    void everyDocumentIsWhatWentIn() throws IOException {
        Map<String, List<String>> found = new TreeMap<>();
        for (String unit : source.units()) {
            for (Segment segment : source.part(unit).segments()) {
                List<String> documents = found.computeIfAbsent(
                        source.plan()
                                .collections()
                                .get(segment.collection())
                                .namespace()
                                .collection(),
                        name -> new ArrayList<>());
                source.fetch(segment)
                        .forEachDocument((bytes, offset, length) ->
                                documents.add(FrozenArchive.json(new RawBsonDocument(bytes, offset, length))));
            }
        }
        found.values().forEach(Collections::sort);
        assertThat(found.remove("empty")).isEmpty();
        assertThat(found).isEqualTo(FrozenArchive.documents());
    }

    @Test
    void everyDefinitionIsWhatWentIn() throws IOException {
        assertThat(source.plan().collections())
                .extracting(shape -> shape.namespace().collection())
                .containsExactly("checked", "collated", "empty", "many", "places", "seen", "types");
        assertThat(shape("places").indexes().stream()
                        .map(index -> index.getString("name").getValue())
                        .filter(name -> !name.equals("_id_")))
                .hasSize(9)
                .containsExactlyElementsOf(FrozenArchive.indexesOf("places"));
        assertThat(shape("seen").isView()).isTrue();
        assertThat(shape("collated").isCollated()).isTrue();
        assertThat(FrozenArchive.json(shape("checked").options()))
                .isEqualTo("{\"validator\": {\"n\": {\"$type\": \"int\"}}, \"validationLevel\": \"moderate\","
                        + " \"validationAction\": \"warn\"}");
    }

    private CollectionShape shape(String name) {
        return source.plan().collections().stream()
                .filter(shape -> shape.namespace().collection().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
