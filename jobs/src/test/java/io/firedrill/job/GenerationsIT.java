package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.Manifest;
import io.firedrill.archive.Segment;
import io.firedrill.mongo.Deployment;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten generations of one collection that grows, shrinks and changes: the bounds of the last backup are used again, split
 * and merged, what did not change is not stored again, and every generation restores to what it was.
 */
class GenerationsIT {
    /** As {@link Recovery} has them. */
    private static final int TARGET = 64 << 10;

    private static final int MAX = 128 << 10;
    private static final int BYTES_A_DOCUMENT = 1_000;

    private static MongodServer source;
    private static MongodServer staging;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final List<String> table = new ArrayList<>();

    @BeforeAll
    static void start() {
        source = MongodServer.replicaSet("orders");
        staging = MongodServer.replicaSet("practice");
    }

    @AfterAll
    static void stop() {
        source.close();
        staging.close();
    }

    private record Generation(String name, Consumer<MongoCollection<Document>> change, Consumer<Outcome> promise) {}

    /**
     * What a backup of one generation came to.
     *
     * @param before segments of the generation before it, by digest
     * @param now its own segments, in order
     */
    private record Outcome(List<Segment> before, List<Segment> now, Manifest.Totals totals) {
        /** Segments that were there already, byte for byte. */
        long kept() {
            return now.stream()
                    .filter(segment -> known().contains(segment.sha256()))
                    .count();
        }

        /** Segments with documents that were not there. */
        long fresh() {
            return now.stream()
                    .filter(segment -> segment.documents() > 0 && !known().contains(segment.sha256()))
                    .count();
        }

        private Set<String> known() {
            return before.stream().map(Segment::sha256).collect(Collectors.toSet());
        }
    }

    private List<Generation> generations() {
        return List.of(
                new Generation("filled", all -> insert(all, 0, 3_000), first -> {}),
                new Generation("unchanged", all -> {}, same -> {
                    assertThat(same.totals().bytesUploaded()).isZero();
                    assertThat(same.fresh()).isZero();
                }),
                new Generation("appended to", all -> insert(all, 3_000, 3_600), appended -> {
                    // All but the last segment stay, whose range is where the new documents came.
                    assertThat(appended.kept())
                            .isGreaterThanOrEqualTo(appended.before().size() - 1);
                }),
                new Generation("ten documents updated", all -> update(all, 10), updated -> {
                    assertThat(updated.fresh()).isBetween(1L, 10L);
                }),
                new Generation("grown in the middle", all -> insertBetween(all, 1_000, 1_100, 1_500), grown -> {
                    assertThat(grown.fresh()).isLessThan(grown.now().size() / 2);
                }),
                new Generation("a block deleted", all -> all.deleteMany(between(500, 2_500)), shrunk -> {
                    assertThat(shrunk.fresh()).as("the two edges").isLessThanOrEqualTo(2);
                }),
                // Bounds are fixed before anything is read: what has become empty is merged one backup later.
                new Generation("unchanged, merged", all -> {}, merged -> {
                    assertThat(merged.now()).hasSizeLessThan(merged.before().size() * 2 / 3);
                    assertThat(merged.fresh()).isLessThanOrEqualTo(2);
                }),
                new Generation("nine of ten deleted", GenerationsIT::thinOut, thinned -> {}),
                new Generation("grown fivefold", all -> insert(all, 4_000, 9_000), grown -> {
                    assertThat(grown.now())
                            .hasSizeGreaterThan(2 * grown.before().size());
                }),
                new Generation("unchanged at the end", all -> {}, same -> {
                    assertThat(same.totals().bytesUploaded()).isZero();
                }));
    }

