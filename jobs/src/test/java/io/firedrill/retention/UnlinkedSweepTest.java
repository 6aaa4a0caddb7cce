package io.firedrill.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.Notice;
import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogChainEnd;
import io.firedrill.archive.OplogLink;
import io.firedrill.archive.OplogSpan.Slice;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.ArchivedOplog;
import io.firedrill.testing.SteppedStore;
import io.firedrill.testing.SteppedStore.Operation;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slices without a link: an archiver died before it wrote it, or is just about to. */
class UnlinkedSweepTest {
    private static final Duration GRACE = Duration.ofDays(1);
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final long BEGIN = 1_000;
    private static final int SEEDS = 40;
    private static final Set<String> WORKERS = Set.of("archiver", "prune");

    @TempDir
    private Path folder;

    private ObjectStore files;
    private ObjectStore store;
    private OplogArchive oplog;
    private OplogTimeline timeline;
    private OplogChainEnd end;
    private Instant now = NOW;
    private String refused = "none";

    @BeforeEach
    void archive() {
        files = ObjectStores.directory(folder);
        store = new SteppedStore(files, (operation, key) -> {
            if (operation == Operation.DELETE && key.contains(refused)) {
                throw new Failure(FailureKind.ACCESS_DENIED, "refused", "Wait.");
            }
        });
        oplog = catalog(store).oplog();
        timeline = ArchivedOplog.timeline(1, BEGIN, Optional.empty());
        assertThat(oplog.begin(timeline)).isTrue();
        end = oplog.end(timeline);
        link(slice(BEGIN, BEGIN + 9));
    }

    @AfterEach
    void close() {
        files.close();
    }

    private static BackupCatalog catalog(ObjectStore store) {
        return new BackupCatalog(store, "source");
    }

    private Slice slice(long first, long last) {
        return ArchivedOplog.slice(oplog, first, last);
    }

    private void link(Slice slice) {
        end = oplog.append(end.link(slice, 1, 7, ArchivedOplog.STORED_AT, Optional.empty()))
                .orElseThrow();
    }

    private Unlinked sweep() {
        return sweep(GRACE);
    }

    private Unlinked sweep(Duration grace) {
        var plan = new RetentionPlan(List.of(), false, grace, now);
        return new UnlinkedSweep(catalog(store), plan).sweep(() -> {}, "run-" + now);
    }

    private boolean isThere(Slice slice) {
        return oplog.stored().containsKey(slice.stored().address());
    }

    @Test
    void itIsSeenFirstAndDeletedAGraceLaterOnceTheChainHasGoneOn() {
        Slice lost = slice(BEGIN + 10, BEGIN + 12);
        assertThat(sweep()).isEqualTo(new Unlinked(0, 0, 1, List.of()));
        link(slice(BEGIN + 10, BEGIN + 19));
        assertThat(sweep()).as("within the grace").isEqualTo(new Unlinked(0, 0, 1, List.of()));
        now = now.plus(GRACE);
        Unlinked swept = sweep();
        assertThat(swept.deleted()).isOne();
        assertThat(swept.bytes()).isEqualTo(lost.stored().bytesStored());
        assertThat(swept.waiting()).isZero();
        assertThat(isThere(lost)).isFalse();
        assertThat(oplog.stored()).hasSize(2);
        assertThat(oplog.unlinked().all()).isEmpty();
        assertThat(sweep()).isEqualTo(Unlinked.NOTHING);
    }

    @Test
    void whatAnArchiverMayStillLinkStaysHoweverOldItIs() {
        Slice next = slice(BEGIN + 10, BEGIN + 19);
        sweep();
        now = now.plus(Duration.ofDays(400));
        assertThat(sweep().deleted()).isZero();
        assertThat(isThere(next)).isTrue();
        link(next);
        assertThat(sweep().deleted()).isZero();
        assertThat(isThere(next)).isTrue();
        assertThat(oplog.unlinked().all()).as("lists that say nothing any more").isEmpty();
    }

    @Test
    void aShortGraceIsNoReasonToHurry() {
        slice(BEGIN + 10, BEGIN + 12);
        sweep(Duration.ofSeconds(1));
        link(slice(BEGIN + 10, BEGIN + 19));
        now = now.plus(Duration.ofMinutes(59));
        assertThat(sweep(Duration.ofSeconds(1)).deleted()).isZero();
        now = now.plus(Duration.ofMinutes(1));
        assertThat(sweep(Duration.ofSeconds(1)).deleted()).isOne();
    }

    @Test
    void inANewTimelineItIsSeenAnew() {
        Slice lost = slice(BEGIN + 10, BEGIN + 12);
        sweep();
        now = now.plus(GRACE);
        OplogTimeline second = ArchivedOplog.timeline(2, BEGIN + 50, Optional.of(new OpTime(BEGIN + 9, 1)));
        ArchivedOplog.chain(oplog, second, 2, 10);
        assertThat(sweep()).isEqualTo(new Unlinked(0, 0, 1, List.of()));
        assertThat(isThere(lost)).isTrue();
        assertThat(oplog.unlinked().all()).singleElement().satisfies(list -> {
            assertThat(list.timeline()).isEqualTo(2);
            assertThat(list.links()).isEqualTo(2);
            assertThat(list.at()).isEqualTo(now);
        });
    }

