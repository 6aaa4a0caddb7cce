package io.firedrill.runner;

import io.firedrill.evidence.CronCalendar;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.support.CronExpression;

/**
 * Reads cron expressions of five fields, minute, hour, day of the month, month, day of the week, in UTC, as cron and Kubernetes
 * do.
 *
 * <p>Spring reads the fields. Two things differ there and are set right: where day of the month and day of the week are both
 * given, either is enough; and what only Spring knows (L, W, #, ?) is refused, since no crontab would do it. A step over all days
 * beside the other day field is refused too: cron asks for both then, and Kubernetes for either.
 */
final class UnixCron implements CronCalendar {
    private static final int FIELDS = 5;
    private static final int DAY_OF_MONTH = 2;
    private static final int DAY_OF_WEEK = 4;
    private static final Pattern FIELD = Pattern.compile("[0-9A-Za-z*,/-]+");
    private static final Pattern NAMED = Pattern.compile(
            "(?i)(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|sun|mon|tue|wed|thu|fri|sat|[^a-z])*");

    private final Map<String, List<CronExpression>> read = new ConcurrentHashMap<>();

    /** Whether the text is an expression that is due some day. */
    static boolean isValid(String expression) {
        try {
            return parse(expression).stream().anyMatch(each -> each.next(LocalDateTime.of(2024, 1, 1, 0, 0)) != null);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    @Override
    public Optional<Instant> next(String expression, Instant after) {
        LocalDateTime from = LocalDateTime.ofInstant(after, ZoneOffset.UTC);
        return read.computeIfAbsent(expression, UnixCron::parse).stream()
                .map(each -> after(each, from))
                .filter(Objects::nonNull)
                .min(LocalDateTime::compareTo)
                .map(due -> due.toInstant(ZoneOffset.UTC));
    }

    private static @Nullable LocalDateTime after(CronExpression expression, LocalDateTime from) {
        return expression.next(from);
    }

    private static List<CronExpression> parse(String expression) {
        String[] fields = expression.strip().split("\\s+", -1);
        boolean plain = Arrays.stream(fields)
                .allMatch(field ->
                        FIELD.matcher(field).matches() && NAMED.matcher(field).matches());
        if (fields.length != FIELDS || !plain) {
            throw new IllegalArgumentException("not a cron expression of five fields: " + expression);
        }
        boolean either = !fields[DAY_OF_MONTH].equals("*") && !fields[DAY_OF_WEEK].equals("*");
        if (either && (fields[DAY_OF_MONTH].startsWith("*") || fields[DAY_OF_WEEK].startsWith("*"))) {
            throw new IllegalArgumentException("schedulers differ in whether both days have to match: " + expression);
        }
        return either
                ? Stream.of(DAY_OF_MONTH, DAY_OF_WEEK)
                        .map(any -> any(fields, any))
                        .toList()
                : List.of(of(fields));
    }

    private static CronExpression any(String[] fields, int which) {
        String[] freed = fields.clone();
        freed[which] = "*";
        return of(freed);
    }

    private static CronExpression of(String[] fields) {
        return CronExpression.parse("0 " + String.join(" ", fields));
    }
}
