package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.migration.ChildProcess.Ended;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A tool that is asked by a command of its own what there is and what has been applied. */
public final class CommandSource implements MigrationSource {
    private static final int OUTPUT_BYTES_MAX = 8 << 20;

    private final CommandOptions options;
    private final boolean changing;
    private @Nullable List<ListedLine> listed;

    public CommandSource(CommandOptions options) {
        this(options, false);
    }

    /**
     * @param changing what it says of the states changes: it is asked each time
     */
    private CommandSource(CommandOptions options, boolean changing) {
        this.options = options;
        this.changing = changing;
    }

    /** What it applies goes where its list comes from, as far as anybody can tell before it is run: so that has to be the copy. */
    @Override
    public MigrationSource on(RehearsalStage copy, LongSupplier nanoTime) {
        var there = new CommandSource(options.at(copy.uri()), true);
        Bookkeeping books = there.runner(RunTools.usual(options.directory())).bookkeeping();
        try (WireProxy proxy = WireProxy.counting(copy.port(), ToolNamespaces.of(books, "admin"), nanoTime)) {
            new CommandSource(options.at(proxy.uri(copy.uri()))).asked();
            if (!proxy.isVisited()) {
                throw new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "the command '%s' never came to the rehearsal's copy: it asks another database"
                                .formatted(options.command()),
                        "Name the variable by which it is told where to connect with --uri-env: what it applies would go where its own configuration leads.");
            }
        }
        return there;
    }

    @Override
    public Artefact artefact() {
        return new Artefact(
                Artefact.COMMAND,
                Optional.empty(),
                options.command(),
                Optional.empty(),
                listed().stream().map(ListedLine::change).toList(),
                options.run().findings());
    }

    @Override
    public Optional<String> digestNow() {
        return Optional.empty();
    }

    /** As the command says; whether one is overtaken is told from the order of its list. */
    @Override
    public Standing standing(Optional<MigrationDatabase> database) {
        List<ListedLine> lines = changing ? asked() : listed();
        int lastApplied = -1;
        for (int i = 0; i < lines.size(); i++) {
            lastApplied = lines.get(i).state() == ChangeState.APPLIED ? i : lastApplied;
        }
        var judged = new ArrayList<JudgedChange>();
        for (int i = 0; i < lines.size(); i++) {
            judged.add(lines.get(i).judged(i < lastApplied));
        }
        return new Standing(judged, Optional.empty());
    }

    private List<ListedLine> listed() {
        List<ListedLine> known = listed;
        if (known == null) {
            known = asked();
            listed = known;
        }
        return known;
    }

    private List<ListedLine> asked() {
        List<ListedLine> lines = new CommandOutput(options).parse(run().out());
        return options.run().isOneWay()
                ? lines.stream().map(ListedLine::withoutRollback).toList()
                : lines;
    }

    private Ended run() {
        String what = "the command '%s'".formatted(options.command());
        var bounds = new Bounds(
                options.limit(),
                "See what it waits for: run it by hand, or raise --command-timeout if it needs longer.",
                OUTPUT_BYTES_MAX,
                Optional.of("Make it print the list of migrations only."));
        var child = new ChildProcess(what, options.directory(), options.environment(), bounds);
        try {
            Ended ended = child.run(options.arguments());
            ended.end().requireOk(what, "Run it by hand until it lists the migrations and ends with 0.");
            return ended;
        } catch (IOException thrown) {
            throw CommandRunner.unstartable(what, thrown);
        }
    }

    @Override
    public ChangeRunner runner(RunTools tools) {
        return new CommandRunner(options);
    }
}
