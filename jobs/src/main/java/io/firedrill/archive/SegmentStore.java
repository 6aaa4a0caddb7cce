package io.firedrill.archive;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
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

/** The segments of one source: content-addressed, so that what was stored once is not stored again. Thread-safe. */
public final class SegmentStore {
    private static final int BUFFER = 256 << 10;

    private final ObjectStore store;
    private final Function<String, ObjectKey> keys;

    public SegmentStore(ObjectStore store, String source) {
        this(store, new ArchiveLayout(source)::segment);
    }

    /**
     * @param keys where the object of a digest lies
     */
    SegmentStore(ObjectStore store, Function<String, ObjectKey> keys) {
        this.store = store;
        this.keys = keys;
    }

    /** What the store has of a segment's bytes. */
    public record Stored(String sha256, String storedSha256, long bytesStored, boolean reused) {}

    /**
     * Stores a segment unless it is there.
     *
     * @param known segments of earlier sealed backups by digest: their objects need not be read back, only found
     */
    public Stored put(SegmentWriter writer, Map<String, Segment> known) {
        String sha256 = writer.finish();
        ObjectKey key = keys.apply(sha256);
        if (store.head(key).isEmpty()) {
            SegmentWriter.Packed packed = writer.pack();
            if (store.create(key, content(packed))) {
                return new Stored(sha256, packed.storedSha256(), packed.bytes(), false);
            }
        }
        return reuse(key, sha256, writer.bytesRaw(), Optional.ofNullable(known.get(sha256)));
    }

    /** Reads an object through and compares its digest; writes nothing, holds nothing. */
    public long check(Segment segment) {
        ObjectKey key = keys.apply(segment.sha256());
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

    /** A segment's documents, in memory, after stored and raw digest were compared: nothing unverified leaves here. */
    public VerifiedSegment fetch(Segment segment) {
        ObjectKey key = keys.apply(segment.sha256());
        Unpacked unpacked = unpack(key, segment.bytesRaw());
        requireEqual(key, segment.storedSha256(), unpacked.storedSha256);
        requireEqual(key, segment.sha256(), unpacked.sha256);
        return new VerifiedSegment(unpacked.raw, segment.documents(), key);
    }

    /** Looks whether a segment's object is there with the right size, as the last look before sealing. */
    public void requirePresent(Segment segment) {
        ObjectKey key = keys.apply(segment.sha256());
        ObjectInfo info = store.head(key).orElseThrow(() -> ArchiveFile.missing(key));
        requireEqual(key, segment.bytesStored(), info.bytes());
    }

    private Stored reuse(ObjectKey key, String sha256, long bytesRaw, Optional<Segment> known) {
        if (known.isPresent()) {
            requirePresent(known.get());
            return new Stored(sha256, known.get().storedSha256(), known.get().bytesStored(), true);
        }
        // An object without a manifest, left by a backup that was cut off: good only if it reads back as what it is
        // named.
        Unpacked unpacked = unpack(key, bytesRaw);
        requireEqual(key, sha256, unpacked.sha256);
        return new Stored(sha256, unpacked.storedSha256, unpacked.bytesStored, true);
    }

    private record Unpacked(ByteChunks raw, String sha256, String storedSha256, long bytesStored) {}

    private Unpacked unpack(ObjectKey key, long bytesRawMax) {
        MessageDigest stored = Digests.sha256();
        MessageDigest rawDigest = Digests.sha256();
        var raw = new ByteChunks();
        try (var counted = new CountedStream(open(key));
                var digested = new DigestInputStream(counted, stored);
                var in = new ZstdInputStreamNoFinalizer(digested)) {
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
