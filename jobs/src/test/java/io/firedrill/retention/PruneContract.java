package io.firedrill.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.Notice;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import io.firedrill.testing.SteppedStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What prune promises, on whatever store. Time is in the test's hand. */
interface PruneContract {
    Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    Duration GRACE = Duration.ofDays(1);
    Instant LATER = NOW.plus(GRACE);
    BackupId FIRST = BackupId.of(NOW.minus(Duration.ofDays(9)), 1);
    BackupId SECOND = BackupId.of(NOW.minus(Duration.ofDays(8)), 2);
    BackupId THIRD = BackupId.of(NOW.minus(Duration.ofDays(7)), 3);

    /** An empty store. */
    ObjectStore store();

    static RetentionPolicy keepLast(int last) {
        return new RetentionPolicy(last, Map.of(), Duration.ZERO, Duration.ofDays(2), GRACE);
    }

    static RetentionPlan plan(BackupCatalog catalog, RetentionPolicy policy, Instant now) {
        return new RetentionPlanner(KnownBackup.of(catalog, Set.of(), Map.of()), policy, now).byPolicy();
    }

    /** One whole run. */
    static Swept prune(ObjectStore store, RetentionPolicy policy, Instant now) {
        var catalog = new BackupCatalog(store, ArchiveForTests.SOURCE);
        RetentionPlan plan = plan(catalog, policy, now);
        var marker = new BackupMarker(catalog, () -> {}, "jane");
        marker.unmark(plan);
        marker.mark(plan);
        return new Sweeper(catalog, () -> {}).sweep(plan, "run-" + now.getEpochSecond());
    }

    static List<String> keys(ObjectStore store, String below) {
        try (Stream<ObjectInfo> found = store.list("sources/" + ArchiveForTests.SOURCE + "/" + below)) {
            return found.map(info -> info.key().value()).toList();
        }
    }

    private static ArchiveForTests threeBackups(ObjectStore store) {
        var archive = new ArchiveForTests(store);
        archive.backup(FIRST, List.of("a", "b"));
        archive.backup(SECOND, List.of("b", "c"));
        archive.backup(THIRD, List.of("c", "d"));
        return archive;
    }

    private static boolean holds(ObjectStore store, String word) {
        String sha256 = ArchiveForTests.sha256(word);
        return store.head(ObjectKey.of("sources/source/segments/" + sha256.substring(0, 2) + "/" + sha256))
                .isPresent();
    }

    @Test
    default void nothingIsDeletedBeforeTheGracePeriodIsOver() {
        ObjectStore store = store();
        ArchiveForTests archive = threeBackups(store);
        assertThat(prune(store, keepLast(1), NOW).backups()).isEmpty();
        assertThat(archive.catalog().marks().standing()).containsOnlyKeys(FIRST, SECOND);
        assertThat(prune(store, keepLast(1), LATER.minusSeconds(1)).backups()).isEmpty();
        assertThat(archive.catalog().isSealed(FIRST)).isTrue();
        assertThat(holds(store, "a")).isTrue();
    }

    @Test
    default void whatIsSweptLeavesNothingAndTakesNothingAlong() {
        ObjectStore store = store();
        ArchiveForTests archive = threeBackups(store);
        prune(store, keepLast(1), NOW);
        Swept swept = prune(store, keepLast(1), LATER);
        assertThat(swept.backups()).containsExactly(FIRST, SECOND);
        assertThat(swept.segments()).isEqualTo(2);
        assertThat(swept.bytes()).isPositive();
        assertThat(swept.refused()).isEmpty();
        assertThat(holds(store, "a")).isFalse();
        assertThat(holds(store, "b")).isFalse();
        assertThat(new Intactness(archive.catalog()).look().missing()).isEmpty();
        assertThat(keys(store, "backups/")).allMatch(key -> key.contains(THIRD.value()));
        assertThat(keys(store, "marks/")).isEmpty();
        assertThat(keys(store, "sweeps/")).isEmpty();
        assertThat(prune(store, keepLast(1), LATER.plusSeconds(1)).backups()).isEmpty();
    }

    @Test
    default void manifestsGoFirstAndSegmentsLast() {
        ObjectStore store = store();
        threeBackups(store);
        prune(store, keepLast(1), NOW);
        List<String> deleted = new ArrayList<>();
        prune(
                new SteppedStore(store, (operation, key) -> {
                    if (operation == SteppedStore.Operation.DELETE) {
                        deleted.add(
                                key.replaceFirst("sources/source/", "").replaceFirst("[0-9a-f]{2}/[0-9a-f]{64}", ""));
                    }
                }),
                keepLast(1),
                LATER);
        assertThat(deleted)
                .containsExactly(
                        "backups/" + FIRST + "/manifest",
                        "backups/" + SECOND + "/manifest",
                        "backups/" + FIRST + "/part/000001",
                        "backups/" + FIRST + "/part/000002",
                        "backups/" + FIRST + "/plan",
                        "marks/" + FIRST + "/000001",
                        "backups/" + SECOND + "/part/000001",
                        "backups/" + SECOND + "/part/000002",
                        "backups/" + SECOND + "/plan",
                        "marks/" + SECOND + "/000001",
                        "segments/",
                        "segments/",
                        "sweeps/run-" + LATER.getEpochSecond() + "/begun",
                        "sweeps/run-" + LATER.getEpochSecond() + "/ended");
    }

