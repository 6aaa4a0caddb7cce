package io.firedrill.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DigestSumTest {
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

    @Test
    void itIsTheSumModuloTwoToThe256() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var sum = new DigestSum();
        var halves = new DigestSum();
        BigInteger expected = BigInteger.ZERO;
        for (int i = 0; i < 2_000; i++) {
            byte[] digest = digest(random);
            sum.add(digest);
            var half = new DigestSum();
            half.add(digest);
            halves.add(half);
            expected = expected.add(new BigInteger(1, digest)).mod(MODULUS);
            assertThat(new BigInteger(sum.toString(), 16)).as("seed %d", seed).isEqualTo(expected);
            assertThat(halves.toString()).as("seed %d", seed).isEqualTo(sum.toString());
        }
    }

    /** Many of them all ones or all zeros in places, so that every word carries into the next. */
    private static byte[] digest(Random random) {
        var digest = new byte[32];
        random.nextBytes(digest);
        if (random.nextBoolean()) {
            int begin = random.nextInt(32);
            Arrays.fill(digest, begin, begin + random.nextInt(33 - begin), (byte) (random.nextBoolean() ? 0xFF : 0));
        }
        return digest;
    }

    @Test
    void twoEqualDigestsDoNotVanish() {
        var digest = new byte[32];
        digest[31] = (byte) 0x80;
        var sum = new DigestSum();
        sum.add(digest);
        sum.add(digest);
        assertThat(HexFormat.of().parseHex(sum.toString())[30]).isEqualTo((byte) 1);
    }
}
