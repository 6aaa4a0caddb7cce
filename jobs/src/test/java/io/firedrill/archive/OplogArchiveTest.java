package io.firedrill.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.archive.OplogSpan.Slice;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OplogArchiveTest {
    private static final String LINKS = "sources/shop/oplog/links/000001/";

    @TempDir
    private Path folder;

    private ObjectStore store;
    private OplogArchive archive;
    private OplogTimeline timeline;

    @BeforeEach
    void open() {
        store = ObjectStores.directory(folder);
        archive = new BackupCatalog(store, "shop").oplog();
        timeline = ArchivedOplog.timeline(1, 10, Optional.empty());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private OplogChainEnd threeLinks() {
        return ArchivedOplog.chain(archive, timeline, 3, 10);
    }

    private Slice slice(int first, int last) {
        return ArchivedOplog.slice(archive, first, last);
    }

    @Test
    void whatWasAppendedIsReadBackInItsOrder() {
        OplogChainEnd end = threeLinks();

        assertThat(archive.timelines()).containsExactly(timeline);
        assertThat(archive.end(timeline)).isEqualTo(end);
        List<OplogLink> links = archive.links(timeline);
        assertThat(links).extracting(OplogLink::number).containsExactly(1L, 2L, 3L);
        assertThat(links)
                .extracting(OplogLink::last)
                .extracting(OpTime::seconds)
                .containsExactly(19L, 29L, 39L);
        assertThat(links.getLast().rpo()).contains(Duration.ofMillis(30));
        List<Integer> lengths = new ArrayList<>();
        archive.slices()
                .fetch(links.getFirst().slice().stored())
                .forEachDocument((bytes, offset, length) -> lengths.add(length));
        assertThat(lengths).hasSize(10);
    }

    @Test
    void ofASpanOnlyItsLinksAreRead() {
        threeLinks();

        assertThat(numbers(new OpTime(20, 1), new OpTime(25, 1))).containsExactly(2L);
        assertThat(numbers(new OpTime(19, 1), new OpTime(20, 1))).containsExactly(1L, 2L);
        assertThat(numbers(new OpTime(10, 1), new OpTime(10, 1))).containsExactly(1L);
        assertThat(numbers(new OpTime(29, 1), new OpTime(29, 1))).containsExactly(2L);
        assertThat(numbers(new OpTime(39, 1), new OpTime(99, 1))).containsExactly(3L);
    }

    private List<Long> numbers(OpTime from, OpTime to) {
        return archive.links(timeline, from, to).stream().map(OplogLink::number).toList();
    }

    @Test
    void ofTwoThatGoOnFromTheSamePlaceOneWins() {
        OplogChainEnd end = threeLinks();

        assertThat(archive.append(end.link(slice(40, 45), 1, 7, ArchivedOplog.STORED_AT, Optional.empty())))
                .isPresent();
        assertThat(archive.append(end.link(slice(40, 49), 1, 8, ArchivedOplog.STORED_AT, Optional.empty())))
                .isEmpty();
        assertThat(archive.begin(timeline)).isFalse();
    }

    @Test
    void aNewTimelineIsAGapThatSaysBetweenWhat() {
        OplogChainEnd end = threeLinks();
        OplogTimeline next = ArchivedOplog.timeline(2, 90, Optional.of(end.last()));

        assertThat(archive.begin(next)).isTrue();
        assertThat(archive.timelines()).containsExactly(timeline, next);
        assertThat(archive.end(next).isBegin()).isTrue();
        assertThat(archive.links(next)).isEmpty();
    }

    @Test
    void aMissingLinkIsNamed() {
        threeLinks();
        store.delete(key(2));

        refused("links 2 to 2 are missing");
    }

    @Test
    void whatLiesBeforeTheFirstLinkThatIsLeftIsNoGap() {
        threeLinks();
        store.delete(key(1));

        assertThat(archive.links(timeline)).extracting(OplogLink::number).containsExactly(2L, 3L);
    }

    @Test
    void aChangedLinkIsNamed() {
        threeLinks();
        byte[] bytes = store.read(key(2), 1 << 20).orElseThrow();
        bytes[bytes.length - 3] ^= 1;
        replace(key(2), bytes);

        refused("its checksum does not match its content");
    }

    @Test
    void aLinkOfAnotherHistoryIsNamed() {
        threeLinks();
        OplogLink link = archive.links(timeline).get(1);
        var other = new OplogLink(
                1,
                2,
                link.after(),
                link.afterTerm(),
                link.slice(),
                2,
                link.previous(),
                9,
                ArchivedOplog.STORED_AT,
                Optional.empty());
        replace(key(2), ArchiveFile.encode("oplog-link", other.toBson()));

        refused("it does not follow what is there");
    }

    @Test
    void aLinkUnderAnotherNameIsNamed() {
        threeLinks();
        replace(key(2), store.read(key(3), 1 << 20).orElseThrow());

        refused("it is link 3 of timeline 1");
    }

    @Test
    void aForkIsNamed() {
        threeLinks();
        byte[] bytes = store.read(key(2), 1 << 20).orElseThrow();
        store.create(ObjectKey.of(LINKS + "000000002-0000001400000001"), Content.of(bytes));

        refused("there is another link 2");
    }

    private void refused(String why) {
        assertThatThrownBy(() -> archive.links(timeline))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(FailureKind.BACKUP_DAMAGED))
                .hasMessageContaining(why);
    }

    private ObjectKey key(int number) {
        List<ObjectKey> keys = new ArrayList<>();
        store.list(LINKS).forEach(info -> keys.add(info.key()));
        return keys.stream()
                .filter(key -> key.value().startsWith(LINKS + "%09d-".formatted(number)))
                .findFirst()
                .orElseThrow();
    }

    private void replace(ObjectKey key, byte[] bytes) {
        store.delete(key);
        store.create(key, Content.of(bytes));
    }
}
