package io.firedrill.runner;

import io.firedrill.migration.Bookkeeping;
import io.firedrill.migration.CommandRun;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How changes that a command lists are run, one at a time. */
final class MigrationsCommandOptions {
    @Option(
            names = "--command-apply",
            paramLabel = "COMMAND",
            description =
                    "With --command-list: applies one change, whose id stands for {id}. It is run without a shell.")
    private @Nullable String apply;

    @Option(
            names = "--command-revert",
            paramLabel = "COMMAND",
            description = "Likewise: takes one change back. Without it none has a rollback.")
    private @Nullable String revert;

    @Option(
            names = "--command-rows",
            paramLabel = "COLLECTION:FIELD",
            description = "Where the tool keeps a row for each change, and the field with its id.")
    private @Nullable String rows;

    @Option(
            names = "--command-lock",
            paramLabel = "COLLECTION",
            description = "Where the tool keeps its lock. Default: it has none.")
    private @Nullable String lock;

    boolean isGiven() {
        return Stream.of(apply, revert, rows, lock).anyMatch(each -> each != null);
    }

    /**
     * @param uriVariable the environment variable in which the commands get the connection string
     */
    CommandRun run(@Nullable String uriVariable) {
        if (apply == null) {
            throw MigrationsOptions.usage(
                    "nothing says how one of the listed changes is applied",
                    "Give --command-apply with {id} in it, such as 'npm run migrate -- up {id}'.");
        }
        if (uriVariable == null) {
            throw MigrationsOptions.usage(
                    "nothing tells the commands where the copy is, so they would go where they always go",
                    "Name the environment variable by which they are told where to connect with --uri-env.");
        }
        return new CommandRun(
                line("--command-apply", apply),
                revert == null ? List.of() : line("--command-revert", revert),
                Optional.of(uriVariable),
                Optional.of(books()));
    }

    private Bookkeeping books() {
        int colon = rows == null ? -1 : rows.lastIndexOf(':');
        if (rows == null || colon <= 0 || colon == rows.length() - 1) {
            throw MigrationsOptions.usage(
                    rows == null
                            ? "nothing says where the tool keeps its rows"
                            : "--command-rows is '%s'".formatted(rows),
                    "Name its collection and the field that holds a change's id: --command-rows changelog:name.");
        }
        String changelog = rows.substring(0, colon);
        Set<String> own =
                Stream.of(changelog, lock).flatMap(Stream::ofNullable).collect(Collectors.toUnmodifiableSet());
        return CommandRun.books(own, changelog, rows.substring(colon + 1));
    }

    private static List<String> line(String option, String text) {
        if (!text.contains("{id}")) {
            throw MigrationsOptions.usage(
                    "%s '%s' does not say which change".formatted(option, text),
                    "Write {id} where the id of the change belongs.");
        }
        return ArgumentLine.split(text, option);
    }
}
