package io.firedrill.retention;

import java.time.Duration;

/**
 * How much of a tier stays: the newest so many of its periods that have a backup, or every one that is young enough.
 *
 * @param count of periods; zero keeps none by their number
 * @param within age up to which each period keeps one; zero keeps none by their age
 */
public record Keep(int count, Duration within) {
    public static final Keep NOTHING = new Keep(0, Duration.ZERO);

    public Keep {
        if (count < 0 || within.isNegative()) {
            throw new IllegalArgumentException("keep %d or within %s".formatted(count, within));
        }
    }

    public static Keep newest(int count) {
        return new Keep(count, Duration.ZERO);
    }

    public static Keep within(Duration age) {
        return new Keep(0, age);
    }

    boolean isNothing() {
        return equals(NOTHING);
    }

    /**
     * @param index of the period among those that have a backup, the newest is 0
     * @param age of the backup that would stay for it
     */
    boolean covers(int index, Duration age) {
        return index < count || (within.isPositive() && age.compareTo(within) <= 0);
    }
}
