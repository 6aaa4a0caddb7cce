package io.firedrill.runner;

import io.firedrill.evidence.Redaction;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunRecord;
import io.firedrill.evidence.RunTrace;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.monitoring.Login;
import io.firedrill.monitoring.Mail;
import io.firedrill.monitoring.Notification;
import io.firedrill.monitoring.Notification.Event;
import io.firedrill.monitoring.Notifier;
import io.firedrill.monitoring.Webhook;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tells people what went wrong, where the settings say how. That nobody could be told is said on stderr and in the JSON output, and
 * changes nothing else: what a run came to is its own matter.
 */
final class Bell {
    private static final int NO_CODE = RunRecord.NO_EXIT_CODE;

    private final List<Notifier> notifiers = new ArrayList<>();
    private final Set<Notifier> silenced = new HashSet<>();
    private final Notices notices;

    /** @param wall dates what is sent */
    Bell(Settings.Notify settings, Notices notices, InstantSource wall) {
        this.notices = notices;
        Optional.ofNullable(settings.webhook())
                .map(secret -> new Webhook(URI.create(secret.reveal()), settings.format()))
                .ifPresent(notifiers::add);
        settings.mail().map(post -> mail(post, wall)).ifPresent(notifiers::add);
    }

    private static Mail mail(Settings.Post post, InstantSource wall) {
        @Nullable String user = post.user();
        @Nullable Secret password = post.password();
        return new Mail(
                post.server(),
                new Mail.Letterhead(post.from(), List.copyOf(post.to())),
                user == null || password == null ? Optional.empty() : Optional.of(new Login(user, password.reveal())),
                wall);
    }

    /** Whether anybody wants to know. */
    boolean isHung() {
        return !notifiers.isEmpty();
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

    /** Something that should have been and was not, so many times. */
    void absent(Event event, int count, String source, String kind, Instant due, String message, String hint) {
        ring(() ->
                new Notification(event, source, kind, event.name(), NO_CODE, due, message, hint, "", count, List.of()));
    }

    /** What somebody asked to be sent: that one did not take it is a failure, after the others were told. */
    void send(Notification what) {
        Notification clean = clean(what);
        List<Failure> failures = notifiers.stream()
                .flatMap(notifier -> sent(notifier, clean).stream())
                .toList();
        if (failures.isEmpty()) {
            return;
        }
        throw new Failure(
                failures.size() == 1 ? failures.getFirst().kind() : FailureKind.DEPENDENCY_UNAVAILABLE,
                "%s was told: %s"
                        .formatted(
                                failures.size() == notifiers.size() ? "nobody" : "not everybody",
                                failures.stream()
                                        .map(Failure::text)
                                        .map(Visible::of)
                                        .collect(Collectors.joining("; "))),
                "It is recorded and written, so pass it on by hand; what is wrong: "
                        + failures.getFirst().hint());
    }

    private static Optional<Failure> sent(Notifier notifier, Notification what) {
        try {
            notifier.tell(what);
            return Optional.empty();
        } catch (Failure failure) {
            return Optional.of(failure);
        }
    }

    private void ring(Supplier<Notification> what) {
        // Who did not take the first does not take the next either, and each would be waited for.
        if (notifiers.size() == silenced.size()) {
            return;
        }
        Notification clean = clean(what.get());
        List<String> why = notifiers.stream()
                .filter(notifier -> !silenced.contains(notifier))
                .flatMap(notifier -> tell(notifier, clean).stream())
                .toList();
        if (!why.isEmpty()) {
            notices.undelivered(why, notifiers.size() > silenced.size());
        }
    }

    /** Why it was not taken; that one does not take it is nothing to the others. */
    private Optional<String> tell(Notifier notifier, Notification what) {
        try {
            notifier.tell(what);
            return Optional.empty();
        } catch (RuntimeException thrown) {
            silenced.add(notifier);
            return Optional.of(Failure.in(thrown)
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
                what.record(),
                what.count(),
                what.details().stream().map(Redaction::of).map(Visible::of).toList());
    }
}
