package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.archive.Selection;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.RecoveryWindow.Base;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.HandmadeArchive;
import io.firedrill.testing.SteppedStore;
import io.firedrill.testing.SteppedStore.Operation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonDocument;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of an archive is listed and read to find something in it. */
class ArchivedMomentsTest {
    private static final Base BASE = new Base(new BackupId("20260101T000000Z-00000001"), new OpTime(90, 1));

    @TempDir
    private Path directory;

    private final List<String> listed = new ArrayList<>();
    private final List<String> read = new ArrayList<>();
    private HandmadeArchive archive;
    private BackupCatalog catalog;

    @BeforeEach
    void counting() {
        archive = new HandmadeArchive(ObjectStores.directory(directory));
        catalog = new BackupCatalog(
                new SteppedStore(ObjectStores.directory(directory), (operation, key) -> {
                    if (key.contains("/oplog/links/")) {
                        (operation == Operation.LIST ? listed : read).add(key);
                    }
                }),
                "shop");
    }

    /** An entry a link, one of which is a drop. */
    private RecoveryWindow window(int drop) {
        List<BsonDocument> entries = HandmadeArchive.noops(90, 119);
        entries.set(drop - 90, HandmadeArchive.entry(drop, 1, "c", "shop.$cmd", "{drop: 'orders'}"));
        OplogTimeline timeline = archive.timeline(1, new OpTime(90, 1), "set");
        archive.links(timeline, entries, 1);
        return new RecoveryWindow(timeline, new OpTime(119, 1), List.of(BASE));
    }

    @Test
    void theLastDropIsFoundFromTheEndOnWithOneListing() {
        RecoveryWindow window = window(110);
        ArchivedMoments.Chosen chosen = new ArchivedMoments(catalog.oplog()).beforeLastDrop(window);

        assertThat(chosen.until()).isEqualTo(new OpTime(110, 1).previous());
        assertThat(chosen.why()).isEqualTo("the entry before drop of shop.orders at 110,1");
        assertThat(listed).hasSize(1);
        assertThat(read).as("links from the end to the drop").hasSize(10);
    }

    @Test
    void whatTheBackupShowsAlreadyIsNoDropAndIsLookedForWithOneListing() {
        RecoveryWindow window = window(90);
        var moments = new ArchivedMoments(catalog.oplog());
        Failure failure = catchThrowableOfType(Failure.class, () -> moments.beforeLastDrop(window));

        assertThat(failure.kind()).isEqualTo(FailureKind.TARGET_UNREACHABLE);
        assertThat(listed).hasSize(1);
    }

    @Test
    void aListingThatHasEnoughLooksIntoNoLaterTimeline() {
        window(91);
        for (int timeline = 2; timeline <= 4; timeline++) {
            int begin = 100 * timeline;
            archive.links(
                    archive.timeline(timeline, new OpTime(begin, 1), "set"),
                    List.of(
                            HandmadeArchive.entry(begin, 1, "c", "shop.$cmd", "{drop: 'a'}"),
                            HandmadeArchive.entry(begin + 1, 1, "c", "shop.$cmd", "{drop: 'b'}")),
                    2);
        }
        listed.clear();
        List<String> told = new ArrayList<>();
        new OplogListing(catalog.oplog(), Selection.EVERYTHING)
                .read(new OpTime(0, 0), new OpTime(900, 1), happening -> {
                    told.add(happening.kind());
                    return false;
                });

        assertThat(told).containsExactly("drop");
        assertThat(listed).containsExactly("sources/shop/oplog/links/000001/");
    }
}