    @Test
    default void aKinderPolicyTakesTheMarkOff() {
        ObjectStore store = store();
        ArchiveForTests archive = threeBackups(store);
        prune(store, keepLast(1), NOW);
        prune(store, keepLast(2), NOW.plusSeconds(60));
        assertThat(archive.catalog().marks().standing()).containsOnlyKeys(FIRST);
        // Marked again, the grace period begins anew.
        prune(store, keepLast(1), NOW.plusSeconds(120));
        assertThat(prune(store, keepLast(1), LATER).backups()).containsExactly(FIRST);
        assertThat(prune(store, keepLast(1), LATER.plusSeconds(120)).backups()).containsExactly(SECOND);
    }

    @Test
    default void aHeldBackupStaysUntilItIsReleased() {
        ObjectStore store = store();
        ArchiveForTests archive = threeBackups(store);
        prune(store, keepLast(1), NOW);
        var hold = new LegalHold(archive.catalog());
        hold.hold(FIRST, new Notice(true, NOW, "jane", "case 7"));
        assertThat(prune(store, keepLast(1), LATER).backups()).containsExactly(SECOND);
        assertThat(archive.catalog().holds().standing()).containsOnlyKeys(FIRST);
        hold.release(FIRST, new Notice(false, LATER, "jane", "case 7 is closed"));
        assertThat(archive.catalog().holds().standing()).isEmpty();
        prune(store, keepLast(1), LATER);
        assertThat(prune(store, keepLast(1), LATER.plus(GRACE)).backups()).containsExactly(FIRST);
        assertThat(keys(store, "holds/")).isEmpty();
    }

    @Test
    default void onlyASealedBackupCanBeHeldAndOnlyAHeldOneReleased() {
        ArchiveForTests archive = threeBackups(store());
        var hold = new LegalHold(archive.catalog());
        var notice = new Notice(true, NOW, "jane", "case 7");
        assertThat(catchThrowableOfType(Failure.class, () -> hold.hold(BackupId.of(NOW, 9), notice)))
                .extracting(Failure::kind)
                .isEqualTo(FailureKind.CONFIGURATION_INVALID);
        assertThat(catchThrowableOfType(Failure.class, () -> hold.release(FIRST, notice)))
                .extracting(Failure::kind)
                .isEqualTo(FailureKind.CONFIGURATION_INVALID);
    }

    @Test
    default void aLeftoverGoesWhenItIsTooOldToGoOnAndNotBefore() {
        ObjectStore store = store();
        ArchiveForTests archive = threeBackups(store);
        BackupId old = BackupId.of(NOW.minus(Duration.ofDays(2)).minusSeconds(1), 4);
        BackupId young = BackupId.of(NOW.minusSeconds(60), 5);
        archive.leaveUnsealed(old, List.of("x", "d"));
        archive.leaveUnsealed(young, List.of("y"));
        prune(store, keepLast(9), NOW);
        assertThat(archive.catalog().marks().standing()).containsOnlyKeys(old);
        Swept swept = prune(store, keepLast(9), LATER);
        assertThat(swept.backups()).containsExactly(old);
        assertThat(holds(store, "x")).isFalse();
        assertThat(holds(store, "d")).isTrue();
        assertThat(holds(store, "y")).isTrue();
    }

    @Test
    default void anOrphanIsNotedFirstAndSweptIfNobodyTookItUp() {
        ObjectStore store = store();
        ArchiveForTests archive = threeBackups(store);
        archive.leaveOrphan("lost");
        archive.leaveOrphan("found");
        assertThat(prune(store, keepLast(9), NOW).orphansNoted()).isEqualTo(2);
        assertThat(prune(store, keepLast(9), LATER.minusSeconds(1)).segments()).isZero();
        archive.backup(BackupId.of(NOW, 4), List.of("found"));
        assertThat(prune(store, keepLast(9), LATER).segments()).isEqualTo(1);
        assertThat(holds(store, "lost")).isFalse();
        assertThat(holds(store, "found")).isTrue();
        assertThat(keys(store, "orphans/")).isEmpty();
    }