    @Test
    void everyGenerationIsCutWellStoresOnlyWhatIsNewAndRestoresToWhatItWas(@TempDir Path directory) {
        System.out.println("ten generations, seed " + seed);
        try (ObjectStore store = ObjectStores.directory(directory);
                var recovery = new Recovery(store);
                MongoClient client = source.client();
                Deployment from = source.deployment("source");
                Deployment to = staging.deployment("staging")) {
            MongoCollection<Document> all = client.getDatabase("shop").getCollection("orders");
            List<Segment> before = List.of();
            int number = 0;
            for (Generation generation : generations()) {
                generation.change().accept(all);
                Manifest manifest = recovery.backup(from, ++number);
                List<Segment> now = segments(recovery.catalog(), manifest);
                var outcome = new Outcome(before, now, manifest.totals());
                table.add("%-24s %5d segments, %5d kept, %9d bytes raw, %8d uploaded"
                        .formatted(
                                generation.name(),
                                now.size(),
                                outcome.kept(),
                                manifest.totals().bytesRaw(),
                                manifest.totals().bytesUploaded()));
                assertThat(outcome).as(this::told).satisfies(generation.promise(), this::isCutWell);
                requireRestores(recovery, to, manifest);
                before = now;
            }
        }
        System.out.println(told());
    }

    private String told() {
        return "seed %d%n%s".formatted(seed, String.join("\n", table));
    }

    /** None too large for a lane's memory, and not so many small ones that requests cost more than bytes. */
    private void isCutWell(Outcome outcome) {
        assertThat(outcome.now())
                .allSatisfy(segment -> assertThat(segment.bytesRaw()).isLessThanOrEqualTo(MAX));
        long bytes = Math.max(bytes(outcome.before()), bytes(outcome.now()));
        assertThat((long) outcome.now().size()).isLessThanOrEqualTo(2 + 4 * bytes / TARGET);
        Set<String> bounds = new TreeSet<>();
        outcome.now().forEach(segment -> segment.min().ifPresent(min -> bounds.add(min.toJson())));
        assertThat(bounds)
                .as("distinct lower bounds; the first segment has none")
                .hasSize(outcome.now().size() - 1);
    }

    private static long bytes(List<Segment> segments) {
        return segments.stream().mapToLong(Segment::bytesRaw).sum();
    }

    private static void requireRestores(Recovery recovery, Deployment to, Manifest manifest) {
        String id = manifest.id().value();
        var ended = recovery.restore(to, id, "restore-" + id);
        assertThat(ended.failure()).as(id).isNull();
        assertThat(staging.dbHash("shop")).as(id).isEqualTo(source.dbHash("shop"));
        new StagingCleaner(to, new StagingMarker(to)).clean();
    }

    /** The segments of the collection, in the order of their ranges. */
    private static List<Segment> segments(BackupCatalog catalog, Manifest manifest) {
        var plan = catalog.plan(manifest);
        return manifest.parts().stream()
                .flatMap(ref -> catalog.part(manifest, ref).segments().stream())
                .filter(segment -> plan.collections()
                        .get(segment.collection())
                        .namespace()
                        .toString()
                        .equals("shop.orders"))
                .toList();
    }

    private void insert(MongoCollection<Document> all, int from, int until) {
        all.insertMany(
                IntStream.range(from, until).mapToObj(i -> document((double) i)).toList());
    }

    /** Between two ids, at random places: what a collection with random ids does all over. */
    private void insertBetween(MongoCollection<Document> all, int from, int until, int count) {
        all.insertMany(random.doubles(count, from + 0.001, until)
                .distinct()
                .mapToObj(this::document)
                .toList());
    }

    private Document document(double id) {
        byte[] text = new byte[BYTES_A_DOCUMENT * 3 / 4];
        random.nextBytes(text);
        return new Document("_id", id).append("text", Base64.getEncoder().encodeToString(text));
    }

    private void update(MongoCollection<Document> all, int count) {
        random.ints(count, 0, 3_000)
                .forEach(id -> all.updateOne(Filters.eq((double) id), Updates.set("changed", random.nextLong())));
    }

    private static void thinOut(MongoCollection<Document> all) {
        all.deleteMany(Filters.and(Filters.lt("_id", 10_000), Filters.not(Filters.mod("_id", 10, 0))));
    }

    private static Bson between(int from, int until) {
        return Filters.and(Filters.gte("_id", from), Filters.lt("_id", until));
    }
}
