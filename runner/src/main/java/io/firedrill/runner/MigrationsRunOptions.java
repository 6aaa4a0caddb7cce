package io.firedrill.runner;

import io.firedrill.migration.RunTools;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** With what changes are run, as every command takes it that runs some. */
final class MigrationsRunOptions {
    static final Duration TIME_LIMIT = Duration.ofMinutes(10);

    @Option(
            names = "--time-limit",
            paramLabel = "DURATION",
            description = "When the run of one change is killed. Default: 10m.")
    private String timeLimit = "10m";

    @Option(
            names = "--java",
            paramLabel = "FILE",
            description = "Java that runs the changes of a jar. Default: the one that runs Firedrill.")
    private @Nullable Path java;

    @Option(
            names = "--app-uri-env",
            paramLabel = "NAME",
            description =
                    "Variable by which a Spring Boot application is told where to connect, if it makes its own client.")
    private @Nullable String applicationUri;

    String timeLimitText() {
        return timeLimit;
    }

    Duration timeLimit() {
        return duration("--time-limit", timeLimit);
    }

    Path java() {
        return java == null ? RunTools.ownJava() : java;
    }

    Optional<String> applicationUri() {
        return Optional.ofNullable(applicationUri);
    }

    static Duration duration(String option, String text) {
        return Durations.parse(text)
                .filter(Duration::isPositive)
                .orElseThrow(() -> MigrationsOptions.usage(
                        "%s is '%s'".formatted(option, text), "Give, for example, %s 10m.".formatted(option)));
    }
}
