package io.firedrill.runner;

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
            "  firedrill readiness publish --out update.md"
        })
final class ReadinessPublishCommand implements Callable<Integer>, Described {
    private final Session session;

    @Mixin
    private final ReadinessOptions options = new ReadinessOptions();

    @Option(names = "--out", paramLabel = "FILE", description = "A new file. Default: stdout.")
    private @Nullable Path out;

    ReadinessPublishCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (out != null) {
            // Before it is recorded that something was given out which then was not.
            WrittenFile.requireNew(session.resolve(out));
        }
        byte[] bytes;
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            bytes = operations.readiness().publish(options.subject(session)).getBytes(StandardCharsets.UTF_8);
        }
        if (out == null) {
            session.write(bytes);
        } else {
            WrittenFile.create(session.resolve(out), bytes);
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return ReadinessCommand.WRITING;
    }

    @Override
    public List<ExitCode> exitCodes() {
        return EvidenceCommand.EXIT_CODES_WRITING;
    }
}