    @Test
    void whereALinkCannotBeReadNothingIsCertain() {
        Slice lost = slice(BEGIN + 10, BEGIN + 12);
        sweep();
        link(slice(BEGIN + 10, BEGIN + 19));
        ObjectKey first = firstLink();
        files.delete(first);
        files.create(first, Content.of(new byte[] {1}));
        now = now.plus(GRACE);
        assertThat(sweep()).isEqualTo(Unlinked.NOTHING);
        assertThat(isThere(lost)).isTrue();
    }

    @Test
    void whatTheStoreDoesNotLetGoIsTold() {
        Slice lost = slice(BEGIN + 10, BEGIN + 12);
        sweep();
        link(slice(BEGIN + 10, BEGIN + 19));
        now = now.plus(GRACE);
        refused = lost.stored().address();
        Unlinked swept = sweep();
        assertThat(swept.deleted()).isZero();
        assertThat(swept.refused())
                .singleElement()
                .satisfies(each -> assertThat(each.key()).contains(refused));
        assertThat(swept.waiting()).isOne();
        now = now.plus(GRACE);
        refused = "none";
        link(slice(BEGIN + 20, BEGIN + 29));
        assertThat(sweep().deleted()).isOne();
    }

    @Test
    void withoutAnArchiveThereIsNothingToDo() {
        var plan = new RetentionPlan(List.of(), false, GRACE, NOW);
        assertThat(new UnlinkedSweep(new BackupCatalog(store, "other"), plan).sweep(() -> {}, "run"))
                .isEqualTo(Unlinked.NOTHING);
    }

    /** Forty orders of a prune and an archiver that dies now and then between a slice and its link. */
    @Test
    void noOrderOfPruneAndArchiverLosesASliceThatIsLinked() throws Exception {
        long deleted = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            try (ObjectStore each = ObjectStores.directory(folder.resolve("seed-" + seed))) {
                var order = new Interleaving(seed, "archiver");
                // Links are read by several threads at once, which are part of a worker's one step.
                var stepped = new SteppedStore(each, (operation, key) -> {
                    if (WORKERS.contains(Thread.currentThread().getName())) {
                        order.step();
                    }
                });
                OplogArchive direct = catalog(each).oplog();
                ArchivedOplog.chain(direct, timeline, 2, 5);
                var random = new Random(seed);
                long[] swept = {0};
                Map<String, Throwable> failures = order.run(Map.of(
                        "archiver", () -> archive(catalog(stepped).oplog(), random),
                        "prune", () -> swept[0] = prune(catalog(stepped))));
                assertThat(failures).as("seed %d", seed).isEmpty();
                deleted += swept[0];
                for (OplogLink link : direct.links(timeline)) {
                    assertThat(direct.stored().keySet())
                            .as("slice of link %d, seed %d", link.number(), seed)
                            .contains(link.slice().stored().address());
                }
            }
        }
        System.out.printf("%d slices without a link swept in %d orders%n", deleted, SEEDS);
        assertThat(deleted).as("slices that were swept in all orders").isGreaterThan(SEEDS / 4);
    }

    private void archive(OplogArchive archive, Random random) {
        for (int attempt = 0; attempt < 24; attempt++) {
            // What it finds is all that one who was started again knows.
            OplogChainEnd found = archive.end(timeline);
            long first = found.last().seconds() + 1;
            Slice next = ArchivedOplog.slice(archive, first, first + random.nextInt(2));
            if (random.nextInt(3) > 0) {
                var _ = archive.append(found.link(next, 1, 7, ArchivedOplog.STORED_AT, Optional.empty()));
            }
        }
    }

    private static long prune(BackupCatalog catalog) {
        long deleted = 0;
        for (int day = 0; day < 10; day++) {
            var plan = new RetentionPlan(List.of(), false, GRACE, NOW.plus(Duration.ofDays(day)));
            deleted += new UnlinkedSweep(catalog, plan)
                    .sweep(() -> {}, "run-" + day)
                    .deleted();
        }
        return deleted;
    }

    @Test
    void aDoubtThatWasTakenBackGoesWithItsBackupAndOneThatStandsStays() {
        BackupCatalog catalog = catalog(store);
        BackupId gone = BackupId.of(NOW, 1);
        BackupId doubted = BackupId.of(NOW, 2);
        BackupId kept = BackupId.of(NOW, 3);
        new ArchiveForTests(store).backup(kept, List.of("a"));
        for (BackupId id : List.of(gone, doubted, kept)) {
            catalog.doubts().put(id, new Notice(true, NOW, "jane", "differs"));
        }
        for (BackupId id : List.of(gone, kept)) {
            catalog.doubts().put(id, new Notice(false, NOW, "jane", "mended"));
        }
        new Sweeper(catalog, () -> {}).sweep(new RetentionPlan(List.of(), false, GRACE, now), "run");
        assertThat(catalog.doubts().about()).isEqualTo(Set.of(doubted, kept));
        assertThat(catalog.doubts().standing()).containsOnlyKeys(doubted);
    }

    private ObjectKey firstLink() {
        try (var found = files.list("sources/source/oplog/links/000001/")) {
            return found.findFirst().orElseThrow().key();
        }
    }
}
