package io.firedrill.evidence;

import java.util.Locale;

/** How numbers read to people. */
public final class Units {
    private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    private static final String[] RATES = {"B/s", "kB/s", "MB/s", "GB/s", "TB/s"};
    private static final double[] STEPS = {
        0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400,
        28_800, 86_400, 172_800, 604_800
    };

    private Units() {}

    public static String bytes(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= 1024 && unit < BYTES.length - 1) {
            value /= 1024;
            unit++;
        }
        String pattern = unit == 0 || value >= 100 ? "%.0f %s" : "%.1f %s";
        return String.format(Locale.ROOT, pattern, value, BYTES[unit]);
    }

    /** As "820 B/s", "12.3 MB/s" or "1.2 GB/s": decimal, as for disks and networks. */
    public static String rate(double bytesPerSecond) {
        double value = bytesPerSecond;
        int unit = 0;
        while (value >= 999.5 && unit < RATES.length - 1) {
            value /= 1000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 || value >= 99.95 ? "%.0f %s" : "%.1f %s", value, RATES[unit]);
    }

    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** A duration without its zero rest, as people write targets: "15m", "1h", "1h30m". */
    public static String brief(double seconds) {
        return duration(seconds)
                .replaceFirst("(?<=m)00s$", "")
                .replaceFirst("(?<=h)00m$", "")
                .replaceFirst("(?<=d)00h$", "")
                .replace(".0s", "s");
    }

    /** A round number of seconds between the marks of an axis that is so long, so that it has no more than so many. */
    public static double step(double axisSeconds, int marksMax) {
        double step = STEPS[STEPS.length - 1];
        for (int i = STEPS.length - 1; i >= 0 && axisSeconds / STEPS[i] <= marksMax; i--) {
            step = STEPS[i];
        }
        return Math.max(step, axisSeconds / 100);
    }

    /** As "340ms", "12.4s", "4m12s", "2h03m04s" or "3d04h". */
    public static String duration(double seconds) {
        if (seconds < 0.9995) {
            return String.format(Locale.ROOT, "%.0fms", seconds * 1000);
        }
        if (seconds < 59.95) {
            return String.format(Locale.ROOT, "%.1fs", seconds);
        }
        long whole = Math.round(seconds);
        if (whole < 3_600) {
            return "%dm%02ds".formatted(whole / 60, whole % 60);
        }
        return whole < 86_400
                ? "%dh%02dm%02ds".formatted(whole / 3_600, whole / 60 % 60, whole % 60)
                : "%dd%02dh".formatted(whole / 86_400, whole / 3_600 % 24);
    }
}
