package io.firedrill.runner;

import java.nio.charset.Charset;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** Writes numbers as people read them: 1.4 GiB, 4m12s, 1,234,567 and little bars. */
final class Figures {
    private static final List<String> UNITS = List.of("B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB");
    private static final int STEP = 1024;
    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;
    private static final int TENTHS_BELOW_SECONDS = 10;

    private Figures() {}

    static String bytes(long bytes) {
        double value = (double) bytes;
        int unit = 0;
        // 1023.96 would be written as 1024.0, so the next unit begins a little early.
        while (value >= STEP - 0.05 && unit < UNITS.size() - 1) {
            value /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, UNITS.get(unit));
    }

    /** Bytes in a second; zero before any time has passed. */
    static String rate(long bytes, double seconds) {
        return bytes(seconds > 0 ? Math.round(bytes / seconds) : 0) + "/s";
    }

    static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** A number with its noun: "1 collection", "2 collections". */
    static String count(long count, String noun) {
        return count(count) + " " + noun + (count == 1 ? "" : "s");
    }

    static String seconds(double seconds) {
        if (seconds < TENTHS_BELOW_SECONDS - 0.05) {
            return String.format(Locale.ROOT, "%.1fs", Math.max(0, seconds));
        }
        long whole = Math.round(seconds);
        if (whole < MINUTE) {
            return whole + "s";
        }
        if (whole < HOUR) {
            return pair(whole / MINUTE, "m", whole % MINUTE, "s");
        }
        return whole < DAY
                ? pair(whole / HOUR, "h", whole % HOUR / MINUTE, "m")
                : pair(whole / DAY, "d", whole % DAY / HOUR, "h");
    }

    private static String pair(long large, String largeUnit, long small, String smallUnit) {
        return small == 0
                ? large + largeUnit
                : String.format(Locale.ROOT, "%d%s%02d%s", large, largeUnit, small, smallUnit);
    }

    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static String percent(double share) {
        // Rounded down: 100 % is said only when nothing is left.
        return (int) Math.floor(100 * clamp(share)) + "%";
    }

    /** A bar of this many columns, in characters that the stream can show. */
    static String bar(double share, int columns, Charset charset) {
        boolean blocks = charset.newEncoder().canEncode("█░");
        int full = (int) Math.round(clamp(share) * columns);
        return (blocks ? "█" : "#").repeat(full) + (blocks ? "░" : ".").repeat(columns - full);
    }

    private static double clamp(double share) {
        return Math.min(1, Math.max(0, share));
    }
}
