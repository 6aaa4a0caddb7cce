package io.firedrill.oplog;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.BackupId;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.RecoveryWindow.Base;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.HandmadeArchive;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryWindowsTest {
    private static final String LINKS = "sources/shop/oplog/links/000001/";

    @TempDir
    private Path folder;

    private ObjectStore store;
    private HandmadeArchive made;

    @BeforeEach
    void open() {
        store = ObjectStores.directory(folder);
        made = new HandmadeArchive(store);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private OplogTimeline archived() {
        OplogTimeline timeline = made.timeline(1, new OpTime(10, 1), "set");
        made.link(timeline, HandmadeArchive.noops(10, 19));
        made.link(timeline, HandmadeArchive.noops(20, 29));
        return timeline;
    }

    private List<RecoveryWindow> windows() {
        return new RecoveryWindows(made.catalog()).all();
    }

    private static OpTime at(int second) {
        return new OpTime(second, 1);
    }

    @Test
    void aWindowIsFromTheFirstBackupInAChainToItsEnd() {
        OplogTimeline timeline = archived();
        made.backup(9, at(9), "set");
        BackupId second = made.backup(2, at(22), "set");
        BackupId first = made.backup(1, at(15), "set");
        made.backup(3, at(30), "set");
        made.backup(4, at(16), "another set");

        assertThat(windows())
                .containsExactly(new RecoveryWindow(
                        timeline, at(29), List.of(new Base(first, at(15)), new Base(second, at(22)))));
        RecoveryWindow window = windows().getFirst();
        assertThat(window.from()).isEqualTo(at(15));
        assertThat(window.holds(at(14))).isFalse();
        assertThat(window.holds(at(15))).isTrue();
        assertThat(window.holds(at(29))).isTrue();
        assertThat(window.holds(at(29).next())).isFalse();
        assertThat(window.baseFor(at(22).previous()).backup()).isEqualTo(first);
        assertThat(window.baseFor(at(22)).backup()).isEqualTo(second);
    }

    @Test
    void withoutABackupOrWithoutAnArchiveThereIsNoWindow() {
        made.backup(1, at(15), "set");
        assertThat(windows()).isEmpty();
        made.timeline(1, new OpTime(10, 1), "set");
        assertThat(windows()).as("nothing is archived of it").isEmpty();
    }

    @Test
    void aGapEndsAWindow() {
        archived();
        made.backup(1, at(15), "set");
        OplogTimeline after = made.timeline(2, at(50), "set");
        made.link(after, HandmadeArchive.noops(50, 59));
        assertThat(windows()).hasSize(1);
        BackupId later = made.backup(2, at(55), "set");

        assertThat(windows()).extracting(RecoveryWindow::to).containsExactly(at(29), at(59));
        assertThat(windows().getLast().bases()).containsExactly(new Base(later, at(55)));
    }

    @Test
    void whatWasRolledBackIsNoHomeForABackup() {
        archived();
        OplogTimeline after = made.timeline(2, at(25), "set");
        made.link(after, HandmadeArchive.noops(25, 39));
        BackupId inBoth = made.backup(2, at(27), "set");
        made.backup(1, at(15), "set");

        assertThat(windows().getLast().bases()).containsExactly(new Base(inBoth, at(27)));
        assertThat(windows().getFirst().bases()).extracting(Base::at).containsExactly(at(15));
    }

    @Test
    void aWindowBeginsBehindLinksThatWereDeleted() {
        archived();
        made.backup(1, at(15), "set");
        BackupId second = made.backup(2, at(22), "set");
        ObjectKey oldest;
        try (var links = store.list(LINKS)) {
            oldest = links.map(ObjectInfo::key).findFirst().orElseThrow();
        }
        store.delete(oldest);

        assertThat(windows().getFirst().bases()).containsExactly(new Base(second, at(22)));
    }

    @Test
    void aDamagedBackupIsNoBase() {
        archived();
        BackupId damaged = made.backup(1, at(15), "set");
        BackupId sound = made.backup(2, at(22), "set");
        ObjectKey key = made.catalog().manifestKey(damaged);
        byte[] bytes = store.read(key, 1 << 20).orElseThrow();
        bytes[bytes.length - 3] ^= 1;
        store.delete(key);
        store.create(key, Content.of(bytes));

        assertThat(windows().getFirst().bases()).extracting(Base::backup).containsExactly(sound);
    }
}
