package io.firedrill.archive;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.ObjectKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bson.BsonBinaryWriter;
import org.bson.BsonDocument;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;
import org.bson.codecs.EncoderContext;
import org.bson.io.BasicOutputBuffer;

/**
 * One plan, part or manifest as bytes: a line {@code FIREDRILL <kind> <version>}, a line with the SHA-256 of that line and
 * the body, and the body as BSON. The digest comes first, so that a flipped bit can never pass for a newer format.
 */
final class ArchiveFile {
    static final int VERSION = 1;

    /** The same, with the body sealed by a store key. */
    private static final int SEALED_VERSION = 2;

    /**
     * What a manifest with slices of the oplog adds to its version: whoever loads only the segments that it names, finds every
     * digest equal and has something else.
     */
    private static final int WITH_OPLOG = 2;

    /** What a part with deltas adds: whoever loads only the objects that its segments name, has an earlier moment. */
    private static final int WITH_DELTAS = 4;

    private static final int VERSION_MAX = SEALED_VERSION + WITH_DELTAS;

    /** A plan of ten thousand collections takes some megabytes; what is larger than this was not written by us. */
    static final int BYTES_MAX = 256 << 20;

    private ArchiveFile() {}

    static byte[] encode(String kind, BsonDocument body) {
        return file(head(kind, VERSION + added(body)), bson(body));
    }

    /** Only to be read with the store key, and only under this key of the store; without a store key as ever. */
    static byte[] encode(String kind, ObjectKey key, BsonDocument body, Optional<StoreKey> storeKey) {
        return storeKey.map(secret ->
                        file(head(kind, SEALED_VERSION + added(body)), secret.seal(bson(body), context(kind, key))))
                .orElseGet(() -> encode(kind, body));
    }

    private static int added(BsonDocument body) {
        return body.containsKey(Part.DELTAS) ? WITH_DELTAS : body.containsKey(Manifest.OPLOG) ? WITH_OPLOG : 0;
    }

    /** Whether bytes that were decoded before had a sealed body. */
    static boolean isSealed(byte[] bytes) {
        String head = new String(bytes, 0, lineEnd(bytes, 0), StandardCharsets.UTF_8).trim();
        return IntStream.rangeClosed(VERSION, VERSION_MAX)
                .filter(ArchiveFile::isSealed)
                .anyMatch(version -> head.endsWith(" " + version));
    }

    /** What is sealed has the even versions. */
    private static boolean isSealed(int version) {
        return version % 2 == 0;
    }

    private static byte[] file(byte[] head, byte[] content) {
        return concat(head, digestLine(head, content), content);
    }

    private static String context(String kind, ObjectKey key) {
        return "firedrill/1/%s\n%s".formatted(kind, key.value());
    }

    private static byte[] bson(BsonDocument body) {
        try (var buffer = new BasicOutputBuffer();
                var writer = new BsonBinaryWriter(buffer)) {
            new BsonDocumentCodec()
                    .encode(writer, body, EncoderContext.builder().build());
            return buffer.toByteArray();
        }
    }

    /** Checks and decodes; whatever is wrong is a {@code BACKUP_DAMAGED} that names the object. */
    static <T> T decode(String kind, ObjectKey key, byte[] bytes, Function<BsonDocument, T> reader) {
        return decode(kind, key, bytes, reader, Optional.empty());
    }

    /**
     * The same, of a file that may be sealed.
     *
     * @param storeKey that it is sealed with; another one, or none, is a failure of its own
     */
    static <T> T decode(
            String kind, ObjectKey key, byte[] bytes, Function<BsonDocument, T> reader, Optional<StoreKey> storeKey) {
        int headEnd = lineEnd(bytes, 0);
        int digestEnd = lineEnd(bytes, headEnd);
        byte[] head = Arrays.copyOf(bytes, headEnd);
        byte[] content = Arrays.copyOfRange(bytes, digestEnd, bytes.length);
        byte[] digest = Arrays.copyOfRange(bytes, headEnd, digestEnd);
        if (!MessageDigest.isEqual(digest, digestLine(head, content))) {
            throw damaged(key, "its checksum does not match its content");
        }
        int version = version(kind, key, new String(head, StandardCharsets.UTF_8).trim());
        byte[] body = isSealed(version) ? unsealed(kind, key, content, storeKey) : content;
        try {
            return reader.apply(new RawBsonDocument(body));
        } catch (RuntimeException thrown) {
            throw damaged(
                    key,
                    "its content cannot be understood (%s)"
                            .formatted(thrown.getClass().getSimpleName()));
        }
    }

    static Failure damaged(ObjectKey key, String why) {
        return new Failure(
                FailureKind.BACKUP_DAMAGED,
                "stored object %s is damaged: %s".formatted(key.value(), why),
                "Restore another backup ('firedrill backups' lists them), and find out what changed the store.");
    }

    static Failure missing(ObjectKey key) {
        return new Failure(
                FailureKind.BACKUP_DAMAGED,
                "stored object %s is missing".formatted(key.value()),
                "Restore another backup ('firedrill backups' lists them), and find out what deleted it from the store.");
    }

    private static byte[] unsealed(String kind, ObjectKey key, byte[] content, Optional<StoreKey> storeKey) {
        StoreKey secret = storeKey.orElseThrow(() -> new Failure(
                FailureKind.KEY_MISSING,
                "%s is encrypted, and no store key was given".formatted(key.value()),
                "Set FIREDRILL_STORE_KEY to the store key with the fingerprint %s."
                        .formatted(StoreKey.fingerprintOf(content))));
        if (!secret.owns(content)) {
            throw new Failure(
                    FailureKind.KEY_WRONG,
                    "%s was written with the store key %s; the one given is %s"
                            .formatted(key.value(), StoreKey.fingerprintOf(content), secret.fingerprint()),
                    "Give the store key that belongs to this store with FIREDRILL_STORE_KEY.");
        }
        return secret.open(content, context(kind, key))
                .orElseThrow(() -> damaged(key, "it was changed, or belongs under another name"));
    }

    private static int version(String kind, ObjectKey key, String head) {
        String known = "FIREDRILL %s ".formatted(kind);
        if (!head.startsWith(known)) {
            throw damaged(key, "it is not a %s".formatted(kind));
        }
        int version = Integer.parseInt(head.substring(known.length()));
        if (version > VERSION_MAX) {
            throw new Failure(
                    FailureKind.FORMAT_TOO_NEW,
                    "%s has format version %d; this Firedrill knows versions up to %d"
                            .formatted(key.value(), version, VERSION_MAX),
                    "Use the Firedrill that wrote it, or a newer one.");
        }
        return version;
    }

    private static byte[] head(String kind, int version) {
        return "FIREDRILL %s %d\n".formatted(kind, version).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] digestLine(byte[] head, byte[] content) {
        MessageDigest digest = Digests.sha256();
        digest.update(head);
        return (Digests.hex(digest.digest(content)) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static int lineEnd(byte[] bytes, int from) {
        int end = from;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return Math.min(end + 1, bytes.length);
    }

    static byte[] concat(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
