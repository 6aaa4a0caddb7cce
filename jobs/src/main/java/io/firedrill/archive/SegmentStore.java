package io.firedrill.archive;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.firedrill.archive.Segment.Sealed;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectInfo;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.bson.BsonArray;
import org.bson.BsonDocument;

/** The segments of one source: content-addressed, so that what was stored once is not stored again. Thread-safe. */
public final class SegmentStore {
    private static final int BUFFER = 256 << 10;

    private final ObjectStore store;
    private final String source;
    private final Function<String, ObjectKey> keys;
    private final Optional<SegmentCipher> cipher;

    /** Segments that are not encrypted. */
    public SegmentStore(ObjectStore store, String source) {
        this(store, source, new ArchiveLayout(source)::segment, Optional.empty());
    }

    /**
     * @param keys where the object of an address lies
     */
    SegmentStore(ObjectStore store, String source, Function<String, ObjectKey> keys, Optional<SegmentCipher> cipher) {
        this.store = store;
        this.source = source;
        this.keys = keys;
        this.cipher = cipher;
    }

    /** What the store has of a segment's bytes. */
    public record Stored(
            String sha256, String storedSha256, long bytesStored, boolean reused, Optional<Sealed> sealed) {

        /** The segment as a part names it: how it lies in the store, and what it was cut from. */
        public Segment segment(
                int collection,
                Optional<BsonDocument> min,
                Optional<BsonDocument> max,
                OpTime at,
                SegmentWriter writer) {
            return new Segment(
                    collection,
                    min,
                    max,
                    at,
                    writer.documents(),
                    writer.bytesRaw(),
                    bytesStored,
                    sha256,
                    storedSha256,
                    reused,
                    sealed);
        }
    }

    /**
     * Stores a segment unless it is there. Its bytes are gone then.
     *
     * @param known segments of earlier sealed backups by digest: their objects need not be read back, only found
     */
    public Stored put(SegmentWriter writer, Map<String, Segment> known) {
        String sha256 = writer.finish();
        Optional<SegmentCipher> writing = cipher.filter(SegmentCipher::writes);
        String address = writing.map(it -> it.address(sha256)).orElse(sha256);
        ObjectKey key = keys.apply(address);
        if (store.head(key).isEmpty()) {
            Optional<Sealed> sealing = writing.map(it -> it.sealing(sha256));
            SegmentWriter.Packed packed = pack(writer, sealing);
            var stored = new Stored(sha256, packed.storedSha256(), packed.bytes(), false, sealing);
            boolean created = store.create(key, content(packed));
            packed.release();
            if (created) {
                return stored;
            }
        }
        writer.release();
        Optional<Segment> same = Optional.ofNullable(known.get(sha256))
                .filter(segment -> segment.address().equals(address));
        return same.map(this::reuse).orElseGet(() -> adopt(key, sha256, address, writer.bytesRaw()));
    }

    private SegmentWriter.Packed pack(SegmentWriter writer, Optional<Sealed> sealing) {
        return sealing.map(how -> writer.pack(
                        out -> cipher.orElseThrow().encrypting(out, source, how),
                        digest -> cipher.orElseThrow().signature(source, how, digest)))
                .orElseGet(() -> writer.pack());
    }

    /** Where a segment's bytes lie, for messages. */
    public ObjectKey keyOf(Segment segment) {
        return keys.apply(segment.address());
    }

    /** Reads a segment's objects through and compares their digests, and of a delta whether it goes with its base; writes nothing. */
    public long check(Segment segment) {
        if (segment.delta().isEmpty()) {
            return checkObject(segment);
        }
        fetch(segment).forEachDocument((raw, offset, length) -> {});
        return segment.objects().stream().mapToLong(Segment::bytesStored).sum();
    }

