package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code firedrill readiness publish}. */
@Command(
        name = "publish",
        description =
                "Write a status update in Markdown: what changed since the last one, blockers, risks. It is recorded.",
        footer = {
            "  firedrill readiness publish                       # once a week",
            "  firedrill readiness publish --out update.md",
            "  firedrill readiness publish --out update.md --send --link https://wiki.example.com/readiness"
        })
final class ReadinessPublishCommand implements Callable<Integer>, Described {
    private final Session session;

    @Mixin
    private final ReadinessOptions options = new ReadinessOptions();

    @Option(names = "--out", paramLabel = "FILE", description = "A new file. Default: stdout.")
    private @Nullable Path out;

    @Option(
            names = "--send",
            description =
                    "Tell a short form of it by webhook and e-mail, as the settings name them; ends with 40 or 41 if not taken.")
    private boolean send;

    @Option(
            names = "--link",
            paramLabel = "URL",
            description =
                    "With --send, where readers will find the whole update. Default: the file, or the command that shows it.")
    private @Nullable URI link;

    ReadinessPublishCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (out != null) {
            // Before it is recorded that something was given out which then was not.
            WrittenFile.requireNew(session.resolve(out));
        }
        if (link != null && !send) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "--link is given without --send",
                    "Add --send, or leave it out.");
        }
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            ReadinessDesk desk = operations.readiness();
            Optional<Bell> bell = send ? Optional.of(desk.bell()) : Optional.empty();
            ReadinessDesk.Update update = desk.publish(options.subject(session));
            byte[] bytes = update.text().getBytes(StandardCharsets.UTF_8);
            if (out == null) {
                session.write(bytes);
            } else {
                WrittenFile.create(session.resolve(out), bytes);
            }
            bell.ifPresent(hung -> hung.send(ReadinessDigest.of(update.outlook(), update.record(), where())));
        }
        return ExitCode.OK.code();
    }

    private String where() {
        if (link != null) {
            return "All of it: %s".formatted(link);
        }
        return out == null
                ? "'firedrill readiness' shows all of it."
                : "All of it is in %s.".formatted(session.resolve(out));
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(ReadinessCommand.WRITING, Setting.NOTIFICATIONS));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return EvidenceCommand.EXIT_CODES_WRITING;
    }
}
