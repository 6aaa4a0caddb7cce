package io.firedrill.mongo;

import java.time.Instant;
import org.bson.BsonTimestamp;

/**
 * A cluster time: seconds since the epoch, then a counter within that second. Written {@code T,I}.
 *
 * @param seconds unsigned 32 bits
 * @param increment unsigned 32 bits
 */
public record OpTime(long seconds, long increment) implements Comparable<OpTime> {
    private static final long INCREMENT_MAX = 0xFFFF_FFFFL;

    public static OpTime of(BsonTimestamp timestamp) {
        // BSON timestamps are unsigned; a signed reading would break in 2038.
        return new OpTime(Integer.toUnsignedLong(timestamp.getTime()), Integer.toUnsignedLong(timestamp.getInc()));
    }

    public BsonTimestamp timestamp() {
        return new BsonTimestamp((int) seconds, (int) increment);
    }

    /** The lowest cluster time after it. */
    public OpTime next() {
        return increment == INCREMENT_MAX ? new OpTime(seconds + 1, 0) : new OpTime(seconds, increment + 1);
    }

    /** The highest cluster time before it. */
    public OpTime previous() {
        return increment == 0 ? new OpTime(seconds - 1, INCREMENT_MAX) : new OpTime(seconds, increment - 1);
    }

    /** The highest cluster time of a second. */
    public static OpTime endOf(long second) {
        return new OpTime(second, INCREMENT_MAX);
    }

    public Instant instant() {
        return Instant.ofEpochSecond(seconds);
    }

    @Override
    public int compareTo(OpTime other) {
        int bySeconds = Long.compare(seconds, other.seconds);
        return bySeconds != 0 ? bySeconds : Long.compare(increment, other.increment);
    }

    @Override
    public String toString() {
        return seconds + "," + increment;
    }
}
