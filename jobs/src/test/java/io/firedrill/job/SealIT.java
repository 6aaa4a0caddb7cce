package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.Seal;
import io.firedrill.backup.Coverage;
import io.firedrill.backup.ReadGate;
import io.firedrill.backup.SealTaker;
import io.firedrill.evidence.Check;
import io.firedrill.evidence.Check.Result;
import io.firedrill.evidence.Clocks;
import io.firedrill.mongo.Deployment;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.EveryWrite;
import io.firedrill.testing.Follower;
import io.firedrill.testing.Kind;
import io.firedrill.testing.MoneyMover;
import io.firedrill.testing.MongodServer;
import io.firedrill.verify.SealComparison;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A seal is what the source held at its moment, though the source is written in every way meanwhile. What that was, the
 * source's own oplog says: another mongod applied it from its first entry up to there. And whatever differs is named.
 */
class SealIT {
    private static final int ROUNDS = 3;
    private static final long BYTES_TARGET = 64 << 10;
    private static final List<Kind> KINDS =
            List.of(Kind.CAPPED, Kind.CLUSTERED, Kind.TIME_SERIES, Kind.VIEWS, Kind.COLLATIONS, Kind.VALIDATORS);

    @TempDir
    Path directory;

    @Test
    void aSealIsTheSourceAtItsMomentAndWhateverDiffersIsNamed() {
        long seed = System.nanoTime();
        try (MongodServer sourceServer = MongodServer.replicaSet("source");
                var follower = new Follower(sourceServer);
                Deployment source = sourceServer.deployment("source");
                Deployment copy = follower.server().deployment("staging");
                ObjectStore store = ObjectStores.directory(directory);
                MoneyMover money = new MoneyMover(sourceServer, seed).filled();
                EveryWrite writes = new EveryWrite(sourceServer, seed).filled()) {
            try (MongoClient client = sourceServer.client()) {
                KINDS.forEach(kind -> kind.make(client));
            }
            money.started();
            writes.started();
            var catalog = new BackupCatalog(store, "source");
            for (int round = 1; round <= ROUNDS; round++) {
                String which = "round %d with seed %d".formatted(round, seed);
                long before = money.transfers();
                Seal seal = take(source, catalog);
                assertThat(money.transfers()).as(which).isGreaterThan(before);
                Seal stored = catalog.seals().newest().orElseThrow();
                assertThat(stored.at()).as(which).isEqualTo(seal.at());
                assertThat(stored.ranges().equals(seal.ranges())).as(which).isTrue();
                follower.advance(seal.at());
                List<Check> checks = compare(copy, stored);
                assertThat(checks)
                        .as(which)
                        .hasSize(2)
                        .allSatisfy(check -> assertThat(check.detail()).isEmpty())
                        .allSatisfy(check -> assertThat(check.result()).isEqualTo(Result.PASSED))
                        .allSatisfy(check -> assertThat(check.matched()).isEqualTo(check.population()));
                assertThat(documentsOf(seal)).as(which).isEqualTo(counts(follower, seal));
            }
            assertThat(writes.rounds()).isPositive();
            assertThat(catalog.seals().list()).hasSize(ROUNDS);
        }
    }

    static Seal take(Deployment source, BackupCatalog catalog) {
        Clocks clocks = Clocks.system();
        var reading = new SealTaker.Reading(source, "primary", new ReadGate(2, 0, clocks.ticker()));
        var taker = new SealTaker(
                source, reading, catalog, new Coverage(Set.of()), BYTES_TARGET, clocks.wall(), clocks.ticker());
        return taker.take("test", () -> {}, bytes -> {});
    }

    private static List<Check> compare(Deployment target, Seal seal) {
        return new SealComparison(2, () -> {}, bytes -> {}).check(target, seal);
    }

    private static Map<String, Long> documentsOf(Seal seal) {
        var documents = new TreeMap<String, Long>();
        seal.ranges()
                .forEach(range -> documents.merge(
                        seal.collections().get(range.collection()).namespace().toString(),
                        range.documents(),
                        Long::sum));
        return documents;
    }

    /** What the other mongod counts. */
    private static Map<String, Long> counts(Follower follower, Seal seal) {
        var counts = new TreeMap<String, Long>();
        try (MongoClient client = follower.server().client()) {
            documentsOf(seal).keySet().forEach(name -> {
                int dot = name.indexOf('.');
                counts.put(
                        name,
                        client.getDatabase(name.substring(0, dot))
                                .getCollection(name.substring(dot + 1))
                                .countDocuments());
            });
        }
        return counts;
    }
}
