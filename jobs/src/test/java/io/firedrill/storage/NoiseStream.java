package io.firedrill.storage;

import java.io.InputStream;
import java.util.SplittableRandom;

/** So many bytes that a seed determines and nothing compresses. */
final class NoiseStream extends InputStream {
    private final SplittableRandom random;
    private final byte[] word = new byte[1 << 13];
    private int used = word.length;
    private long left;

    NoiseStream(long seed, long bytes) {
        this.random = new SplittableRandom(seed);
        this.left = bytes;
    }

    @Override
    public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
        if (left == 0) {
            return -1;
        }
        if (used == word.length) {
            random.nextBytes(word);
            used = 0;
        }
        int n = (int) Math.min(left, Math.min(length, word.length - used));
        System.arraycopy(word, used, buffer, offset, n);
        used += n;
        left -= n;
        return n;
    }
}
