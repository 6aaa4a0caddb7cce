package io.firedrill.runner;

import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.Schedule;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a schedule as people write it: {@code backup 0 2 * * *; restore-drill 0 4 * * 1}. */
final class Schedules {
    /** Nothing is scheduled any more, which is another thing than not to say. */
    private static final String OFF = "off";

    private Schedules() {}

    /** Why a text is no schedule. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1;

        Unreadable(String rule) {
            super(rule);
        }

        String rule() {
            return String.valueOf(getMessage());
        }
    }

    static List<Schedule.Entry> parse(String text) throws Unreadable {
        if (text.strip().equals(OFF)) {
            return List.of();
        }
        Set<Schedule.Entry> entries = new LinkedHashSet<>();
        for (String entry : text.split(";", -1)) {
            if (!entry.isBlank()) {
                entries.add(entry(entry.strip()));
            }
        }
        if (entries.isEmpty()) {
            throw new Unreadable("must be entries of a kind and a cron expression, or off");
        }
        return List.copyOf(entries);
    }

    private static Schedule.Entry entry(String text) throws Unreadable {
        String[] parts = text.split("\\s+", 2);
        Optional<RunKind> kind = RunKind.named(parts[0]).filter(RunKind::isScheduled);
        if (kind.isEmpty()) {
            throw new Unreadable("must name a kind of run in each entry (%s), not '%s'".formatted(kinds(), parts[0]));
        }
        String cron = parts.length == 1 ? "" : parts[1].replaceAll("\\s+", " ");
        if (!UnixCron.isValid(cron)) {
            throw new Unreadable("must have a cron expression of five fields in each entry, not '%s'".formatted(cron));
        }
        return new Schedule.Entry(kind.get(), cron);
    }

    private static String kinds() {
        return Arrays.stream(RunKind.values())
                .filter(RunKind::isScheduled)
                .map(RunKind::word)
                .collect(Collectors.joining(", "));
    }
}
