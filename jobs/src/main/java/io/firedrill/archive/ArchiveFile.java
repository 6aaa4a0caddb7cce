package io.firedrill.archive;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.storage.ObjectKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.function.Function;
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

    /** Of a manifest that names slices of the oplog: whoever loads only what version 1 knows has something else. */
    static final int VERSION_WITH_OPLOG = 2;

    /** A plan of ten thousand collections takes some megabytes; what is larger than this was not written by us. */
    static final int BYTES_MAX = 256 << 20;

    private ArchiveFile() {}

    static byte[] encode(String kind, BsonDocument body) {
        return encode(kind, VERSION, body);
    }

    static byte[] encode(String kind, int version, BsonDocument body) {
        byte[] head = head(kind, version);
        byte[] content = bson(body);
        return concat(head, digestLine(head, content), content);
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
        int headEnd = lineEnd(bytes, 0);
        int digestEnd = lineEnd(bytes, headEnd);
        byte[] head = Arrays.copyOf(bytes, headEnd);
        byte[] content = Arrays.copyOfRange(bytes, digestEnd, bytes.length);
        byte[] digest = Arrays.copyOfRange(bytes, headEnd, digestEnd);
        if (!MessageDigest.isEqual(digest, digestLine(head, content))) {
            throw damaged(key, "its checksum does not match its content");
        }
        requireVersion(kind, key, new String(head, StandardCharsets.UTF_8).trim());
        try {
            return reader.apply(new RawBsonDocument(content));
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

    private static void requireVersion(String kind, ObjectKey key, String head) {
        String known = "FIREDRILL %s ".formatted(kind);
        if (!head.startsWith(known)) {
            throw damaged(key, "it is not a %s".formatted(kind));
        }
        int version = Integer.parseInt(head.substring(known.length()));
        if (version > VERSION_WITH_OPLOG) {
            throw new Failure(
                    FailureKind.FORMAT_TOO_NEW,
                    "%s has format version %d; this Firedrill knows versions up to %d"
                            .formatted(key.value(), version, VERSION_WITH_OPLOG),
                    "Use the Firedrill that wrote it, or a newer one.");
        }
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

    private static byte[] concat(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
