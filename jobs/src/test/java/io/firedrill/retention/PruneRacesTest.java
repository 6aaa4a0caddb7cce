package io.firedrill.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.Notice;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.SteppedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prune and another run at work on one store at the same time, as when the lease of one was lost and it has not noticed.
 * Two hundred orders, each from its seed: no segment of a sealed backup may ever be lost.
 */
class PruneRacesTest {
    private static final Set<FailureKind> FAIR = EnumSet.of(
            FailureKind.LOCK_HELD,
            FailureKind.LOCK_LOST,
            FailureKind.BACKUP_DAMAGED,
            FailureKind.CONFIGURATION_INVALID);
    private static final BackupId LEFTOVER = BackupId.of(PruneContract.LATER.minus(Duration.ofDays(5)), 6);
    private static final BackupId RACING = BackupId.of(PruneContract.LATER, 7);
    private static final List<String> OLD_WORDS = ArchiveForTests.words("abcdefgx");

    /** So many times more races at most than are wanted anyway. */
    private static final int PATIENCE = 10;

    @TempDir
    private Path directory;

    private final Map<String, Integer> seen = new TreeMap<>();

    @Test
    void noOrderOfPruneAndBackupLosesASegmentOfASealedBackup() throws Exception {
        race(
                200,
                "backup",
                (archive, words) -> archive.backup(RACING, words),
                "backup done",
                "backup done, reusing what was to go",
                "backup failed LOCK_HELD",
                "backup failed BACKUP_DAMAGED",
                "prune done",
                "prune killed");
    }

    @Test
    void aBackupThatWakesUpAfterItWasTakenForALeftoverIsNeverSealedByHalf() throws Exception {
        race(25, "leftover", (archive, words) -> archive.finish(LEFTOVER, 3), "leftover failed LOCK_LOST");
        assertThat(seen).doesNotContainKey("leftover done");
    }

    @Test
    void aHoldIsKeptOrRefusedButNeverBroken() throws Exception {
        race(
                40,
                "hold",
                (archive, words) -> new LegalHold(archive.catalog())
                        .hold(PruneContract.FIRST, new Notice(true, PruneContract.LATER, "jane", "case 7")),
                "hold done",
                "hold failed LOCK_HELD",
                "hold failed CONFIGURATION_INVALID");
    }

    /** What is done to an archive while prune is at work on it. */
    @FunctionalInterface
    private interface Rival {
        void work(ArchiveForTests archive, List<String> words);
    }

    /** The orders must be different enough to mean something: it goes on until each of these has happened, within bounds. */
    private void race(int seeds, String name, Rival rival, String... toBeSeen) throws Exception {
        prepare();
        for (int seed = 1; seed <= seeds || !hasSeen(toBeSeen); seed++) {
            assertThat(seed).as("%s after so many races", seen).isLessThanOrEqualTo(seeds * PATIENCE);
            Path root = copy(seed);
            race(seed, root, name, rival);
            delete(root);
        }
    }

    private boolean hasSeen(String... outcomes) {
        return seen.keySet().containsAll(List.of(outcomes));
    }

    /** Two backups marked long ago, a leftover too, an orphan noted, and the one that stays: it shares with all. */
    private void prepare() {
        try (ObjectStore store = ObjectStores.directory(directory.resolve("first"))) {
            var archive = new ArchiveForTests(store);
            archive.backup(PruneContract.FIRST, ArchiveForTests.words("abcd"));
            archive.backup(PruneContract.SECOND, ArchiveForTests.words("abef"));
            archive.backup(PruneContract.THIRD, ArchiveForTests.words("aeg"));
            archive.leaveUnsealed(LEFTOVER, ArchiveForTests.words("ady"));
            archive.leaveOrphan("x");
            PruneContract.prune(store, PruneContract.keepLast(1), PruneContract.NOW);
            assertThat(archive.catalog().marks().standing())
                    .containsOnlyKeys(PruneContract.FIRST, PruneContract.SECOND, LEFTOVER);
        }
    }

