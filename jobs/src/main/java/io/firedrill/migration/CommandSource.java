package io.firedrill.migration;

import io.firedrill.migration.ChildProcess.Ended;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A tool that is asked by a command of its own what there is and what has been applied. */
public final class CommandSource implements MigrationSource {
    private static final int OUTPUT_BYTES_MAX = 8 << 20;

    private final CommandOptions options;
    private @Nullable List<ListedLine> listed;

    public CommandSource(CommandOptions options) {
        this.options = options;
    }

    @Override
    public Artefact artefact() {
        return new Artefact(
                Artefact.COMMAND,
                Optional.empty(),
                options.command(),
                Optional.empty(),
                listed().stream().map(ListedLine::change).toList(),
                List.of());
    }

    @Override
    public Optional<String> digestNow() {
        return Optional.empty();
    }

    /** As the command says; whether one is overtaken is told from the order of its list. */
    @Override
    public Standing standing(Optional<MigrationDatabase> database) {
        List<ListedLine> lines = listed();
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
            var output = new CommandOutput(options);
            known = output.parse(run().out());
            listed = known;
        }
        return known;
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
