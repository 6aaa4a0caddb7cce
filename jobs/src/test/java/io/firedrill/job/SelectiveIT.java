package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.archive.Part;
import io.firedrill.archive.Segment;
import io.firedrill.archive.Selection;
import io.firedrill.evidence.Outcome;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.restore.RestoreSource;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.Fixtures;
import io.firedrill.testing.Kind;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import io.firedrill.testing.ServersWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Restores of a part of a backup, and under other names; what the two servers say of them is the oracle. */
class SelectiveIT {
    private static final String SERIES = Kind.TIME_SERIES.databases().getFirst();

    private static MongodServer sourceServer;
    private static MongodServer stagingServer;
    private static ServersWord original;
    private static ServersWord restored;
    private static Deployment source;
    private static Deployment staging;

    @TempDir
    private static Path directory;

    private static ObjectStore store;
    private Recovery recovery;

    @BeforeAll
    static void backUp() {
        sourceServer = MongodServer.replicaSet("source");
        stagingServer = MongodServer.replicaSet("staging");
        original = new ServersWord(sourceServer);
        restored = new ServersWord(stagingServer);
        source = sourceServer.deployment("source");
        staging = stagingServer.deployment("staging");
        try (MongoClient client = sourceServer.client()) {
            Fixtures.everything(client);
            Kind.TIME_SERIES.make(client);
            Kind.STORED_FUNCTIONS.make(client);
            client.getDatabase("admin")
                    .runCommand(Document.parse("{createUser: 'clerk', pwd: 'a-clerks-password', roles: []}"));
        }
        store = ObjectStores.directory(directory.resolve("store"));
        try (var first = new Recovery(store)) {
            first.backup(source, 1);
        }
    }

    @AfterAll
    static void stop() {
        store.close();
        source.close();
        staging.close();
        sourceServer.close();
        stagingServer.close();
    }

    @BeforeEach
    void open() {
        recovery = new Recovery(store);
    }

    @AfterEach
    void clean() {
        var marker = new StagingMarker(staging);
        if (marker.read().isPresent()) {
            new StagingCleaner(staging, marker).clean();
        }
        restored.dropAll();
        recovery.close();
    }

    @Test
    void whatIsSelectedComesBackAsTheServerSaysItWasAndNothingElse() {
        select("--include", "shop", "--include", SERIES + ".weather", "--exclude", "shop.places");
        Ended ended = recovery.restore(staging, "latest", "r1");

        assertThat(ended.failure()).isNull();
        Map<String, String> expected = original.digests("shop");
        assertThat(expected.remove("places")).isNotNull();
        assertThat(restored.digests("shop")).isEqualTo(expected);
        for (String collection : expected.keySet()) {
            assertThat(restored.indexes("shop", collection))
                    .as(collection)
                    .isEqualTo(original.indexes("shop", collection));
        }
        assertThat(restored.buckets(SERIES, "weather")).isEqualTo(original.buckets(SERIES, "weather"));
        assertThat(restored.names()).contains("shop.orders", SERIES + ".weather", SERIES + ".system.buckets.weather");
        assertThat(restored.names())
                .allMatch(name -> name.startsWith("shop.") || name.matches(SERIES + "\\.(system\\..*|weather)"))
                .doesNotContain(SERIES + ".bare", "shop.places");
    }

    @Test
    void theRecordSaysWhatWasLeftOutAndThatThisIsNoProofOfTheWhole() {
        select("--include", "shop.orders", "--include", "shop.recent", "--rename", "shop=copy");
        Ended ended = recovery.restore(staging, "latest", "r1");

        JsonNode record = ended.record().json();
        assertThat(ended.record().outcome()).isEqualTo(Outcome.PASSED);
        assertThat(ended.record().verdict()).isEqualTo("PROVEN IN PART");
        assertThat(ended.record().isPartial()).isTrue();
        Set<String> leftOut = new HashSet<>(original.names());
        leftOut.removeIf(name -> name.endsWith(".system.views"));
        leftOut.removeAll(List.of("shop.orders", "shop.recent"));
        assertThat(record.at("/scope/excluded")
                        .valueStream()
                        .filter(each -> each.path("reason").asString().contains("--include or --exclude"))
                        .map(each -> each.path("namespace").asString()))
                .containsExactlyInAnyOrderElementsOf(leftOut);
        assertThat(record.at("/scope/included").toString()).isEqualTo("[\"copy.orders\",\"copy.recent\"]");
        assertThat(record.at("/scope/renamed").toString())
                .isEqualTo("[{\"from\":\"shop.orders\",\"to\":\"copy.orders\"},"
                        + "{\"from\":\"shop.recent\",\"to\":\"copy.recent\"}]");
        assertThat(record.at("/verification/notTested").toString())
                .contains("%d collections and views".formatted(leftOut.size()), "no proof of the whole");
        assertThat(check(record, "content").path("population").asLong())
                .isEqualTo(segments(Set.of("shop.orders")).size());
        assertThat(check(record, "definitions").path("population").asInt()).isEqualTo(2);
    }

