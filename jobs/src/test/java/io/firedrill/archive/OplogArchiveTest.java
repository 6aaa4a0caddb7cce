package io.firedrill.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.archive.OplogSpan.Slice;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.DeploymentIdentity;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonDocument;
import org.bson.BsonInt32;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OplogArchiveTest {
    private static final Instant NOW = Instant.ofEpochSecond(1_000_000);
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
        timeline = timeline(1, Optional.empty());
        assertThat(archive.begin(timeline)).isTrue();
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static OplogTimeline timeline(int number, Optional<OpTime> after) {
        var identity = new DeploymentIdentity("rs0", "id", List.of("a:1"), List.of(), "6.0.5", "6.0", Optional.empty());
        var reason = after.isPresent() ? OplogTimeline.Reason.ROLLED_OVER : OplogTimeline.Reason.FIRST;
        return new OplogTimeline(number, identity, new OpTime(10, 1), 1, NOW, reason, after);
    }

    private Slice slice(int first, int last) {
        var writer = new SegmentWriter();
        for (int second = first; second <= last; second++) {
            var bytes = new RawBsonDocument(new BsonDocument("n", new BsonInt32(second)), new BsonDocumentCodec())
                    .getByteBuffer();
            writer.add(bytes.array(), bytes.position(), bytes.remaining());
        }
        var stored = archive.slices().put(writer, Map.of());
        return new Slice(
                new OpTime(first, 1),
                stored.segment(0, Optional.empty(), Optional.empty(), new OpTime(last, 1), writer));
    }

    /** Three links of ten seconds each. */
    private OplogChainEnd threeLinks() {
        OplogChainEnd end = archive.end(timeline);
        for (int first : List.of(10, 20, 30)) {
            OplogLink link = end.link(slice(first, first + 9), 1, 7, NOW, Optional.of(Duration.ofMillis(first)));
            end = archive.append(link).orElseThrow();
        }
        return end;
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

        assertThat(archive.append(end.link(slice(40, 45), 1, 7, NOW, Optional.empty())))
                .isPresent();
        assertThat(archive.append(end.link(slice(40, 49), 1, 8, NOW, Optional.empty())))
                .isEmpty();
        assertThat(archive.begin(timeline(1, Optional.empty()))).isFalse();
    }

    @Test
    void aNewTimelineIsAGapThatSaysBetweenWhat() {
        OplogChainEnd end = threeLinks();
        OplogTimeline next = timeline(2, Optional.of(end.last()));

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
                1, 2, link.after(), link.afterTerm(), link.slice(), 2, link.previous(), 9, NOW, Optional.empty());
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
