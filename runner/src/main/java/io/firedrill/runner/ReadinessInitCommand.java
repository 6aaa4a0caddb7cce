package io.firedrill.runner;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill readiness init}. */
@Command(
        name = "init",
        description = "Write a readiness file with the tasks of a production-readiness programme, to be filled in.",
        footer = {
            "  firedrill readiness init",
            "  firedrill readiness init --file ops/readiness.yaml",
            "Keep it under version control beside your settings. A file that is there is never overwritten."
        })
final class ReadinessInitCommand implements Callable<Integer>, Described {
    private static final String TEMPLATE = "readiness.yaml";

    private final Session session;

    @Option(names = "--file", paramLabel = "FILE", description = "Where to write it. Default: readiness.yaml.")
    private Path file = Path.of(TEMPLATE);

    ReadinessInitCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        WrittenFile.create(session.resolve(file), template());
        session.write("written  %s: fill in owners, dates and tickets, then run 'firedrill readiness'%n"
                .formatted(file)
                .getBytes(StandardCharsets.UTF_8));
        return ExitCode.OK.code();
    }

    private static byte[] template() {
        try (InputStream in = Objects.requireNonNull(ReadinessInitCommand.class.getResourceAsStream(TEMPLATE))) {
            return in.readAllBytes();
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    @Override
    public List<Setting> settings() {
        return List.of();
    }

    @Override
    public List<ExitCode> exitCodes() {
        return List.of(ExitCode.OK, ExitCode.UNEXPECTED, ExitCode.USAGE);
    }
}
