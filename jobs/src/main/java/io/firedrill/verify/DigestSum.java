package io.firedrill.verify;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * The sum of digests modulo 2^256, which is the same in whatever order they are added. Not their exclusive or: in that, two
 * equal ones would vanish.
 */
final class DigestSum {
    private static final int BYTES = 32;
    private static final int WORDS = BYTES / Long.BYTES;

    /** Big-endian, as digests are. */
    private final long[] words = new long[WORDS];

    void add(byte[] digest) {
        ByteBuffer other = ByteBuffer.wrap(digest);
        boolean carry = false;
        for (int i = WORDS - 1; i >= 0; i--) {
            carry = add(i, other.getLong(i * Long.BYTES), carry);
        }
    }

    void add(DigestSum other) {
        boolean carry = false;
        for (int i = WORDS - 1; i >= 0; i--) {
            carry = add(i, other.words[i], carry);
        }
    }

    /** Whether something is left to carry. */
    private boolean add(int word, long other, boolean carry) {
        long sum = words[word] + other;
        boolean overflow = Long.compareUnsigned(sum, other) < 0;
        if (carry) {
            sum++;
            overflow |= sum == 0;
        }
        words[word] = sum;
        return overflow;
    }

    /** In hexadecimal. */
    @Override
    public String toString() {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES);
        for (long word : words) {
            bytes.putLong(word);
        }
        return HexFormat.of().formatHex(bytes.array());
    }
}