    private long checkObject(Segment segment) {
        ObjectKey key = keys.apply(segment.address());
        MessageDigest digest = Digests.sha256();
        long bytes = 0;
        try (InputStream in = open(key)) {
            byte[] buffer = new byte[BUFFER];
            for (int some = in.read(buffer); some >= 0; some = in.read(buffer)) {
                digest.update(buffer, 0, some);
                bytes += some;
            }
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
        requireEqual(key, segment.bytesStored(), bytes);
        requireEqual(key, segment.storedSha256(), Digests.hex(digest.digest()));
        return bytes;
    }

    /** A segment's documents, in memory, after stored and raw digests were compared: nothing unverified leaves here. */
    public VerifiedSegment fetch(Segment segment) {
        WholeSegment base = fetchObject(segment);
        return segment.delta()
                .<VerifiedSegment>map(delta -> merged(base, delta))
                .orElse(base);
    }

    private MergedSegment merged(WholeSegment base, Delta delta) {
        return new MergedSegment(
                base, fetchObject(delta.object()), delta.ids(), delta.leftOut(), keyOf(delta.object()));
    }

    /** What a delta on a base would be that is not stored, or not yet. */
    public VerifiedSegment merged(Segment base, SegmentWriter changed, BsonArray ids, long leftOut) {
        return new MergedSegment(fetchObject(base), changed.whole(keyOf(base)), ids, leftOut, keyOf(base));
    }

    private WholeSegment fetchObject(Segment segment) {
        ObjectKey key = keyOf(segment);
        Unpacked unpacked = unpack(key, segment.bytesRaw(), in -> opened(in, key, segment));
        requireEqual(key, segment.storedSha256(), unpacked.storedSha256);
        requireEqual(key, segment.sha256(), unpacked.sha256);
        return new WholeSegment(unpacked.raw, segment.documents(), key);
    }

    /** Looks whether a segment's objects are there with the right size, as the last look before sealing. */
    public void requirePresent(Segment segment) {
        segment.objects().forEach(object -> {
            ObjectKey key = keyOf(object);
            ObjectInfo info = store.head(key).orElseThrow(() -> ArchiveFile.missing(key));
            requireEqual(key, object.bytesStored(), info.bytes());
        });
    }

    /** Whether a segment of an earlier backup lies here, all of it, and just as it would be written now. */
    public boolean hasAsNow(Segment segment) {
        return segment.objects().stream().allMatch(this::hasObjectAsNow);
    }

    private boolean hasObjectAsNow(Segment segment) {
        String address = cipher.filter(SegmentCipher::writes)
                .map(it -> it.address(segment.sha256()))
                .orElse(segment.sha256());
        return address.equals(segment.address())
                && store.head(keys.apply(address))
                        .filter(info -> info.bytes() == segment.bytesStored())
                        .isPresent();
    }

    private InputStream opened(InputStream in, ObjectKey key, Segment segment) throws IOException {
        if (segment.sealed().isEmpty()) {
            return in;
        }
        SegmentCipher opening = cipher.orElseThrow(() -> new Failure(
                FailureKind.KEY_MISSING,
                "%s is encrypted, and no store key was given".formatted(key.value()),
                "Set FIREDRILL_STORE_KEY to the file that holds it."));
        return opening.decrypting(in, key, source, segment.sealed().get(), segment.bytesStored());
    }

    private Stored reuse(Segment known) {
        requirePresent(known);
        return new Stored(known.sha256(), known.storedSha256(), known.bytesStored(), true, known.sealed());
    }

    /**
     * Takes an object without a manifest, left by a backup that was cut off: good only if it reads back as what it is named,
     * or, where it cannot be read, if it bears our signature.
     */
    private Stored adopt(ObjectKey key, String sha256, String address, long bytesRaw) {
        if (!address.equals(sha256)) {
            return recognize(key, sha256, address);
        }
        Unpacked unpacked = unpack(key, bytesRaw, in -> in);
        unpacked.raw.release();
        requireEqual(key, sha256, unpacked.sha256);
        return new Stored(sha256, unpacked.storedSha256, unpacked.bytesStored, true, Optional.empty());
    }

    private Stored recognize(ObjectKey key, String sha256, String address) {
        long bytes = store.head(key).orElseThrow(() -> ArchiveFile.missing(key)).bytes();
        MessageDigest stored = Digests.sha256();
        try (InputStream in = open(key)) {
            Sealed how = cipher.orElseThrow().recognized(in, key, source, address, bytes, stored);
            return new Stored(sha256, Digests.hex(stored.digest()), bytes, true, Optional.of(how));
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private record Unpacked(ByteChunks raw, String sha256, String storedSha256, long bytesStored) {}

    /** Opens what an object holds: as it is, or decrypted. */
    private interface Opening {
        InputStream of(InputStream stored) throws IOException;
    }

    private Unpacked unpack(ObjectKey key, long bytesRawMax, Opening opening) {
        MessageDigest stored = Digests.sha256();
        MessageDigest rawDigest = Digests.sha256();
        var raw = new ByteChunks();
        try (var counted = new CountedStream(open(key));
                var digested = new DigestInputStream(counted, stored);
                var in = new ZstdInputStreamNoFinalizer(opening.of(digested))) {
            byte[] buffer = new byte[BUFFER];
            for (int some = in.read(buffer); some >= 0; some = in.read(buffer)) {
                rawDigest.update(buffer, 0, some);
                raw.write(buffer, 0, some);
                if (raw.size() > bytesRawMax) {
                    throw ArchiveFile.damaged(key, "it unpacks to more than %d bytes".formatted(bytesRawMax));
                }
            }
            digested.transferTo(java.io.OutputStream.nullOutputStream());
            return new Unpacked(raw, Digests.hex(rawDigest.digest()), Digests.hex(stored.digest()), counted.bytes());
        } catch (IOException thrown) {
            throw ArchiveFile.damaged(key, "it cannot be unpacked");
        }
    }

    private InputStream open(ObjectKey key) {
        return store.open(key).orElseThrow(() -> ArchiveFile.missing(key));
    }

    private static Content content(SegmentWriter.Packed packed) {
        return Content.of(packed.bytes(), HexFormat.of().parseHex(packed.storedSha256()), packed::open);
    }

    private static void requireEqual(ObjectKey key, long expected, long found) {
        if (expected != found) {
            throw ArchiveFile.damaged(key, "it has %d bytes instead of %d".formatted(found, expected));
        }
    }

    private static void requireEqual(ObjectKey key, String expected, String found) {
        if (!expected.equals(found)) {
            throw ArchiveFile.damaged(key, "its SHA-256 is %s instead of %s".formatted(found, expected));
        }
    }
}
