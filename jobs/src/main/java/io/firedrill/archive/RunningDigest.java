package io.firedrill.archive;

import java.security.MessageDigest;

/** SHA-256 over raw documents, one after the other, in pieces large enough for the digest's fast path. */
public final class RunningDigest {
    private static final int BUFFER = 256 << 10;

    private final MessageDigest digest = Digests.sha256();
    private final byte[] buffer = new byte[BUFFER];
    private int buffered;
    private long documents;
    private long bytes;

    public void add(byte[] source, int offset, int length) {
        documents++;
        bytes += length;
        if (length > BUFFER - buffered) {
            drain();
        }
        if (length > BUFFER) {
            digest.update(source, offset, length);
        } else {
            System.arraycopy(source, offset, buffer, buffered, length);
            buffered += length;
        }
    }

    /** How many documents were added since the last end. */
    public long documents() {
        return documents;
    }

    public long bytes() {
        return bytes;
    }

    /** The digest of what was added since the last end; begins anew. */
    public String end() {
        drain();
        documents = 0;
        bytes = 0;
        return Digests.hex(digest.digest());
    }

    private void drain() {
        digest.update(buffer, 0, buffered);
        buffered = 0;
    }
}
