package io.firedrill.evidence;

/** One comparison of what should be with what is: {@code matched} of {@code population} things agreed. */
public record Check(
        String id,
        String method,
        String expected,
        String observed,
        long matched,
        long population,
        Result result,
        String detail) {
    /** What a comparison came to. */
    public enum Result {
        PASSED,
        FAILED,
        SKIPPED
    }

    public static Check passed(
            String id, String method, String expected, String observed, long matched, long population) {
        return new Check(id, method, expected, observed, matched, population, Result.PASSED, "");
    }

    public static Check failed(
            String id, String method, String expected, String observed, long matched, long population, String detail) {
        return new Check(id, method, expected, observed, matched, population, Result.FAILED, detail);
    }

    /** A comparison that should have been made and was not; {@code why} is shown to the reader. */
    public static Check skipped(String id, String method, long population, String why) {
        return new Check(id, method, "", "", 0, population, Result.SKIPPED, why);
    }
}
