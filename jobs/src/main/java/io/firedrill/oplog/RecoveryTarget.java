package io.firedrill.oplog;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The moment that somebody wants restored, as it was asked for. */
public sealed interface RecoveryTarget {
    /** Of the words that need no figure, those of {@link #parse}. */
    String LATEST = "latest";

    String RANDOM = "random";
    String BEFORE_LAST_DROP = "before-last-drop";

    /** The end of the newest window. */
    record Latest() implements RecoveryTarget {
        @Override
        public String toString() {
            return LATEST;
        }
    }

    /** The last cluster time that counts; empty where the moment is left to us to choose. */
    default Optional<OpTime> until() {
        return switch (this) {
            case At at -> Optional.of(at.moment());
            case Before before -> Optional.of(before.moment().previous());
            // More entries of a second may come until one of a later second has.
            case EndOfSecond second -> Optional.of(OpTime.endOf(second.time().toEpochSecond()));
            case Latest _, AnyMoment _, BeforeLastDrop _ -> Optional.empty();
        };
    }

    /** The last entry of a second, or where it has none the last before it. */
    record EndOfSecond(OffsetDateTime time) implements RecoveryTarget {
        @Override
        public String toString() {
            return time.toString();
        }
    }

    /** The last entry at this cluster time or before it. */
    record At(OpTime moment) implements RecoveryTarget {
        @Override
        public String toString() {
            return moment.toString();
        }
    }

    /** The last entry before this cluster time. */
    record Before(OpTime moment) implements RecoveryTarget {
        @Override
        public String toString() {
            return "before:" + moment;
        }
    }

    /** Any entry of any window; a seed makes it the same again, while the windows are. */
    record AnyMoment(OptionalLong seed) implements RecoveryTarget {
        @Override
        public String toString() {
            return seed.isPresent() ? RANDOM + ":" + seed.getAsLong() : RANDOM;
        }
    }

    /** The entry before the newest one of the newest window by which a collection or a database was lost. */
    record BeforeLastDrop() implements RecoveryTarget {
        @Override
        public String toString() {
            return BEFORE_LAST_DROP;
        }
    }

    /** Reads what somebody wrote; what can be taken in two ways is refused. */
    static RecoveryTarget parse(String text) {
        return switch (text) {
            case LATEST -> new Latest();
            case RANDOM -> new AnyMoment(OptionalLong.empty());
            case BEFORE_LAST_DROP -> new BeforeLastDrop();
            default ->
                Figures.seed(text)
                        .or(() -> Figures.moment(text))
                        .or(() -> Figures.second(text))
                        .orElseThrow(
                                () -> Figures.refused(
                                        "'%s' is no point in time".formatted(text),
                                        "Give a time with its zone, like 2026-11-22T10:00:00Z, a cluster time T,I as 'firedrill oplog show' prints it, before:T,I, or one of the words of the command's help."));
        };
    }

    /** A cluster time {@code T,I}; empty where it is none. */
    static Optional<OpTime> clusterTime(String text) {
        return Figures.optime(text);
    }

    /** The second of a time with a zone; refused where the zone is missing or the time is finer. */
    static OffsetDateTime time(String text) {
        return Figures.second(text)
                .map(second -> ((EndOfSecond) second).time())
                .orElseThrow(() -> Figures.refused(
                        "'%s' is neither a time nor a cluster time".formatted(text),
                        "Give a time with its zone, like 2026-11-22T10:00:00Z, or a cluster time T,I."));
    }

    /** Reads the forms that have figures in them. */
    final class Figures {
        private static final long UNSIGNED_MAX = 0xFFFF_FFFFL;
        private static final Pattern MOMENT = Pattern.compile("(before:)?(\\d{1,10}),(\\d{1,10})");
        private static final Pattern SEED = Pattern.compile("random:(-?\\d{1,18})");

        private Figures() {}

        private static Optional<RecoveryTarget> seed(String text) {
            Matcher seed = SEED.matcher(text);
            return seed.matches()
                    ? Optional.of(new AnyMoment(OptionalLong.of(Long.parseLong(seed.group(1)))))
                    : Optional.empty();
        }

        private static Optional<RecoveryTarget> moment(String text) {
            boolean before = text.startsWith("before:");
            return optime(before ? text.substring("before:".length()) : text)
                    .map(moment -> before ? new Before(moment) : new At(moment));
        }

        private static Optional<OpTime> optime(String text) {
            Matcher moment = MOMENT.matcher(text);
            if (!moment.matches() || moment.group(1) != null) {
                return Optional.empty();
            }
            var optime = new OpTime(Long.parseLong(moment.group(2)), Long.parseLong(moment.group(3)));
            return optime.seconds() > UNSIGNED_MAX || optime.increment() > UNSIGNED_MAX
                    ? Optional.empty()
                    : Optional.of(optime);
        }

        private static Optional<RecoveryTarget> second(String text) {
            try {
                var time = OffsetDateTime.parse(text);
                if (time.getNano() != 0) {
                    throw refused(
                            "'%s' is finer than an oplog, which counts seconds".formatted(text),
                            "Give a whole second, or look for the cluster time T,I with 'firedrill oplog show'.");
                }
                return Optional.of(new EndOfSecond(time));
            } catch (DateTimeException _) {
                requireZone(text);
                return Optional.empty();
            }
        }

        private static void requireZone(String text) {
            try {
                var _ = LocalDateTime.parse(text);
            } catch (DateTimeException _) {
                return;
            }
            throw refused(
                    "the time '%s' has no zone".formatted(text),
                    "Say which: %sZ if it is UTC, or with an offset like %s+02:00.".formatted(text, text));
        }

        private static Failure refused(String message, String hint) {
            return new Failure(FailureKind.CONFIGURATION_INVALID, message, hint);
        }
    }
}
