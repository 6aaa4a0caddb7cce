package io.firedrill.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import io.firedrill.archive.BackupCatalog;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.RecoveryTarget;
import io.firedrill.restore.RestoreSource;
import io.firedrill.restore.StagingMarker;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.HandmadeArchive;
import io.firedrill.testing.MongodServer;
import io.firedrill.testing.Recovery;
import io.firedrill.testing.Recovery.Ended;
import io.firedrill.testing.TestKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bson.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand objects of encrypted backups, and hundreds of their oplog, each changed by somebody who can write to the store and has no key. */
class TamperedArchiveIT {
    private static final int OBJECTS = 1_000;
    private static final int OPLOG_OBJECTS = 300;
    private static final int FINGERPRINT = 8;

    private enum Attack {
        FLIP,
        TRUNCATE,
        APPEND,
        SWAP_PIECES,
        /** From this backup, an older one, or one of the same source and store key in another store: each has a data key of its own. */
        TRANSPLANT,
        /** A file's outer digest needs no key: whoever changes the body can make it fit. */
        FLIP_AND_FIX_DIGEST
    }

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);
    private final TestKeys keys = TestKeys.make();

    @Test
    void everyOneIsRefusedBeforeTheFirstWrite(@TempDir Path directory, @TempDir Path elsewhere) throws Exception {
        try (MongodServer sourceServer = MongodServer.replicaSet("orders");
                MongodServer stagingServer = MongodServer.replicaSet("practice");
                Deployment source = sourceServer.deployment("source");
                Deployment staging = stagingServer.deployment("staging");
                ObjectStore store = ObjectStores.directory(directory);
                var recovery = new Recovery(store).with(keys.ofBackup())) {
            fill(sourceServer, 0);
            recovery.backup(source, 1);
            fill(sourceServer, 3_000);
            recovery.with(keys.ofBackup()).backup(source, 2);
            try (ObjectStore other = ObjectStores.directory(elsewhere);
                    var beside = new Recovery(other).with(keys.ofBackup())) {
                beside.backup(source, 1);
            }
            recovery.with(keys.ofRestore());
            List<Path> donors = Stream.concat(filesOf(directory).stream(), filesOf(elsewhere).stream())
                    .toList();
            List<Path> victims = victims(directory, recovery.catalog());
            assertThat(victims).as("manifest, plan, parts, segments and keys").hasSizeGreaterThan(10);

            requireRefused(
                    OBJECTS,
                    victims,
                    donors,
                    staging,
                    run -> recovery.with(keys.ofRestore()).restore(staging, "latest", run));
        }
    }

    /** What a restore to a moment needs besides its backup: the timeline, its links and their slices. */
    @Test
    void everyObjectOfAnOplogIsRefusedBeforeTheFirstWriteToo(@TempDir Path directory) throws Exception {
        try (MongodServer sourceServer = MongodServer.replicaSet("orders");
                MongodServer stagingServer = MongodServer.replicaSet("practice");
                Deployment source = sourceServer.deployment("source");
                Deployment staging = stagingServer.deployment("staging");
                ObjectStore store = ObjectStores.directory(directory);
                var recovery = new Recovery(store).with(keys.ofBackup())) {
            fill(sourceServer, 0);
            OpTime begin = source.fence("begin");
            recovery.backup(source, 1);
            fill(sourceServer, 3_000);
            OpTime end = source.fence("end");
            new HandmadeArchive(recovery.catalog()).archive(sourceServer, begin, end, 200);
            List<Path> victims = filesOf(directory).stream()
                    .filter(file -> file.toString().contains("/oplog/"))
                    .toList();
            for (String sort : List.of("/oplog/timelines/", "/oplog/links/", "/oplog/data/")) {
                assertThat(victims).as(sort).anyMatch(file -> file.toString().contains(sort));
            }

            requireRefused(
                    OPLOG_OBJECTS,
                    victims,
                    filesOf(directory),
                    staging,
                    run -> recovery.with(keys.ofRestore()).restoreTo(staging, new RecoveryTarget.At(end), run));
        }
    }

    private void requireRefused(
            int objects, List<Path> victims, List<Path> donors, Deployment staging, Function<String, Ended> restore)
            throws Exception {
        Map<Attack, Integer> tried = new EnumMap<>(Attack.class);
        for (int i = 0; i < objects; i++) {
            Path victim = victims.get(random.nextInt(victims.size()));
            byte[] good = Files.readAllBytes(victim);
            Attack attack = Attack.values()[random.nextInt(Attack.values().length)];
            byte[] bad = changed(attack, victim, good, donors);
            Files.write(victim, bad);
            Ended ended = restore.apply("tampered-" + i);
            assertThat(Failure.in(ended.failure()).map(Failure::kind))
                    .as("seed %d, %d: %s of %s", seed, i, attack, victim)
                    .contains(
                            attack == Attack.FLIP_AND_FIX_DIGEST && namesAnotherStoreKey(victim, good, bad)
                                    ? FailureKind.KEY_WRONG
                                    : FailureKind.BACKUP_DAMAGED);
            Files.write(victim, good);
            tried.merge(attack, 1, Integer::sum);
        }
        System.out.printf("%d tampered objects refused, seed %d: %s%n", objects, seed, tried);
        assertThat(new StagingMarker(staging).read()).isEmpty();
        assertThat(new CatalogReader(staging).databases()).isEmpty();
        assertThat(restore.apply("untouched").failure()).isNull();
    }

    private static void fill(MongodServer server, int from) {
        try (MongoClient client = server.client()) {
            client.getDatabase("shop")
                    .getCollection("orders")
                    .insertMany(IntStream.range(from, from + 3_000)
                            .mapToObj(i -> new Document("_id", i)
                                    .append(
                                            "text",
                                            Integer.toHexString(i * 7919).repeat(20)))
                            .toList());
        }
    }

    /** Every object that the newest backup needs. */
    private static List<Path> victims(Path directory, BackupCatalog catalog) throws IOException {
        String id = catalog.newestSealed().orElseThrow().value();
        return filesOf(directory).stream()
                .filter(file -> file.toString().contains("/segments/")
                        || file.toString().contains("/keys/")
                        || file.toString().contains(id))
                .filter(file -> isNeeded(file, catalog))
                .toList();
    }

    private static boolean isNeeded(Path file, BackupCatalog catalog) {
        RestoreSource source = RestoreSource.of(catalog, "latest");
        if (file.toString().contains("/keys/")) {
            return source.manifest().keys().stream()
                    .anyMatch(key -> file.toString().contains("/keys/" + key));
        }
        if (!file.toString().contains("/segments/")) {
            return true;
        }
        return source.units().stream()
                .flatMap(unit -> source.part(unit).segments().stream())
                .anyMatch(segment -> file.endsWith(segment.address()));
    }

    private static List<Path> filesOf(Path store) throws IOException {
        try (Stream<Path> files = Files.walk(store.resolve("sources"))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private byte[] changed(Attack attack, Path victim, byte[] good, List<Path> donors) throws Exception {
        byte[] bad =
                switch (attack) {
                    case FLIP -> flipped(good, 0);
                    case TRUNCATE -> Arrays.copyOf(good, random.nextInt(good.length));
                    case APPEND -> Arrays.copyOf(good, good.length + 1 + random.nextInt(40));
                    case SWAP_PIECES -> swapped(good);
                    case TRANSPLANT -> Files.readAllBytes(donors.get(random.nextInt(donors.size())));
                    case FLIP_AND_FIX_DIGEST -> flippedWithDigest(victim, good);
                };
        return Arrays.equals(bad, good) ? flipped(good, 0) : bad;
    }

    private byte[] flipped(byte[] good, int from) {
        byte[] bad = good.clone();
        bad[from + random.nextInt(bad.length - from)] ^= (byte) (1 << random.nextInt(8));
        return bad;
    }

    private byte[] swapped(byte[] good) {
        byte[] bad = good.clone();
        int length = good.length / 4;
        System.arraycopy(good, 0, bad, good.length - length, length);
        System.arraycopy(good, good.length - length, bad, 0, length);
        return bad;
    }

    /** Two lines, then the body; the second line is the SHA-256 of the first and the body. */
    private byte[] flippedWithDigest(Path victim, byte[] good) throws Exception {
        if (victim.toString().contains("/segments/") || victim.toString().contains("/oplog/data/")) {
            return flipped(good, 0);
        }
        int head = indexOf(good, 0);
        int digest = indexOf(good, head);
        byte[] bad = flipped(good, digest);
        MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
        sha256.update(bad, 0, head);
        sha256.update(bad, digest, bad.length - digest);
        byte[] line = HexFormat.of().formatHex(sha256.digest()).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(line, 0, bad, head, line.length);
        return bad;
    }

    /** A sealed body begins with the fingerprint of its store key: changed, it is taken for one of another store. */
    private static boolean namesAnotherStoreKey(Path victim, byte[] good, byte[] bad) {
        // Plan and parts are named by their digests, which are looked at first.
        if (Stream.of("/keys/", "/oplog/timelines/", "/oplog/links/").noneMatch(victim.toString()::contains)
                && !victim.endsWith("manifest")) {
            return false;
        }
        int body = indexOf(good, indexOf(good, 0));
        return !Arrays.equals(good, body, body + FINGERPRINT, bad, body, body + FINGERPRINT);
    }

    private static int indexOf(byte[] bytes, int from) {
        int at = from;
        while (bytes[at] != '\n') {
            at++;
        }
        return at + 1;
    }
}
