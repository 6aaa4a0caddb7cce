package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Any tool that applies one change, and takes one back, by a command in which its id stands. */
final class CommandRunner implements ChangeRunner {
    private static final String ID = "{id}";

    private final CommandOptions options;

    CommandRunner(CommandOptions options) {
        this.options = options;
    }

    static Failure unstartable(String what, IOException thrown) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "%s cannot be started: %s".formatted(what, thrown.getMessage()),
                "Check that the program is on the PATH and the directory exists; --shell is needed for pipes and variables.",
                thrown);
    }

    @Override
    public RunningChange apply(Change change, RunTarget target) {
        return start(options.run().apply(), "apply", change, target);
    }

    @Override
    public RunningChange revert(Change change, RunTarget target) {
        return start(options.run().revert(), "revert", change, target);
    }

    private RunningChange start(List<String> arguments, String verb, Change change, RunTarget target) {
        if (arguments.stream().noneMatch(argument -> argument.contains(ID))) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "no command with %s in it says how to %s '%s'".formatted(ID, verb, change.id()),
                    "Give one that does it to one change, such as 'npm run %s -- %s'.".formatted(verb, ID));
        }
        List<String> command = arguments.stream()
                .map(argument -> argument.replace(ID, change.id()))
                .toList();
        Map<String, String> environment = new HashMap<>(options.environment());
        options.run().uriVariable().ifPresent(name -> environment.put(name, target.uri()));
        String what = "the command to %s '%s'".formatted(verb, change.id());
        return ToolRun.inNewFolder(folder -> new ToolRun(
                        what, command, options.directory(), environment, folder, thrown -> unstartable(what, thrown))
                .start(target));
    }

    @Override
    public Bookkeeping bookkeeping() {
        return options.run()
                .books()
                .orElseThrow(() -> new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "nothing says where the tool behind '%s' keeps its books".formatted(options.command()),
                        "Name the collection with its rows and the field that holds a change's id."));
    }
}
