package io.firedrill.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogLink;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.ArchivedOplog;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups every two hours and an oplog over all of that time, ten minutes a slice. */
class OplogTrimTest {
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
    private static final Instant BEGIN = NOW.minus(Duration.ofHours(8));
    private static final BackupId OLD = BackupId.of(BEGIN.plus(Duration.ofHours(2)), 1);
    private static final BackupId MIDDLE = BackupId.of(BEGIN.plus(Duration.ofHours(4)), 2);
    private static final BackupId NEW = BackupId.of(BEGIN.plus(Duration.ofHours(6)), 3);
    private static final int AN_HOUR = 6;
    private static final int SLICES = 8 * AN_HOUR;

    @TempDir
    private Path folder;

    private ObjectStore store;
    private BackupCatalog catalog;
    private OplogArchive oplog;
    private OplogTimeline timeline;

    @BeforeEach
    void archive() {
        store = ObjectStores.directory(folder);
        var archive = new ArchiveForTests(store);
        catalog = archive.catalog();
        oplog = catalog.oplog();
        timeline = ArchivedOplog.timeline(1, BEGIN.getEpochSecond(), Optional.empty());
    }

    private void backups(BackupId... ids) {
        for (BackupId id : ids) {
            new ArchiveForTests(store).backup(id, List.of(id.value()));
        }
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Trimmed trim(Optional<Duration> keep) {
        return new OplogTrim(catalog, keep, NOW).trim(() -> {});
    }

    /** The moment of the oldest entry that is left. */
    private Instant oldest() {
        return oplog.links(timeline).getFirst().slice().first().instant();
    }

    private long objects() {
        try (var found = store.list("sources/source/oplog/data/")) {
            return found.count();
        }
    }

    @Test
    void whatTheOldestBackupNeedsStaysAndAnHourBeforeItForItsTransactions() {
        ArchivedOplog.chain(oplog, timeline, SLICES, 600);
        backups(OLD, MIDDLE, NEW);

        Trimmed trimmed = trim(Optional.empty());

        assertThat(trimmed.slices()).isEqualTo(AN_HOUR);
        assertThat(trimmed.bytes()).isPositive();
        assertThat(oldest()).isEqualTo(OLD.moment().minus(Duration.ofHours(1)));
        assertThat(objects()).as("slices without a link").isEqualTo(SLICES - AN_HOUR);
        assertThat(trim(Optional.empty()).slices()).as("again").isZero();
    }

    @Test
    void olderThanItsAgeGoesThoughABackupIsOlder() {
        ArchivedOplog.chain(oplog, timeline, SLICES, 600);
        backups(OLD, MIDDLE, NEW);

        assertThat(trim(Optional.of(Duration.ofHours(4))).slices()).isEqualTo(4 * AN_HOUR);
        assertThat(oldest()).isEqualTo(BEGIN.plus(Duration.ofHours(4)));
    }

    @Test
    void whatTheNewestBackupNeedsStaysWhateverItsAge() {
        ArchivedOplog.chain(oplog, timeline, SLICES, 600);
        backups(OLD, NEW);

        trim(Optional.of(Duration.ofMinutes(1)));

        assertThat(oldest()).isEqualTo(NEW.moment().minus(Duration.ofHours(1)));
    }

    @Test
    void withoutASealedBackupEverythingStays() {
        ArchivedOplog.chain(oplog, timeline, 6, 600);
        new ArchiveForTests(store).leaveUnsealed(OLD, List.of("a"));

        assertThat(trim(Optional.of(Duration.ofMinutes(1))).slices()).isZero();
    }

    @Test
    void theLastSliceOfATimelineStaysSoThatItCanGoOn() {
        ArchivedOplog.chain(oplog, timeline, 6, 600);
        backups(NEW);

        assertThat(trim(Optional.empty()).slices()).isEqualTo(5);
        assertThat(oplog.end(timeline).number()).isEqualTo(6);
    }

    @Test
    void aDamagedLinkIsNoReasonToKeepAllForEver() {
        ArchivedOplog.chain(oplog, timeline, 6, 600);
        backups(NEW);
        ObjectKey first = linkKey();
        store.delete(first);
        store.create(first, Content.of(new byte[] {1}));

        assertThat(trim(Optional.empty()).slices()).isEqualTo(5);
        assertThat(oplog.links(timeline)).extracting(OplogLink::number).containsExactly(6L);
    }

    @Test
    void aDeletionThatEndsHalfwayLeavesAChain() {
        ArchivedOplog.chain(oplog, timeline, 6, 600);
        backups(NEW);
        int[] looks = {0};

        try {
            new OplogTrim(catalog, Optional.empty(), NOW).trim(() -> {
                if (++looks[0] == 6) {
                    throw new Failure(FailureKind.LOCK_LOST, "lost", "Again.");
                }
            });
        } catch (Failure lost) {
            assertThat(lost.kind()).isEqualTo(FailureKind.LOCK_LOST);
        }

        assertThat(looks[0]).isEqualTo(6);
        assertThat(oplog.links(timeline)).extracting(OplogLink::number).containsExactly(3L, 4L, 5L, 6L);
        assertThat(trim(Optional.empty()).slices()).isEqualTo(3);
    }

    @Test
    void aRehearsalTellsAndDeletesNothing() {
        ArchivedOplog.chain(oplog, timeline, SLICES, 600);
        backups(OLD, MIDDLE, NEW);

        var trim = new OplogTrim(catalog, Optional.empty(), NOW);

        assertThat(trim.old(List.of())).hasSize(AN_HOUR);
        assertThat(trim.old(List.of(OLD))).hasSize(3 * AN_HOUR);
        assertThat(trim.needless(List.of()).map(OpTime::instant))
                .contains(OLD.moment().minus(Duration.ofHours(1)));
        assertThat(objects()).isEqualTo(SLICES);
    }

    @Test
    void sealsOfMomentsThatNothingLeadsToGoWithTheOplog() {
        ArchivedOplog.chain(oplog, timeline, SLICES, 600);
        backups(OLD, NEW);
        List<OpTime> sealed = Stream.of(BEGIN, OLD.moment().minusSeconds(3_601), OLD.moment(), NEW.moment())
                .map(moment -> new OpTime(moment.getEpochSecond(), 7))
                .toList();
        sealed.forEach(at -> store.create(catalog.seals().key(at), Content.of(new byte[] {1})));

        assertThat(trim(Optional.empty()).seals()).isEqualTo(2);
        assertThat(catalog.seals().list()).containsExactlyElementsOf(sealed.subList(2, 4));
        assertThat(trim(Optional.empty()).seals()).as("again").isZero();
    }

    @Test
    void withoutASealedBackupEverySealStays() {
        store.create(catalog.seals().key(new OpTime(1, 1)), Content.of(new byte[] {1}));
        new ArchiveForTests(store).leaveUnsealed(OLD, List.of("a"));

        assertThat(trim(Optional.of(Duration.ofMinutes(1))).seals()).isZero();
    }

    private ObjectKey linkKey() {
        try (var found = store.list("sources/source/oplog/links/000001/")) {
            return found.findFirst().orElseThrow().key();
        }
    }
}
