package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a run is disturbed, and how. Its name says all of it, so that the same cut can be made again.
 *
 * @param at {@link WriteKind#DATA} or {@link WriteKind#ROW}: the others come at any time
 * @param number of the write among those of its kind, from 1
 */
public record Cut(Mode mode, WriteKind at, long number) {
    private static final Pattern NAME = Pattern.compile("([a-z-]+)-(data|row)-([1-9][0-9]{0,17})");

    /** What happens at the write. */
    public enum Mode {
        /** The server does not get it; the process is killed, and its connections are cut for good. */
        KILL_BEFORE,
        /** The server has answered it, and the process is killed before it gets the answer. */
        KILL_AFTER,
        /** The server does not get it; the process lives, and no connection works for it any more. */
        CUT_BEFORE,
        /** The server has answered it, and the process gets neither the answer nor another connection. */
        CUT_AFTER,
        /** The server has answered it, and the answer is lost with its connection; others work. */
        ANSWER_LOST,
        /** The process is frozen when it has sent it; the server gets it. */
        FREEZE;

        boolean kills() {
            return this == KILL_BEFORE || this == KILL_AFTER;
        }

        /** Whether the server does not get the write. */
        boolean withholds() {
            return this == KILL_BEFORE || this == CUT_BEFORE;
        }

        /** Whether nothing comes through any more from then on. */
        boolean lasts() {
            return this != ANSWER_LOST && this != FREEZE;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public Cut {
        if (at == WriteKind.BOOKS || number < 1) {
            throw new IllegalArgumentException("no run can be cut at %s %d".formatted(at, number));
        }
    }

    /** Such as {@code kill-before-data-7}. */
    public String name() {
        return "%s-%s-%d".formatted(mode.word(), at.name().toLowerCase(Locale.ROOT), number);
    }

    /**
     * Reads what {@link #name} wrote.
     *
     * @throws Failure if it is not such a name
     */
    public static Cut parse(String name) {
        Matcher matcher = NAME.matcher(name);
        if (matcher.matches()) {
            for (Mode mode : Mode.values()) {
                if (mode.word().equals(matcher.group(1))) {
                    return new Cut(
                            mode,
                            WriteKind.valueOf(matcher.group(2).toUpperCase(Locale.ROOT)),
                            Long.parseLong(matcher.group(3)));
                }
            }
        }
        throw new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "there is no cut '%s'".formatted(name),
                "Write it as in kill-before-data-7 or kill-after-row-1; the first words are one of %s."
                        .formatted(String.join(
                                ", ",
                                Arrays.stream(Mode.values()).map(Mode::word).toList())));
    }
}
