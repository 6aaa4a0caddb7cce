package io.firedrill.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.bson.BsonArray;
import org.bson.BsonBinary;
import org.bson.BsonBoolean;
import org.bson.BsonDateTime;
import org.bson.BsonDecimal128;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonMaxKey;
import org.bson.BsonMinKey;
import org.bson.BsonNull;
import org.bson.BsonObjectId;
import org.bson.BsonString;
import org.bson.BsonSymbol;
import org.bson.BsonTimestamp;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.types.Decimal128;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A base and its delta together are what the range holds, byte for byte: a sorted map that is written to says what that is. */
class MergedSegmentTest {
    private static final BsonDocumentCodec CODEC = new BsonDocumentCodec();
    private static final OpTime THEN = new OpTime(1_000, 1);
    private static final OpTime NOW = new OpTime(2_000, 1);

    @TempDir
    private Path directory;

    private ObjectStore store;
    private SegmentStore segments;

    @BeforeEach
    void open() {
        store = ObjectStores.directory(directory);
        segments = new SegmentStore(store, "source");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void aRangeIsItsBaseWithWhatHasChangedWhateverThatIs() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int pattern = 0; pattern < 300; pattern++) {
            NavigableMap<BsonValue, RawBsonDocument> held = filled(random);
            Segment segment = stored(held.values());
            Optional<Delta> delta = Optional.empty();
            for (int backup = 0; backup < 3; backup++) {
                delta = Optional.of(changed(segment, delta, held, random));
                Segment merged = segment.changed(0, NOW, delta.get());
                assertThat(documents(merged))
                        .as("pattern %d, backup %d of seed %d", pattern, backup, seed)
                        .containsExactlyElementsOf(bytes(held.values()));
                assertThat(merged.documentsOfRange()).isEqualTo(held.size());
                assertThat(segments.fetch(merged).digest()).isEqualTo(sha256(held.values()));
            }
        }
    }

    @Test
    void whatGoesBeforeTheFirstAndBehindTheLastHasItsPlace() {
        NavigableMap<BsonValue, RawBsonDocument> held = numbers(3, 4);
        Segment base = stored(held.values());
        NavigableMap<BsonValue, RawBsonDocument> more = numbers(1, 2, 3, 4, 5, 6);

        Segment merged = base.changed(0, NOW, delta(numbers(1, 2, 5, 6).values(), ids(1, 2, 5, 6), 0));

        assertThat(documents(merged)).containsExactlyElementsOf(bytes(more.values()));
    }

    @Test
    void aRangeOfWhichNothingIsLeftIsEmpty() {
        Segment base = stored(numbers(1, 2, 3).values());

        Segment merged = base.changed(0, NOW, delta(List.of(), ids(1, 2, 3), 3));

        assertThat(documents(merged)).isEmpty();
        assertThat(merged.documentsOfRange()).isZero();
    }

    @Test
    void aRangeThatWasEmptyHoldsWhatHasComeSince() {
        Segment base = stored(List.of());

        Segment merged = base.changed(0, NOW, delta(numbers(1, 2).values(), ids(1, 2), 0));

        assertThat(documents(merged))
                .containsExactlyElementsOf(bytes(numbers(1, 2).values()));
    }

    @Test
    void anIdIsTheSameWhateverTypeOfNumberItIs() {
        Segment base = stored(numbers(1, 2, 3).values());
        RawBsonDocument other = document(new BsonDouble(2), "other");

        Segment merged = base.changed(0, NOW, delta(List.of(other), new BsonArray(List.of(new BsonInt64(2))), 1));

        assertThat(documents(merged))
                .containsExactlyElementsOf(bytes(List.of(
                        numbers(1).firstEntry().getValue(),
                        other,
                        numbers(3).firstEntry().getValue())));
    }

    @Test
    void textThatIsNoUtf8StandsWhereTheServerPutsIt() {
        RawBsonDocument invalid = document(new BsonString("b"), "invalid");
        ByteBuffer raw = invalid.getByteBuffer().asNIO();
        raw.put(raw.position() + 13, (byte) 0xFF);
        Segment base = stored(List.of(document(new BsonString("a"), ""), invalid));
        RawBsonDocument added = document(new BsonString("\uFFFD"), "added");

        Segment merged =
                base.changed(0, NOW, delta(List.of(added), new BsonArray(List.of(new BsonString("\uFFFD"))), 0));

        // FF is behind EF BF BD; a decoder would have made the one into the other.
        assertThat(documents(merged))
                .containsExactlyElementsOf(bytes(List.of(document(new BsonString("a"), ""), added, invalid)));
    }

    @Test
    void aDeltaThatReplacesAnotherNumberOfDocumentsIsRefused() {
        Segment merged = stored(numbers(1, 2, 3).values())
                .changed(0, NOW, delta(numbers(2).values(), ids(2), 0));

        requireDamaged(merged, "replaces or removes 1 documents instead of 0");
    }

    @Test
    void aDocumentThatTheDeltaDoesNotNameIsRefused() {
        Segment merged = stored(numbers(1, 2, 3).values())
                .changed(0, NOW, delta(numbers(2, 3).values(), ids(2), 1));

        requireDamaged(merged, "a document that its delta does not name");
    }

    @Test
    void idsOutOfOrderAreRefused() {
        Segment merged = stored(numbers(1, 2, 3).values()).changed(0, NOW, delta(List.of(), ids(2, 1), 2));

        requireDamaged(merged, "not in order");
    }

    @Test
    void aDeltaComesBackFromItsPartAsItWas() {
        Segment merged = stored(numbers(1, 2, 3).values())
                .changed(4, NOW, delta(numbers(2).values(), ids(2), 1));
        var catalog = new BackupCatalog(store, "source");
        var part = new Part(new BackupId("20261123T235900Z-0a1b2c3d"), "000001", List.of(merged));
        catalog.write(part);

        assertThat(catalog.part(part.backup(), "000001")).contains(part);
        assertThat(documents(part.segments().getFirst())).hasSize(3);
    }

    @Test
    void aPartWithADeltaHasAVersionThatOlderReadersRefuse() {
        var plain = new Part(new BackupId("20261123T235900Z-0a1b2c3d"), "000001", List.of(stored(List.of())));
        Segment merged = stored(numbers(1).values()).changed(0, NOW, delta(List.of(), ids(1), 1));
        var changed = new Part(plain.backup(), "000001", List.of(merged));

        assertThat(head(ArchiveFile.encode("part", plain.toBson()))).startsWith("FIREDRILL part 1\n");
        assertThat(head(ArchiveFile.encode("part", changed.toBson()))).startsWith("FIREDRILL part 5\n");
        assertThat(ArchiveFile.isSealed(ArchiveFile.encode("part", changed.toBson())))
                .isFalse();
    }

    @Test
    void bothObjectsAreLookedFor() throws Exception {
        Segment merged = stored(numbers(1, 2, 3).values())
                .changed(0, NOW, delta(numbers(2).values(), ids(2), 1));
        for (Segment object : merged.objects()) {
            assertThat(segments.hasAsNow(merged)).isTrue();
            assertThat(segments.check(merged))
                    .isEqualTo(merged.objects().stream()
                            .mapToLong(Segment::bytesStored)
                            .sum());
            Path file = directory.resolve(keyOf(object).value());
            byte[] kept = Files.readAllBytes(file);
            Files.delete(file);

            assertThat(segments.hasAsNow(merged)).isFalse();
            assertThatThrownBy(() -> segments.requirePresent(merged)).hasMessageContaining("missing");
            assertThatThrownBy(() -> segments.check(merged)).hasMessageContaining("missing");
            assertThatThrownBy(() -> segments.fetch(merged)).hasMessageContaining("missing");
            Files.write(file, kept);
        }
    }

    private static String head(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private ObjectKey keyOf(Segment object) {
        return segments.keyOf(object);
    }

    private void requireDamaged(Segment merged, String why) {
        assertThatThrownBy(() -> documents(merged))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.kind()).isEqualTo(FailureKind.BACKUP_DAMAGED))
                .hasMessageContaining(why);
    }

    /** What a backup would find: ids so far and those written to now, and what of the base has one of them. */
    private Delta changed(
            Segment base, Optional<Delta> before, NavigableMap<BsonValue, RawBsonDocument> held, Random random) {
        var ids = new TreeMap<BsonValue, BsonValue>(BsonOrder.INSTANCE);
        before.ifPresent(delta -> delta.ids().forEach(id -> ids.put(id, id)));
        for (int write = random.nextInt(30); write > 0; write--) {
            BsonValue id = key(random);
            ids.putIfAbsent(id, id);
            if (random.nextInt(3) == 0) {
                held.remove(id);
            } else {
                // The id keeps the type of whoever wrote it last.
                held.remove(id);
                held.put(id, document(id, "changed " + random.nextInt()));
            }
        }
        List<RawBsonDocument> found = ids.keySet().stream()
                .filter(held::containsKey)
                .map(id -> held.get(id))
                .toList();
        long leftOut = idsOf(base).stream().filter(ids::containsKey).count();
        return delta(found, new BsonArray(List.copyOf(ids.keySet())), leftOut);
    }

    private List<BsonValue> idsOf(Segment base) {
        List<BsonValue> found = new ArrayList<>();
        segments.fetch(base)
                .forEachDocument((bytes, offset, length) ->
                        found.add(new RawBsonDocument(bytes.clone(), offset, length).get("_id")));
        return found;
    }

    private static NavigableMap<BsonValue, RawBsonDocument> filled(Random random) {
        var held = new TreeMap<BsonValue, RawBsonDocument>(BsonOrder.INSTANCE);
        for (int i = random.nextInt(60); i > 0; i--) {
            BsonValue id = random.nextInt(4) == 0 ? other(random) : key(random);
            held.putIfAbsent(id, document(id, "base " + random.nextInt()));
        }
        return held;
    }

    /** An id of a type that a delta may speak of. */
    private static BsonValue key(Random random) {
        int number = random.nextInt(12);
        return switch (random.nextInt(9)) {
            case 0 -> new BsonInt32(number);
            case 1 -> new BsonInt64(number);
            case 2 -> new BsonDouble(number / 2.0);
            case 3 -> new BsonString("é" + number);
            case 4 -> new BsonObjectId(new ObjectId(number, number));
            case 5 -> new BsonBinary((byte) (number % 3), new byte[] {(byte) (100 + number)});
            case 6 -> BsonBoolean.valueOf(number % 2 == 0);
            case 7 -> new BsonDateTime(number - 6L);
            default -> new BsonTimestamp(number, 1);
        };
    }

    /** One that only a base has. */
    private static BsonValue other(Random random) {
        int number = random.nextInt(12);
        return switch (random.nextInt(7)) {
            case 0 -> new BsonDecimal128(Decimal128.parse(number + ".25"));
            case 1 -> new BsonDocument("a", new BsonInt32(number));
            case 2 -> new BsonSymbol("symbol " + number);
            case 3 -> new BsonMinKey();
            case 4 -> new BsonMaxKey();
            case 5 -> new BsonDouble(Double.NaN);
            default -> BsonNull.VALUE;
        };
    }

    private static NavigableMap<BsonValue, RawBsonDocument> numbers(int... numbers) {
        var held = new TreeMap<BsonValue, RawBsonDocument>(BsonOrder.INSTANCE);
        for (int number : numbers) {
            held.put(new BsonInt32(number), document(new BsonInt32(number), "number"));
        }
        return held;
    }

    private static BsonArray ids(int... numbers) {
        var ids = new BsonArray();
        for (int number : numbers) {
            ids.add(new BsonInt32(number));
        }
        return ids;
    }

    private static RawBsonDocument document(BsonValue id, String text) {
        return new RawBsonDocument(new BsonDocument("_id", id).append("text", new BsonString(text)), CODEC);
    }

    private Delta delta(Collection<RawBsonDocument> documents, BsonArray ids, long leftOut) {
        return new Delta(stored(documents), ids, leftOut);
    }

    private Segment stored(Collection<RawBsonDocument> documents) {
        var writer = new SegmentWriter();
        documents.forEach(document -> {
            ByteBuffer raw = document.getByteBuffer().asNIO();
            writer.add(raw.array(), raw.arrayOffset() + raw.position(), raw.remaining());
        });
        return segments.put(writer, Map.of()).segment(0, Optional.empty(), Optional.empty(), THEN, writer);
    }

    private List<ByteBuffer> documents(Segment segment) {
        List<ByteBuffer> found = new ArrayList<>();
        segments.fetch(segment)
                .forEachDocument((bytes, offset, length) -> found.add(ByteBuffer.wrap(
                        ByteBuffer.allocate(length).put(bytes, offset, length).array())));
        return found;
    }

    private static List<ByteBuffer> bytes(Collection<RawBsonDocument> documents) {
        return documents.stream()
                .map(document -> document.getByteBuffer().asNIO())
                .toList();
    }

    private static String sha256(Collection<RawBsonDocument> documents) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            bytes(documents).forEach(digest::update);
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
