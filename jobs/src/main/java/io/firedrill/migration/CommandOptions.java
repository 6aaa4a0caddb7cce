package io.firedrill.migration;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A command that lists migrations, of whatever tool, and those that run one.
 *
 * @param command as it was given, for messages
 * @param arguments the program and its arguments; no shell is between
 * @param directory where it is run
 * @param environment more variables for it, such as one with a connection string
 * @param limit of the time in which it lists
 * @param pattern a regular expression with named groups, for output that is no JSON
 * @param run how one change is applied and taken back
 */
public record CommandOptions(
        String command,
        List<String> arguments,
        Path directory,
        Map<String, String> environment,
        Duration limit,
        Optional<String> pattern,
        CommandRun run) {
    public CommandOptions {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    /** One that only lists. */
    public CommandOptions(
            String command,
            List<String> arguments,
            Path directory,
            Map<String, String> environment,
            Duration limit,
            Optional<String> pattern) {
        this(command, arguments, directory, environment, limit, pattern, CommandRun.NONE);
    }

    /** The same for another deployment. */
    CommandOptions at(String uri) {
        Map<String, String> there = new HashMap<>(environment);
        run.uriVariable().ifPresent(name -> there.put(name, uri));
        return new CommandOptions(command, arguments, directory, there, limit, pattern, run);
    }

    @Override
    public String toString() {
        // The environment may hold secrets.
        return command;
    }
}