    @Test
    default void whatTheStoreRefusesIsReportedAndNotFought() {
        ObjectStore store = store();
        ArchiveForTests archive = threeBackups(store);
        prune(store, keepLast(1), NOW);
        ObjectStore locked = new SteppedStore(store, (operation, key) -> {
            boolean underLock = key.contains(FIRST + "/manifest") || key.contains(SECOND + "/part/000002");
            if (operation == SteppedStore.Operation.DELETE && underLock) {
                throw new Failure(FailureKind.ACCESS_DENIED, "ObjectLocked", "Wait until the retention ends.");
            }
        });
        Swept swept = prune(locked, keepLast(1), LATER);
        assertThat(swept.backups()).containsExactly(SECOND);
        assertThat(swept.refused())
                .extracting(RefusedDeletion::key)
                .containsExactly(
                        "sources/source/backups/" + FIRST + "/manifest",
                        "sources/source/backups/" + SECOND + "/part/000002");
        // A manifest that stays, stays with all it needs; without its manifest a backup is none.
        assertThat(new Intactness(archive.catalog()).look()).isEqualTo(new Intactness.Found(2, 4, List.of()));
        assertThat(archive.catalog().isSealed(SECOND)).isFalse();
        assertThat(archive.catalog().sweeps().open()).isEmpty();
        assertThat(prune(store, keepLast(1), LATER.plusSeconds(1)).backups()).containsExactly(FIRST, SECOND);
        assertThat(keys(store, "backups/")).allMatch(key -> key.contains(THIRD.value()));
    }

    @Test
    default void aBackupThatCannotBeReadStopsTheSweepBeforeTheFirstDeletion() {
        ObjectStore store = store();
        threeBackups(store);
        prune(store, keepLast(1), NOW);
        ObjectKey part = ObjectKey.of("sources/source/backups/" + THIRD + "/part/000001");
        store.delete(part);
        store.create(part, Content.of(new byte[] {1, 2, 3}));
        List<String> before = keys(store, "");
        Failure failure = catchThrowableOfType(Failure.class, () -> prune(store, keepLast(1), LATER));
        assertThat(failure.kind()).isEqualTo(FailureKind.BACKUP_DAMAGED);
        assertThat(failure.text()).contains(part.value());
        assertThat(keys(store, "")).isEqualTo(before);
    }

    @Test
    default void aSweepThatWasCutOffAnywhereIsEndedByTheNext() {
        for (int deletions = 0; deletions < 14; deletions++) {
            ObjectStore store = store();
            ArchiveForTests archive = threeBackups(store);
            prune(store, keepLast(1), NOW);
            int[] left = {deletions};
            ObjectStore dying = new SteppedStore(store, (operation, key) -> {
                if (operation == SteppedStore.Operation.DELETE && left[0]-- == 0) {
                    throw new IllegalStateException("killed");
                }
            });
            assertThat(catchThrowableOfType(IllegalStateException.class, () -> prune(dying, keepLast(1), LATER)))
                    .as("after %d deletions", deletions)
                    .isNotNull();
            assertThat(new Intactness(archive.catalog()).look().missing()).isEmpty();
            prune(store, keepLast(1), LATER.plus(Sweeper.LINGERING_MAX));
            assertThat(keys(store, "backups/")).allMatch(key -> key.contains(THIRD.value()));
            assertThat(holds(store, "a") || holds(store, "b"))
                    .as("after %d deletions", deletions)
                    .isFalse();
            assertThat(archive.catalog().sweeps().open()).isEmpty();
        }
    }

    @Test
    default void aBackupDoesNotSealOnWhatACutOffSweepMayStillDelete() {
        ObjectStore store = store();
        ArchiveForTests archive = threeBackups(store);
        prune(store, keepLast(1), NOW);
        ObjectStore dying = new SteppedStore(store, (operation, key) -> {
            if (operation == SteppedStore.Operation.DELETE && key.contains("/segments/")) {
                throw new IllegalStateException("killed");
            }
        });
        assertThat(catchThrowableOfType(IllegalStateException.class, () -> prune(dying, keepLast(1), LATER)))
                .isNotNull();
        BackupId fourth = BackupId.of(LATER, 4);
        Failure failure = catchThrowableOfType(Failure.class, () -> archive.backup(fourth, List.of("a", "d")));
        assertThat(failure.kind()).isEqualTo(FailureKind.LOCK_HELD);
        assertThat(failure.hint()).contains("firedrill prune");
        assertThat(archive.catalog().isSealed(fourth)).isFalse();
        archive.backup(BackupId.of(LATER, 5), List.of("c", "new"));
        // The next run lets the segment live, since the unsealed backup names it, and ends the old sweep in time.
        prune(store, keepLast(9), LATER.plusSeconds(60));
        assertThat(archive.catalog().sweeps().open()).hasSize(1);
        prune(store, keepLast(9), LATER.plus(Sweeper.LINGERING_MAX));
        assertThat(archive.catalog().sweeps().open()).isEmpty();
        archive.finish(fourth, 2);
        assertThat(new Intactness(archive.catalog()).look().missing()).isEmpty();
    }

    @Test
    default void aLeftoverThatIsMarkedCannotBeSealedAnyMore() {
        ObjectStore store = store();
        ArchiveForTests archive = threeBackups(store);
        BackupId old = BackupId.of(NOW.minus(Duration.ofDays(3)), 4);
        archive.leaveUnsealed(old, List.of("x"));
        prune(store, keepLast(9), NOW);
        Failure failure = catchThrowableOfType(Failure.class, () -> archive.finish(old, 1));
        assertThat(failure.kind()).isEqualTo(FailureKind.LOCK_LOST);
        assertThat(archive.catalog().isSealed(old)).isFalse();
    }
}
