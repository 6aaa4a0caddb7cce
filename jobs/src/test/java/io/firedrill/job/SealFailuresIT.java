package io.firedrill.job;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoDatabase;
import io.firedrill.archive.ArchiveKeys;
import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.Seal;
import io.firedrill.backup.Coverage;
import io.firedrill.backup.ReadGate;
import io.firedrill.backup.SealTaker;
import io.firedrill.evidence.Check;
import io.firedrill.evidence.Check.Result;
import io.firedrill.evidence.Clocks;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.RangeScan;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.TestKeys;
import io.firedrill.verify.SealComparison;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What comes in the way of a seal: it is whole, at another moment, or there is none; and who can read it. */
class SealFailuresIT {
    private static final String CANARY = "canary-7f3a";
    private static final long BYTES_TARGET = 64 << 10;
    private static final int PHOTOS = 3_000;

    private static MongodServer server;
    private static Deployment source;
    private static MongoClient client;

    @TempDir
    Path directory;

    private final Clocks clocks = Clocks.system();
    private ObjectStore store;

    @BeforeAll
    static void start() {
        server = MongodServer.replicaSet("orders");
        source = server.deployment("source");
        client = server.client();
        shop().getCollection("photos")
                .insertMany(IntStream.range(0, PHOTOS)
                        .mapToObj(i -> new Document("_id", CANARY + i).append("text", CANARY.repeat(40)))
                        .toList());
        shop().getCollection(CANARY).insertOne(new Document("_id", 1));
    }

    @AfterAll
    static void stop() {
        client.close();
        source.close();
        server.close();
    }

    @BeforeEach
    void open() {
        store = ObjectStores.directory(directory.resolve("store"));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static MongoDatabase shop() {
        return client.getDatabase("shop");
    }

    private BackupCatalog catalog() {
        return new BackupCatalog(store, "source");
    }

    private SealTaker taker(BackupCatalog catalog, int lanes, long bytesPerSecond, String... excluded) {
        var reading = new SealTaker.Reading(source, "primary", new ReadGate(lanes, bytesPerSecond, clocks.ticker()));
        return new SealTaker(
                source, reading, catalog, new Coverage(Set.of(excluded)), BYTES_TARGET, clocks.wall(), clocks.ticker());
    }

    private static Failure failed(Runnable work) {
        return catchThrowableOfType(Failure.class, work::run);
    }

    private List<Path> objects() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void aSealThatTheHistoryIsTooShortForIsNoneAndSaysWhatToDo() throws IOException {
        window(1);
        try {
            var looks = new AtomicInteger();
            Failure failure = failed(() -> taker(catalog(), 1, 0).take("test", () -> {}, bytes -> {
                if (looks.incrementAndGet() == 1) {
                    awaitForgotten(source.fence("test"));
                }
            }));
            assertThat(failure.kind()).as(failure.text()).isEqualTo(FailureKind.SOURCE_UNSUITABLE);
            assertThat(failure.text())
                    .matches(
                            ".* forgot cluster time \\d+,\\d+ while a seal was taken of it: \\d+ bytes were read, and shop\\.\\S+ not"
                                    + " to its end; the history window is 1 s");
            assertThat(failure.hint()).contains("minSnapshotHistoryWindowInSeconds", "Nothing was stored.");
            assertThat(objects()).isEmpty();
        } finally {
            window(300);
        }
    }

    private static void window(int seconds) {
        client.getDatabase("admin")
                .runCommand(new Document("setParameter", 1).append("minSnapshotHistoryWindowInSeconds", seconds));
    }

    private static void awaitForgotten(OpTime at) {
        var photos = new Namespace("shop", "photos");
        UUID uuid = new CatalogReader(source).uuids("shop").get(photos);
        var scan = new RangeScan(
                photos, java.util.Objects.requireNonNull(uuid), Optional.empty(), Optional.empty(), Optional.of(at));
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (scan.isPossible(source)) {
            // History only passes while something is written.
            source.fence("later");
            assertThat(System.nanoTime()).as("the source never forgets").isLessThan(deadline);
        }
    }

    @Test
    void aSealThatWasStoppedLeavesNothing() throws IOException {
        var looks = new AtomicInteger();
        Failure failure = failed(() -> taker(catalog(), 2, 0)
                .take(
                        "test",
                        () -> {
                            if (looks.incrementAndGet() > 20) {
                                throw new Failure(FailureKind.ABORTED, "stopped on request", "Start it again.");
                            }
                        },
                        bytes -> {}));
        assertThat(failure.text()).isEqualTo("stopped on request");
        assertThat(looks.get()).as("it was in the middle").isGreaterThan(20);
        assertThat(objects()).isEmpty();
    }

    @Test
    void aSealUnderWhichACollectionIsDroppedIsBegunAnewAtAnotherMoment() {
        shop().getCollection("zone").insertOne(new Document("_id", 1));
        var looks = new AtomicInteger();
        Seal seal = taker(catalog(), 1, 0).take("test", () -> {}, bytes -> {
            if (looks.incrementAndGet() == 1) {
                shop().getCollection("zone").drop();
            }
        });
        assertThat(seal.collections())
                .extracting(shape -> shape.namespace().toString())
                .contains("shop.photos")
                .doesNotContain("shop.zone");
        assertThat(new SealComparison(2, () -> {}, bytes -> {}).check(source, seal))
                .allMatch(check -> check.result() == Result.PASSED);
        assertThat(catalog().seals().list()).containsExactly(seal.at());
    }

    @Test
    void aSealThatIsDisturbedEachTimeNamesWhatDidIt() throws IOException {
        var attempts = new AtomicInteger();
        shop().getCollection("zone").insertOne(new Document("_id", 1));
        try {
            Failure failure = failed(() -> taker(catalog(), 1, 0).take("test", () -> {}, bytes -> {
                if (bytes > 0 && attempts.get() < 1_000) {
                    attempts.incrementAndGet();
                    shop().getCollection("zone").drop();
                    shop().getCollection("zone").insertOne(new Document("_id", 1));
                }
            }));
            assertThat(failure.kind()).isEqualTo(FailureKind.SOURCE_CHANGED);
            assertThat(failure.text()).contains("shop.zone");
            assertThat(objects()).isEmpty();
        } finally {
            shop().getCollection("zone").drop();
        }
    }

    @Test
    void aSealOfAnEncryptedStoreIsReadWithTheStoreKeyAndNotWithoutIt() throws IOException {
        TestKeys keys = TestKeys.make();
        Seal seal = taker(catalog(keys.ofBackup()), 2, 0).take("test", () -> {}, bytes -> {});
        Path file = objects().stream()
                .filter(path -> path.toString().contains("/seals/"))
                .findFirst()
                .orElseThrow();
        assertThat(Files.readString(file, ISO_8859_1))
                .startsWith("FIREDRILL seal 2\n")
                .doesNotContain(CANARY);
        assertThat(catalog(keys.ofRestore()).seals().newest().orElseThrow().ranges())
                .isEqualTo(seal.ranges());
        assertThat(failed(() -> catalog().seals().newest()).kind()).isEqualTo(FailureKind.KEY_MISSING);
        assertThat(failed(() -> catalog(TestKeys.make().ofRestore()).seals().newest())
                        .kind())
                .isEqualTo(FailureKind.KEY_WRONG);
    }

    private BackupCatalog catalog(ArchiveKeys keys) {
        return new BackupCatalog(store, "source", keys);
    }

    @Test
    void aSealThatWasChangedOrLiesUnderAnotherNameIsDamaged() throws IOException {
        Seal seal = taker(catalog(), 2, 0).take("test", () -> {}, bytes -> {});
        assertThat(catalog()
                        .seals()
                        .at(new OpTime(seal.at().seconds(), seal.at().increment() + 1)))
                .isEmpty();
        Path file = directory
                .resolve("store")
                .resolve(catalog().seals().key(seal.at()).value());
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file.resolveSibling("0000000100000002"), bytes);
        assertThat(failed(() -> catalog().seals().at(new OpTime(1, 2))).text())
                .contains("it is the seal of source 'source' at cluster time " + seal.at());
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
        Failure changed = failed(() -> catalog().seals().newest());
        assertThat(changed.kind()).isEqualTo(FailureKind.BACKUP_DAMAGED);
        assertThat(changed.text()).contains("its checksum does not match its content");
    }

