package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
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
        var child =
                new ChildProcess(what, options.directory(), options.environment(), options.limit(), OUTPUT_BYTES_MAX);
        Ended ended;
        try {
            ended = child.run(options.arguments());
        } catch (IOException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s cannot be started: %s".formatted(what, thrown.getMessage()),
                    "Check that the program is on the PATH and the directory exists; --shell is needed for pipes and variables.",
                    thrown);
        }
        if (ended.code() > ChildProcess.SIGNAL_BASE) {
            throw new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "%s was killed by signal %d: %s"
                            .formatted(what, ended.code() - ChildProcess.SIGNAL_BASE, ended.lastWords()),
                    "See who killed it (out of memory?), and run it again.");
        }
        if (ended.code() != 0) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s ended with %d: %s".formatted(what, ended.code(), ended.lastWords()),
                    "Run it by hand until it lists the migrations and ends with 0.");
        }
        return ended;
    }
}
