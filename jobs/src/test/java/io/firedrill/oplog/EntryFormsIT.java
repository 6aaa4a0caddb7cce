package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.OplogSpan;
import io.firedrill.archive.SegmentStore;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.EntryForm;
import io.firedrill.testing.LoadedCopy;
import io.firedrill.testing.MongoServers;
import io.firedrill.testing.Oracle;
import io.firedrill.verify.ShapeComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every form of oplog entry, written by a real server and replayed into a copy: what the two servers then say of themselves
 * must be equal. The copy is made with no more rights than docs/OPERATIONS.md asks for. The table goes into a file that scripts/test prints.
 */
class EntryFormsIT {
    private static final List<EntryForm> FORMS = EntryForm.all();
    private static final String ROW = "  %-26s %8s  %s";
    private static final List<String> TABLE = Collections.synchronizedList(new ArrayList<>());
    private static final Map<EntryForm, Integer> ENTRIES = new HashMap<>();

    @TempDir
    private static Path directory;

    private static MongoServers servers;
    private static List<CollectionShape> shapes;

    @BeforeAll
    static void replayAll() {
        servers = MongoServers.startedFor("firedrillReplay");
        try (MongoClient client = servers.sourceServer().client();
                ObjectStore store = ObjectStores.directory(directory.resolve("store"))) {
            FORMS.forEach(form -> form.prepare().accept(client, client.getDatabase(form.database())));
            LoadedCopy copy = LoadedCopy.of(servers).load(servers);
            OpTime begin = copy.at();
            for (EntryForm form : FORMS) {
                form.write().accept(client, client.getDatabase(form.database()));
            }
            OpTime end = servers.source().fence("end");
            SegmentStore slices = new BackupCatalog(store, "source").oplog(LoadedCopy.ID);
            OplogSpan span = new OplogCapture(servers.source(), slices, 1 << 20, () -> {}).capture(begin, end);
            ReplayScope scope = copy.scope();
            new OplogReplay(List.of(new OplogLog(slices, span)), end, scope, () -> {})
                    .into(servers.target(), 2, bytes -> {});
            scope.requireCounts(servers.target());
            shapes = scope.shapes();
            copy.index(scope);
            FORMS.forEach(form -> ENTRIES.put(form, entries(client, form, begin)));
        }
    }

    /** The user's own, by the source's oplog: those in a transaction count as one. */
    private static int entries(MongoClient client, EntryForm form, OpTime after) {
        var named = new Document("$regex", "^" + form.database() + "(_other)?\\.");
        var about = List.of(new Document("ns", named), new Document("o.applyOps.ns", named));
        return (int) client.getDatabase("local")
                .getCollection("oplog.rs")
                .countDocuments(new Document("ts", new Document("$gt", after.timestamp())).append("$or", about));
    }

    @AfterAll
    static void stop() throws IOException {
        servers.close();
        Path file = Path.of("target", "matrices", "entry-forms.txt");
        Files.createDirectories(file.getParent());
        List<String> lines = new ArrayList<>(List.of(
                "  forms of oplog entries     source = replayed, by the servers' own word; buckets byte by byte",
                ROW.formatted("", "entries", Oracle.Comparison.heads())));
        lines.addAll(TABLE.stream().sorted().toList());
        Files.write(file, lines);
    }

    static List<EntryForm> forms() {
        return FORMS;
    }

    @ParameterizedTest
    @MethodSource("forms")
    void isReplayedToWhatTheServerSaysItIs(EntryForm form) {
        List<Oracle.Comparison> compared = form.databases().stream()
                .map(database -> Oracle.compare(servers.sourceServer(), servers.targetServer(), database))
                .toList();
        TABLE.add(ROW.formatted(form.name(), ENTRIES.get(form), Oracle.Comparison.words(compared)));

        assertThat(ENTRIES.get(form)).as("entries").isPositive();
        assertThat(compared).anySatisfy(one -> assertThat(one.collections()).isPositive());
        assertThat(compared).allSatisfy(one -> {
            assertThat(one.content()).as("dbHash and buckets").isEmpty();
            assertThat(one.definitions()).as("listCollections").isEmpty();
            assertThat(one.indexes()).as("listIndexes").isEmpty();
        });
    }

    /** What the record of a restore is compared with must be what the source lists. */
    @Test
    void theReplaysOwnCatalogIsTheSources() {
        Map<Namespace, String> differences =
                ShapeComparison.differences(shapes, new CatalogReader(servers.source()).read());

        assertThat(new TreeMap<>(differences)).isEmpty();
    }

    @Test
    void theReplaysOwnCatalogKnowsTheSourcesIdentities() {
        assertThat(shapes)
                .isNotEmpty()
                .allSatisfy(shape -> assertThat(shape.uuid())
                        .isEqualTo(new CatalogReader(servers.source())
                                .read(shape.namespace().database()).stream()
                                        .filter(other -> other.namespace().equals(shape.namespace()))
                                        .findFirst()
                                        .flatMap(CollectionShape::uuid)));
    }
}