    @Test
    void whatASealLeavesOutIsSaidAndProvesNothing() {
        Seal seal = taker(catalog(), 2, 0, "shop." + CANARY).take("test", () -> {}, bytes -> {});
        assertThat(seal.excluded())
                .singleElement()
                .satisfies(left -> assertThat(left.namespace()).isEqualTo("shop." + CANARY));
        List<Check> checks = new SealComparison(2, () -> {}, bytes -> {}).check(source, seal);
        assertThat(checks).extracting(Check::result).containsExactly(Result.PASSED, Result.PASSED, Result.SKIPPED);
        assertThat(checks.getLast().detail()).isEqualTo("the seal leaves them out: shop." + CANARY);
    }

    @Test
    void aSealReadsNoFasterThanItMayAndTellsWhatItCost() {
        long limit = 1_000_000;
        Seal seal = taker(catalog(), 2, limit).take("test", () -> {}, bytes -> {});
        assertThat(seal.cost().bytesRead()).isEqualTo(seal.bytes()).isGreaterThan(limit);
        assertThat(seal.cost().elapsed().toMillis()).isGreaterThan(1_000 * seal.bytes() / limit * 9 / 10);
        assertThat(seal.documents()).isEqualTo(PHOTOS + 1);
        SealTaker.Draft draft = taker(catalog(), 2, 0).draft("test");
        assertThat(draft.bytesEstimated())
                .as("the server's fast statistics, divided by the ranges")
                .isCloseTo(seal.bytes(), Percentage.withPercentage(1));
        assertThat(draft.collections()).isEqualTo(seal.collections().size());
        assertThat(catalog().seals().list()).as("a draft is none").containsExactly(seal.at());
    }
}
