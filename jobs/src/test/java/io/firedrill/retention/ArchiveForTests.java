package io.firedrill.retention;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.BackupPlan;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.Part;
import io.firedrill.archive.Segment;
import io.firedrill.archive.SegmentStore;
import io.firedrill.archive.SegmentWriter;
import io.firedrill.backup.BackupPublisher;
import io.firedrill.backup.KnownSegments;
import io.firedrill.mongo.CollectionShape;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;

/** Backups without a server: what a backup does to the store, with words for data. Each word is a segment. */
final class ArchiveForTests {
    static final String SOURCE = "source";

    private final BackupCatalog catalog;

    ArchiveForTests(ObjectStore store) {
        this.catalog = new BackupCatalog(store, SOURCE);
    }

    BackupCatalog catalog() {
        return catalog;
    }

    /** One unit for each word, in the order of a real backup: plan, parts, looks, manifest. */
    void backup(BackupId id, List<String> words) {
        KnownSegments known = KnownSegments.of(catalog);
        BackupPlan plan = plan(id, words.size());
        catalog.write(plan);
        for (int i = 0; i < words.size(); i++) {
            dump(plan, i, words.get(i), known);
        }
        finish(plan);
    }

    /** What a process does that was stopped before it sealed, and wakes up. */
    void finish(BackupId id, int units) {
        finish(plan(id, units));
    }

    /** A backup that was cut off when every part was there. */
    void leaveUnsealed(BackupId id, List<String> words) {
        BackupPlan plan = plan(id, words.size());
        catalog.write(plan);
        for (int i = 0; i < words.size(); i++) {
            dump(plan, i, words.get(i), KnownSegments.of(catalog));
        }
    }

    /** A segment of which no part tells. */
    String leaveOrphan(String word) {
        return catalog.segments()
                .put(writer(word), KnownSegments.of(catalog).byDigest())
                .sha256();
    }

    private void finish(BackupPlan plan) {
        var publisher = new BackupPublisher(catalog, () -> {});
        publisher.seal(plan);
        publisher.publish(plan, java.util.Optional.empty(), plan.id().moment());
    }

    private void dump(BackupPlan plan, int unit, String word, KnownSegments known) {
        SegmentWriter writer = writer(word);
        SegmentStore.Stored stored = catalog.segments().put(writer, known.byDigest());
        var segment = stored.segment(0, Optional.empty(), Optional.empty(), plan.at(), writer);
        catalog.write(new Part(plan.id(), plan.units().get(unit).id(), List.of(segment)));
    }

    private static SegmentWriter writer(String word) {
        var writer = new SegmentWriter();
        byte[] document = document(word);
        writer.add(document, 0, document.length);
        return writer;
    }

    private static BackupPlan plan(BackupId id, int units) {
        var shape = new CollectionShape(
                Namespace.parse("shop.orders"),
                CollectionShape.Kind.COLLECTION,
                Optional.of(new UUID(1, 2)),
                new BsonDocument(),
                List.of(),
                false);
        return new BackupPlan(
                id,
                SOURCE,
                new DeploymentIdentity("rs", "0123", List.of("a:1"), List.of("p"), "8.0", "8.0", Optional.empty()),
                new OpTime(id.moment().getEpochSecond(), 1),
                id.moment(),
                List.of(shape),
                IntStream.rangeClosed(1, units)
                        .mapToObj(number -> new BackupPlan.Unit(
                                "%06d".formatted(number),
                                List.of(new BackupPlan.Range(0, Optional.empty(), Optional.empty())),
                                1))
                        .toList(),
                List.of());
    }

    private static byte[] document(String word) {
        try (var buffer = new BasicOutputBuffer();
                var out = new BsonBinaryWriter(buffer)) {
            new BsonDocumentCodec()
                    .encode(
                            out,
                            new BsonDocument("_id", new BsonString(word)),
                            EncoderContext.builder().build());
            return buffer.toByteArray();
        }
    }

    static String sha256(String word) {
        return hex(document(word));
    }

    /** The oracle: every file that a manifest needs lies there and unpacks, by the JDK and zstd, to what it is named. */
    static List<String> requireWhole(Path root, BackupCatalog catalog) throws IOException {
        List<String> sealed = new ArrayList<>();
        for (BackupId id : catalog.ids()) {
            Path folder = root.resolve("sources/" + SOURCE + "/backups/" + id);
            if (!Files.exists(folder.resolve("manifest"))) {
                continue;
            }
            Manifest manifest = catalog.manifest(id);
            assertThat(folder.resolve("plan")).isRegularFile();
            for (Manifest.PartRef ref : manifest.parts()) {
                assertThat(folder.resolve("part/" + ref.unit())).isRegularFile();
                for (Segment segment : catalog.part(manifest, ref).segments()) {
                    requireWhole(root, segment.sha256());
                }
            }
            sealed.add(id.value());
        }
        return sealed;
    }

    private static void requireWhole(Path root, String sha256) throws IOException {
        Path file = fileOf(root, sha256);
        assertThat(file).isRegularFile();
        try (var in = new ZstdInputStreamNoFinalizer(Files.newInputStream(file))) {
            assertThat(hex(in.readAllBytes())).isEqualTo(sha256);
        }
    }

    static Path fileOf(Path root, String sha256) {
        return root.resolve("sources/" + SOURCE + "/segments/" + sha256.substring(0, 2) + "/" + sha256);
    }

    private static String hex(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static List<String> words(String letters) {
        return List.of(letters.split("", -1)).stream()
                .filter(letter -> !letter.isEmpty())
                .toList();
    }
}