    @Test
    void aDatabaseComesBackUnderAnotherNameAndIsProvenAsAWhole() {
        select("--rename", "shop=shop_copy", "--rename", SERIES + "=wx", "--rename", "odd.every*=odd2.all*");
        Ended ended = recovery.restore(staging, "latest", "r1");

        assertThat(ended.failure()).isNull();
        assertThat(ended.record().verdict()).isEqualTo("PROVEN");
        assertThat(restored.digestsButViews("shop_copy")).isEqualTo(original.digestsButViews("shop"));
        assertThat(restored.definitions("shop_copy")).isEqualTo(original.definitions("shop"));
        assertThat(restored.definitions("wx")).isEqualTo(original.definitions(SERIES));
        assertThat(restored.buckets("wx", "weather")).isEqualTo(original.buckets(SERIES, "weather"));
        assertThat(restored.documents("wx", "above")).isEqualTo(original.documents(SERIES, "above"));
        assertThat(restored.digests("odd2").get("all type"))
                .isNotNull()
                .isEqualTo(original.digests("odd").get("every type"));
        assertThat(restored.names()).noneMatch(name -> name.startsWith("shop.") || name.startsWith(SERIES));
    }

    @Test
    void aCollectionComesBackUnderAnotherName() {
        recovery.selecting(Selection.of(
                List.of("shop", SERIES),
                List.of("shop.recent", SERIES + ".above"),
                List.of("shop.orders=shop.orders2", "shop.places=spots.here", SERIES + ".weather=" + SERIES + ".wx")));
        Ended ended = recovery.restore(staging, "latest", "r1");

        assertThat(ended.failure()).isNull();
        Map<String, String> expected = original.digestsButViews("shop");
        expected.put("orders2", String.valueOf(expected.remove("orders")));
        String places = String.valueOf(expected.remove("places"));
        assertThat(restored.digestsButViews("shop")).isEqualTo(expected);
        assertThat(restored.digests("spots")).isEqualTo(Map.of("here", places));
        assertThat(restored.indexes("spots", "here")).isEqualTo(original.indexes("shop", "places"));
        assertThat(restored.indexes("shop", "orders2")).isEqualTo(original.indexes("shop", "orders"));
        assertThat(restored.indexes(SERIES, "wx")).isEqualTo(original.indexes(SERIES, "weather"));
        assertThat(restored.buckets(SERIES, "wx")).isEqualTo(original.buckets(SERIES, "weather"));
        assertThat(restored.documents(SERIES, "wx")).isEqualTo(original.documents(SERIES, "weather"));
        assertThat(restored.names()).doesNotContain("shop.orders", SERIES + ".system.buckets.weather");
    }

