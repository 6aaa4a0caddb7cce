package io.firedrill.evidence;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes ids that sort by time (UUID version 7). */
public final class RunIds {
    private RunIds() {}

    public static String next(Instant now, RandomGenerator random) {
        long time = (now.toEpochMilli() << 16) | 0x7000L | (random.nextLong() & 0x0FFFL);
        long rest = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new UUID(time, rest).toString();
    }
}
