package io.firedrill.archive;

import io.firedrill.archive.Segment.Sealed;
import io.firedrill.storage.ObjectKey;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;

/**
 * Encrypted segments: a head that names the data key, the ciphertext of Tink's streaming AEAD, and a signature by the store
 * key, by which a backup that can open nothing still knows an object for one of its own. Thread-safe.
 */
final class SegmentCipher {
    private static final byte[] MAGIC = "FIREDSEG1".getBytes(StandardCharsets.US_ASCII);
    private static final int KEY_ID = 16;
    private static final int HEAD = MAGIC.length + KEY_ID;
    private static final int SIGNATURE = 32;

    private final StoreKey storeKey;
    private final KeyRing ring;
    private final boolean writes;

    /**
     * @param writes whether new segments are encrypted, or only those that are there opened
     */
    SegmentCipher(StoreKey storeKey, KeyRing ring, boolean writes) {
        this.storeKey = storeKey;
        this.ring = ring;
        this.writes = writes;
    }

    boolean writes() {
        return writes;
    }

    String address(String sha256) {
        return storeKey.address(sha256);
    }

    /** How a new segment will be found and opened. */
    Sealed sealing(String sha256) {
        return new Sealed(address(sha256), ring.writing().id());
    }

    /** Writes the head, and encrypts what follows. Closing it ends the ciphertext. */
    OutputStream encrypting(OutputStream out, String source, Sealed how) throws IOException {
        out.write(MAGIC);
        out.write(how.keyId().getBytes(StandardCharsets.US_ASCII));
        try {
            return ring.writing().cipher().newEncryptingStream(out, context(source, how));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("a segment cannot be encrypted", impossible);
        }
    }

    /**
     * What an object ends with.
     *
     * @param digest SHA-256 over all that comes before it
     */
    byte[] signature(String source, Sealed how, byte[] digest) {
        return storeKey.signature(source, how.address(), digest);
    }

    /** Decrypts an object from its beginning, each piece only after it was authenticated. */
    InputStream decrypting(InputStream in, ObjectKey key, String source, Sealed how, long bytesStored)
            throws IOException {
        if (!keyIdOf(in, key).equals(how.keyId())) {
            throw ArchiveFile.damaged(key, "it names another key than %s".formatted(how.keyId()));
        }
        try {
            return ring.opening(how.keyId())
                    .cipher()
                    .newDecryptingStream(new Limited(in, bytesStored - HEAD - SIGNATURE), context(source, how));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("a segment cannot be decrypted", impossible);
        }
    }

    /**
     * Knows an object that no manifest names for one that was written, whole, under its address.
     *
     * @param whole takes every byte of the object
     */
    Sealed recognized(InputStream in, ObjectKey key, String source, String address, long bytes, MessageDigest whole)
            throws IOException {
        MessageDigest signed = Digests.sha256();
        byte[] head = in.readNBytes(HEAD);
        signed.update(head);
        whole.update(head);
        byte[] buffer = new byte[ByteChunks.CHUNK];
        long left = bytes - HEAD - SIGNATURE;
        while (left > 0) {
            int some = in.readNBytes(buffer, 0, (int) Math.min(left, buffer.length));
            if (some == 0) {
                break;
            }
            signed.update(buffer, 0, some);
            whole.update(buffer, 0, some);
            left -= some;
        }
        byte[] signature = in.readNBytes(SIGNATURE + 1);
        whole.update(signature);
        var how = new Sealed(address, keyIdOf(new java.io.ByteArrayInputStream(head), key));
        if (left != 0 || !MessageDigest.isEqual(signature, signature(source, how, signed.digest()))) {
            throw ArchiveFile.damaged(key, "its signature does not match its content");
        }
        ring.requireForAll(List.of(how.keyId()));
        return how;
    }

    private static String keyIdOf(InputStream in, ObjectKey key) throws IOException {
        byte[] head = in.readNBytes(HEAD);
        if (head.length < HEAD || !Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw ArchiveFile.damaged(key, "it is no encrypted segment");
        }
        String id = new String(head, MAGIC.length, KEY_ID, StandardCharsets.US_ASCII);
        try {
            return DataKey.checkedId(id);
        } catch (IllegalArgumentException none) {
            throw ArchiveFile.damaged(key, "it names no key");
        }
    }

    /** What the ciphertext is bound to: it opens under no other address and in no other source. */
    private static byte[] context(String source, Sealed how) {
        return "firedrill/1/segment\n%s\n%s\n%s"
                .formatted(source, how.address(), how.keyId())
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Ends before the signature. */
    private static final class Limited extends FilterInputStream {
        private long left;

        Limited(InputStream in, long left) {
            super(in);
            this.left = left;
        }

        @Override
        public int read() throws IOException {
            int one = left > 0 ? super.read() : -1;
            left -= one < 0 ? 0 : 1;
            return one;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int some = left > 0 ? super.read(bytes, offset, (int) Math.min(left, length)) : -1;
            left -= Math.max(0, some);
            return some;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