    private void race(long seed, Path root, String name, Rival rival) throws Exception {
        var order = new Interleaving(seed, "prune");
        var random = new Random(seed);
        List<String> words = words(random);
        var killAt = new AtomicInteger(random.nextInt(4) == 0 ? random.nextInt(150) : Integer.MAX_VALUE);
        try (ObjectStore plain = ObjectStores.directory(root)) {
            ObjectStore stepped = new SteppedStore(plain, (operation, key) -> order.step());
            ObjectStore mortal = new SteppedStore(stepped, (operation, key) -> {
                if (killAt.getAndDecrement() == 0) {
                    throw new IllegalStateException("killed");
                }
            });
            Map<String, Throwable> failures = order.run(Map.of(
                    "prune",
                    () -> PruneContract.prune(mortal, PruneContract.keepLast(1), PruneContract.LATER),
                    name,
                    () -> rival.work(new ArchiveForTests(stepped), words)));
            judge(seed, root, new BackupCatalog(plain, ArchiveForTests.SOURCE), name, failures);
            note("prune", failures.get("prune"), List.of());
            note(name, failures.get(name), words);
            if (seed % 10 == 0 || failures.containsKey("backup")) {
                afterwards(seed, root, plain, words);
            }
        }
    }

    private static List<String> words(Random random) {
        List<String> words = new ArrayList<>(List.of("new" + random.nextInt()));
        OLD_WORDS.stream().filter(word -> random.nextBoolean()).forEach(words::add);
        return words;
    }

    private static void judge(
            long seed, Path root, BackupCatalog catalog, String name, Map<String, Throwable> failures) {
        List<String> sealed = whole(seed, root, catalog);
        assertThat(sealed).as("seed %d", seed).contains(PruneContract.THIRD.value());
        failures.forEach((worker, failure) -> assertThat(fair(failure))
                .as("seed %d, %s: %s", seed, worker, failure)
                .isTrue());
        boolean done = !failures.containsKey(name);
        if (name.equals("backup")) {
            assertThat(sealed.contains(RACING.value())).as("seed %d", seed).isEqualTo(done);
        }
        if (name.equals("hold") && done) {
            assertThat(sealed).as("seed %d", seed).contains(PruneContract.FIRST.value());
        }
    }

    /** Whatever the race left, the next prune ends it, and then the same data can be backed up. */
    private static void afterwards(long seed, Path root, ObjectStore store, List<String> words) throws IOException {
        PruneContract.prune(store, PruneContract.keepLast(1), PruneContract.LATER.plus(Sweeper.LINGERING_MAX));
        var archive = new ArchiveForTests(store);
        BackupId next = BackupId.of(PruneContract.LATER.plus(Sweeper.LINGERING_MAX), 8);
        archive.backup(next, words);
        assertThat(whole(seed, root, archive.catalog())).as("seed %d", seed).contains(next.value());
    }

    private static List<String> whole(long seed, Path root, BackupCatalog catalog) {
        try {
            return ArchiveForTests.requireWhole(root, catalog);
        } catch (AssertionError | IOException thrown) {
            throw new AssertionError("seed " + seed + " lost what a sealed backup needs", thrown);
        }
    }

    private static boolean fair(Throwable failure) {
        return "killed".equals(failure.getMessage())
                || Failure.in(failure).map(Failure::kind).filter(FAIR::contains).isPresent();
    }

    private void note(String worker, @Nullable Throwable failure, List<String> words) {
        String how =
                Failure.in(failure).map(known -> "failed " + known.kind()).orElse(failure == null ? "done" : "killed");
        seen.merge(worker + " " + how, 1, Integer::sum);
        if (failure == null && words.stream().anyMatch(word -> "bcdfx".contains(word))) {
            seen.merge(worker + " done, reusing what was to go", 1, Integer::sum);
        }
    }

    /** Copies cost less than making the backups anew: no byte of a copy has to be on the disk. */
    private Path copy(int seed) throws IOException {
        Path from = directory.resolve("first");
        Path to = directory.resolve("race-" + seed);
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
        return to;
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        }
    }
}