    @Test
    void onlyWhatIsNeededIsReadSoThatADamagedBackupGivesWhatItCan(@TempDir Path other) throws IOException {
        copy(directory.resolve("store"), other);
        Set<String> needed = segments(Set.of("shop.orders"));
        try (Stream<Path> files = Files.walk(other.resolve("sources/source/segments"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (!needed.contains(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
        try (ObjectStore damaged = ObjectStores.directory(other);
                var some = new Recovery(damaged)) {
            some.selecting(Selection.of(List.of("shop.orders"), List.of(), List.of()));
            Ended ended = some.restore(staging, "latest", "r1");
            assertThat(ended.failure()).isNull();
            assertThat(restored.digests("shop"))
                    .isEqualTo(Map.of(
                            "orders", String.valueOf(original.digests("shop").get("orders"))));
            new StagingCleaner(staging, new StagingMarker(staging)).clean();
            Ended whole = some.selecting(Selection.EVERYTHING).restore(staging, "latest", "r2");
            assertThat(kindOf(whole)).isEqualTo(FailureKind.BACKUP_DAMAGED);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "shop.order|-|-|matches nothing",
                "shop.orders|shop|-|leaves nothing",
                "-|-|shop.orders=shop.places|would both be restored as shop.places",
                "-|-|shop.orders=shop.old|shop.recent names shop.orders",
                "-|-|shop=admin|cannot be renamed to admin.",
                "-|-|shop.none=shop.some|matches nothing"
            })
    void whatMakesNoSenseIsRefusedBeforeTheFirstWrite(String include, String exclude, String renaming, String message) {
        recovery.selecting(Selection.of(list(include), list(exclude), list(renaming)));
        Ended ended = recovery.restore(staging, "latest", "r1");

        assertThat(kindOf(ended)).isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(String.valueOf(ended.failure())).contains(message);
        assertThat(ended.record().outcome()).isEqualTo(Outcome.FAILED);
        try (MongoClient client = stagingServer.client()) {
            assertThat(client.listDatabaseNames()).containsExactlyInAnyOrder("admin", "config", "local");
        }
    }

    @Test
    void aRestoreGoesOnWithItsOwnSelectionOnly() {
        select("--include", "shop", "--exclude", "shop.places");
        var marker = new StagingMarker(staging);
        recovery.stopWhen(() -> !marker.unitsDone().isEmpty());
        assertThat(recovery.restore(staging, "latest", "r1").failure()).isNotNull();
        assertThat(marker.read().orElseThrow().state()).isEqualTo(StagingMarker.State.LOADING);
        recovery.stopWhen(() -> false);

        for (Selection other : List.of(
                Selection.EVERYTHING,
                Selection.of(List.of("shop"), List.of(), List.of()),
                Selection.of(List.of("shop"), List.of("shop.places"), List.of("shop=copy")))) {
            Ended refused = recovery.selecting(other).restore(staging, "latest", "r1");
            assertThat(kindOf(refused)).isEqualTo(FailureKind.TARGET_REFUSED);
            assertThat(String.valueOf(refused.failure()))
                    .contains("--include shop.* --exclude shop.places instead of " + other);
        }
        select("--include", "shop", "--exclude", "shop.places");
        Ended ended = recovery.restore(staging, "latest", "r1");
        assertThat(ended.failure()).isNull();
        Map<String, String> expected = original.digests("shop");
        expected.remove("places");
        assertThat(restored.digests("shop")).isEqualTo(expected);
    }

    @Test
    void whatWasNotSelectedButIsThereAllTheSameIsADifference() {
        select("--include", "shop.orders");
        var once = new AtomicBoolean();
        recovery.stopWhen(() -> {
            if (restored.names().contains("shop.orders") && !once.getAndSet(true)) {
                try (MongoClient client = stagingServer.client()) {
                    client.getDatabase("shop").createCollection("places");
                }
            }
            return false;
        });
        Ended ended = recovery.restore(staging, "latest", "r1");

        assertThat(kindOf(ended)).isEqualTo(FailureKind.VERIFICATION_FAILED);
        assertThat(String.valueOf(ended.failure())).contains("shop.places should not be there");
    }

    @Test
    void usersComeWithASelectionWhenTheyAreAskedFor() {
        select("--include", "shop.orders", "--rename", "shop=copy");
        Ended ended = recovery.restoreWithUsers(staging, "latest", "r1");

        assertThat(ended.failure()).isNull();
        assertThat(check(ended.record().json(), "users").path("result").asString())
                .isEqualTo("PASSED");
        assertThat(ended.record().json().at("/verification/notTested").toString())
                .contains("they name databases as the source did");
        try (MongoClient client = stagingServer.client()) {
            assertThat(client.getDatabase("admin")
                            .getCollection("system.users")
                            .countDocuments(new Document("user", "clerk")))
                    .isOne();
        }
    }

    @Test
    void aDrillOfAPartLeavesNothingBehind() {
        select("--include", Kind.STORED_FUNCTIONS.databases().getFirst(), "--rename", "kind_*=copy_*");
        Ended ended = recovery.drill(staging, "latest", "d1");

        assertThat(ended.failure()).isNull();
        assertThat(ended.record().verdict()).isEqualTo("PROVEN IN PART");
        try (MongoClient client = stagingServer.client()) {
            assertThat(client.listDatabaseNames()).containsExactlyInAnyOrder("admin", "config", "local");
        }
    }

    /** As one would type it. */
    private void select(String... arguments) {
        Map<String, List<String>> given = new TreeMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            given.computeIfAbsent(arguments[i], option -> new ArrayList<>()).add(arguments[i + 1]);
        }
        recovery.selecting(Selection.of(
                given.getOrDefault("--include", List.of()),
                given.getOrDefault("--exclude", List.of()),
                given.getOrDefault("--rename", List.of())));
    }

    private static List<String> list(@org.jspecify.annotations.Nullable String text) {
        return text == null ? List.of() : List.of(text);
    }

    private Set<String> segments(Set<String> collections) {
        RestoreSource whole = RestoreSource.of(recovery.catalog(), "latest");
        Set<String> found = new HashSet<>();
        for (String unit : whole.units()) {
            Part part = whole.part(unit);
            for (Segment segment : part.segments()) {
                String name = whole.plan()
                        .collections()
                        .get(segment.collection())
                        .namespace()
                        .toString();
                if (collections.contains(name)) {
                    found.add(segment.sha256());
                }
            }
        }
        assertThat(found).isNotEmpty();
        return found;
    }

    private static JsonNode check(JsonNode record, String id) {
        return record.at("/verification/checks")
                .valueStream()
                .filter(check -> check.path("id").asString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    private static FailureKind kindOf(Ended ended) {
        return Failure.in(ended.failure()).map(Failure::kind).orElseThrow(() -> new AssertionError(ended.failure()));
    }
}
