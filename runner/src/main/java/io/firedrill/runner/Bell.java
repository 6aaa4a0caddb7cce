package io.firedrill.runner;

import io.firedrill.evidence.Redaction;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import io.firedrill.evidence.RunTrace;
import io.firedrill.failure.Failure;
import io.firedrill.monitoring.Notification;
import io.firedrill.monitoring.Notification.Event;
import io.firedrill.monitoring.Notifier;
import io.firedrill.monitoring.Webhook;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Tells people what went wrong, where the settings say how. That nobody could be told is said on stderr and in the JSON output, and
 * changes nothing else: what a run came to is its own matter.
 */
final class Bell {
    private static final int NO_CODE = RunRecord.NO_EXIT_CODE;

    private final Optional<Notifier> notifier;
    private final Notices notices;
    private boolean silenced;

    Bell(Settings.Notify settings, Notices notices) {
        @Nullable Secret webhook = settings.webhook();
        this.notifier = webhook == null
                ? Optional.empty()
                : Optional.of(new Webhook(URI.create(webhook.reveal()), settings.format()));
        this.notices = notices;
    }

    /** Whether anybody wants to know. */
    boolean isHung() {
        return notifier.isPresent();
    }

    /** A run that ended with another code than 0, or without one. */
    void ended(RunRecord run) {
        if (run.exitCode() != ExitCode.OK.code()) {
            ring(() -> new Notification(
                    Event.FAILED,
                    RunTrace.of(run).source(),
                    run.kind().word(),
                    run.outcome().name(),
                    run.exitCode(),
                    run.finishedAt(),
                    run.message().isEmpty() ? run.verdict() : run.message(),
                    "See 'firedrill evidence show %d'. ".formatted(run.seq())
                            + run.json().at("/result/hint").asString(""),
                    run.key()));
        }
    }

    /** A run that ended and has no record of it. */
    void unrecorded(RunKind kind, @Nullable String source, Instant at, Failure failure) {
        ring(() -> new Notification(
                Event.FAILED,
                source == null ? "" : source,
                kind.word(),
                failure.kind().name(),
                ExitCode.of(failure.kind()).code(),
                at,
                failure.text(),
                failure.hint(),
                ""));
    }

    /** Something that should have been and was not. */
    void absent(Event event, String source, String kind, Instant due, String message, String hint) {
        ring(() -> new Notification(event, source, kind, event.name(), NO_CODE, due, message, hint, ""));
    }

    private void ring(Supplier<Notification> what) {
        // Who did not take the first does not take the next either, and each would be waited for.
        if (notifier.isEmpty() || silenced) {
            return;
        }
        try {
            notifier.get().tell(clean(what.get()));
        } catch (RuntimeException thrown) {
            silenced = true;
            notices.undelivered(Failure.in(thrown)
                    .map(Failure::text)
                    .orElse("unexpected " + thrown.getClass().getSimpleName()));
        }
    }

    private static Notification clean(Notification what) {
        return new Notification(
                what.event(),
                Visible.of(what.source()),
                what.kind(),
                what.outcome(),
                what.exitCode(),
                what.at(),
                Visible.of(Redaction.of(what.message())),
                Visible.of(Redaction.of(what.hint()).strip()),
                what.record());
    }
}
