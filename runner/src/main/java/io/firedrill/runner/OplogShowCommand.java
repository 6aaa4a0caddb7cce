package io.firedrill.runner;

import io.firedrill.archive.Selection;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill oplog show}. */
@Command(
        name = "show",
        description = "List what happened, from the archived oplog: to find the moment before an accident.",
        footer = {
            "  firedrill oplog show                                         # the last hour that is archived",
            "  firedrill oplog show --ddl                                   # only drops, renames, indexes, options",
            "  firedrill oplog show --ns shop.orders --from 2026-11-22T09:30:00Z --to 2026-11-22T10:00:00Z",
            "  firedrill oplog show --from 1795600000,1 --output json",
            "It tells times, kinds and namespaces, and no value. What it prints as T,I is what --at takes."
        })
final class OplogShowCommand implements Callable<Integer>, Described {
    private static final int LIMIT = 1_000;
    private static final int LIMIT_MAX = 1_000_000;

    private final Session session;

    @Option(
            names = "--from",
            paramLabel = "TIME|T,I",
            description = "Where to begin. Default: an hour before the end of what is archived.")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "TIME|T,I",
            description = "Where to end, inclusive. Default: the end of what is archived.")
    private @Nullable String to;

    @Option(
            names = "--ns",
            paramLabel = "PATTERN",
            split = ",",
            description = "Tell only of these collections: shop, shop.orders, 'shop.*', '*.audit'. May be repeated.")
    private List<String> namespaces = new ArrayList<>();

    @Option(names = "--ddl", description = "Tell of collections, indexes and options only, not of documents.")
    private boolean definitions;

    @Option(names = "--limit", paramLabel = "N", description = "Stop after so many lines. Default: 1000.")
    private int limit = LIMIT;

    OplogShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "--limit is %d".formatted(limit),
                    "Give a number from 1 to %d.".formatted(LIMIT_MAX));
        }
        var request =
                new OplogShowRequest(from, to, Selection.of(namespaces, List.of(), List.of()), definitions, limit);
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.printer().oplog(operations.oplog(request));
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return Described.of(List.of(OF_STORE, List.of(Setting.SOURCE_NAME, Setting.PRIVATE_KEYS)));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return Stream.concat(
                        StatusCommand.EXIT_CODES.stream(),
                        Stream.of(ExitCode.BACKUP_DAMAGED, ExitCode.TARGET_UNREACHABLE))
                .toList();
    }
}
