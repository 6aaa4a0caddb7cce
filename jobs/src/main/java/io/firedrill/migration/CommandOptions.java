package io.firedrill.migration;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command that lists migrations, of whatever tool.
 *
 * @param command as it was given, for messages
 * @param arguments the program and its arguments; no shell is between
 * @param directory where it is run
 * @param environment more variables for it, such as one with a connection string
 * @param pattern a regular expression with named groups, for output that is no JSON
 */
public record CommandOptions(
        String command,
        List<String> arguments,
        Path directory,
        Map<String, String> environment,
        Duration limit,
        Optional<String> pattern) {
    public CommandOptions {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    @Override
    public String toString() {
        // The environment may hold secrets.
        return command;
    }
}
