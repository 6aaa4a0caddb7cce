package io.firedrill.evidence;

import java.time.Instant;
import java.util.Optional;

/** Knows when cron expressions are due. This room reads none: whoever reads settings brings the reader along. */
@FunctionalInterface
public interface CronCalendar {
    /** The first moment after this one at which the expression is due; empty if there is none. */
    Optional<Instant> next(String expression, Instant after);
}
