package io.firedrill.oplog;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says why there is no way to a moment, and which moments nearby there is a way to. */
final class NearestMoments {
    private final List<RecoveryWindow> windows;

    NearestMoments(List<RecoveryWindow> windows) {
        this.windows = windows;
    }

    Failure unreachable(OpTime until) {
        Optional<OpTime> before = windows.stream()
                .map(RecoveryWindow::to)
                .filter(end -> end.compareTo(until) < 0)
                .max(Comparator.naturalOrder());
        Optional<OpTime> after = windows.stream()
                .map(RecoveryWindow::from)
                .filter(begin -> begin.compareTo(until) > 0)
                .min(Comparator.naturalOrder());
        return new Failure(
                FailureKind.TARGET_UNREACHABLE,
                "%s cannot be reached: it is %s".formatted(moment(until), place(before, after)),
                "The nearest %s."
                        .formatted(java.util.stream.Stream.concat(
                                        before.map(it -> "before it is --at " + it).stream(),
                                        after.map(it -> "after it is --at " + it).stream())
                                .collect(Collectors.joining(", and the nearest "))));
    }

    private static String place(Optional<OpTime> before, Optional<OpTime> after) {
        if (before.isEmpty()) {
            return "before the first recoverable point, "
                    + after.map(NearestMoments::named).orElse("");
        }
        return after.map(it ->
                        "in a gap of what is recoverable, between %s and %s".formatted(named(before.get()), named(it)))
                .orElse("after the last recoverable point, " + named(before.get()));
    }

    Failure ambiguous(OpTime until, List<RecoveryWindow> holding) {
        return new Failure(
                FailureKind.TARGET_UNREACHABLE,
                "%s is in %d windows, of different histories: %s"
                        .formatted(
                                moment(until),
                                holding.size(),
                                holding.stream()
                                        .map(window -> "timeline %d from %s to %s"
                                                .formatted(
                                                        window.timeline().number(),
                                                        named(window.from()),
                                                        named(window.to())))
                                        .collect(Collectors.joining("; "))),
                "Say which with the backup to begin with: --backup %s."
                        .formatted(holding.stream()
                                .map(window -> window.baseFor(until).backup().value())
                                .collect(Collectors.joining(" or --backup "))));
    }

    /** The end of a second is no cluster time that anybody has asked for. */
    private static String moment(OpTime until) {
        return until.equals(OpTime.endOf(until.seconds()))
                ? "the end of second %s".formatted(until.instant())
                : "cluster time " + named(until);
    }

    private static String named(OpTime moment) {
        return "%s (%s)".formatted(moment, moment.instant());
    }
}
