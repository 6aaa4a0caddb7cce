package io.firedrill.runner;

import io.firedrill.migration.CommandOptions;
import io.firedrill.migration.CommandRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A command that lists migrations, where no artefact is known to hold them. */
final class MigrationsListingOptions {
    @Option(
            names = "--command-list",
            paramLabel = "COMMAND",
            description = "A command that prints migrations and their states. It is run without a shell.")
    private @Nullable String commandList;

    @Option(
            names = "--command-pattern",
            paramLabel = "REGEX",
            description = "For output that is no JSON: groups named id, state, appliedAt, author, order, by.")
    private @Nullable String commandPattern;

    @Option(names = "--command-dir", paramLabel = "DIR", description = "Where the command is run. Default: here.")
    private Path commandDir = Path.of("");

    @Option(names = "--command-timeout", paramLabel = "DURATION", description = "How long it may take. Default: 1m.")
    private String commandTimeout = "1m";

    @Option(
            names = "--uri-env",
            paramLabel = "NAME",
            description = "Environment variable in which the command gets the connection string.")
    private @Nullable String uriEnv;

    @Option(names = "--shell", description = "Have a shell (sh -c) run the command that lists.")
    private boolean shell;

    /** Null where none was given. */
    @Nullable
    String command() {
        return commandList;
    }

    /**
     * @param commands how the changes are run that it lists; null where none is run
     */
    MigrationsOf of(Session session, @Nullable MigrationsCommandOptions commands) {
        String line = commandList == null ? "" : commandList;
        Duration limit = Durations.parse(commandTimeout)
                .orElseThrow(() -> MigrationsOptions.usage(
                        "--command-timeout is '%s'".formatted(commandTimeout),
                        "Give, for example, --command-timeout 2m."));
        List<String> arguments = shell ? List.of("sh", "-c", line) : ArgumentLine.split(line, "--command-list");
        return new MigrationsOf.Command(
                new CommandOptions(
                        line,
                        arguments,
                        session.resolve(commandDir),
                        Map.of(),
                        limit,
                        Optional.ofNullable(commandPattern),
                        commands == null ? CommandRun.NONE : commands.run(uriEnv)),
                uriEnv);
    }
}
