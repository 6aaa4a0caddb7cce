package io.firedrill.runner;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened; the names are those of the JSON output.
 *
 * @param from {@code T,I}
 * @param next where to go on, if there were more lines than wanted
 */
record OplogShowResult(
        String source,
        String from,
        String to,
        List<Line> entries,
        @Nullable String next) {

    /**
     * One line.
     *
     * @param at {@code T,I}
     * @param last of writes that were folded into one line, the last
     * @param operations documents written; 0 for what is no write
     */
    record Line(String at, String last, Instant wall, String kind, String what, long operations) {}
}
