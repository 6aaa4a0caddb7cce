package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.archive.Manifest;
import io.firedrill.evidence.Outcome;
import io.firedrill.mongo.Deployment;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.Kind;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Oracle;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every kind of collection, backed up and restored once: what the two servers say of each must be equal. The matrix goes
 * into a file that scripts/test prints.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KindsIT {
    private static final String ROW = "  %-22s %11s  %s";
    private static final List<String> MATRIX = Collections.synchronizedList(new ArrayList<>());

    @TempDir
    private static Path directory;

    private static MongodServer source;
    private static MongodServer staging;
    private static Ended restored;
    private static Manifest manifest;

    @BeforeAll
    static void backUpAndRestore() {
        source = MongodServer.replicaSet("source");
        staging = MongodServer.replicaSet("staging");
        try (MongoClient client = source.client()) {
            for (Kind kind : Kind.values()) {
                kind.make(client);
            }
        }
        try (var recovery = new Recovery(ObjectStores.directory(directory.resolve("store")));
                Deployment from = source.deployment("source");
                Deployment to = staging.deployment("staging")) {
            manifest = recovery.backup(from, 1);
            restored = recovery.restore(to, "latest", "r1");
        }
    }

    @AfterAll
    static void stop() throws IOException {
        source.close();
        staging.close();
        Path file = Path.of("target", "matrices", "kinds.txt");
        Files.createDirectories(file.getParent());
        List<String> lines = new ArrayList<>(List.of(
                "  kinds of collection   source = restored, by the servers' own word; buckets byte by byte",
                ROW.formatted("", "collections", Oracle.Comparison.heads())));
        lines.addAll(MATRIX.stream().sorted().toList());
        Files.write(file, lines);
    }

    @Test
    void theRestoreIsProvenByItsOwnDigests() {
        assertThat(restored.failure()).isNull();
        assertThat(restored.record().outcome()).isEqualTo(Outcome.PASSED);
        assertThat(restored.record().documents()).isEqualTo(manifest.totals().documents());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void comesBackAsTheServerSaysItWas(Kind kind) {
        List<Oracle.Comparison> compared = kind.databases().stream()
                .map(database -> Oracle.compare(source, staging, database))
                .toList();
        MATRIX.add(ROW.formatted(
                kind.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                compared.stream().mapToInt(Oracle.Comparison::collections).sum(),
                Oracle.Comparison.words(compared)));

        assertThat(compared).allSatisfy(one -> {
            assertThat(one.collections()).isPositive();
            assertThat(one.content()).as("dbHash and buckets").isEmpty();
            assertThat(one.definitions()).as("listCollections").isEmpty();
            assertThat(one.indexes()).as("listIndexes").isEmpty();
        });
    }

    /** Equal is also what nothing was compared of. */
    @Test
    void theBucketsOfTimeSeriesAreAmongWhatWasCompared() {
        List<String> buckets = List.of("system.buckets.weather", "system.buckets.bare", "system.buckets.empty");
        Oracle.Comparison compared =
                Oracle.compare(source, staging, Kind.TIME_SERIES.databases().getFirst());

        assertThat(compared.digested()).containsAll(buckets);
        assertThat(compared.read()).containsExactlyInAnyOrderElementsOf(buckets);
    }

    @Test
    void measurementsAreReadOutOfTheBucketsAsBefore() {
        assertThat(all(staging, Kind.TIME_SERIES, "weather")).isEqualTo(all(source, Kind.TIME_SERIES, "weather"));
        assertThat(all(staging, Kind.TIME_SERIES, "above")).isEqualTo(all(source, Kind.TIME_SERIES, "above"));
    }

    @Test
    void aCappedCollectionStaysASequence() {
        assertThat(all(staging, Kind.CAPPED, "ring")).isEqualTo(all(source, Kind.CAPPED, "ring"));
        assertThat(all(staging, Kind.CAPPED, "few")).isEqualTo(all(source, Kind.CAPPED, "few"));
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void cleaningLeavesNothingOfAnyKind() {
        try (Deployment to = staging.deployment("staging");
                MongoClient client = staging.client()) {
            new StagingCleaner(to, new StagingMarker(to)).clean();

            assertThat(client.listDatabaseNames()).containsExactlyInAnyOrder("admin", "config", "local");
        }
    }

    private static List<Document> all(MongodServer server, Kind kind, String collection) {
        try (MongoClient client = server.client()) {
            List<Document> found = client.getDatabase(kind.databases().getFirst())
                    .getCollection(collection)
                    .find()
                    .into(new ArrayList<>());
            assertThat(found).isNotEmpty();
            return found;
        }
    }
}
