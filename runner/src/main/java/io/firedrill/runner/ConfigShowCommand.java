package io.firedrill.runner;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill config show}. */
@Command(
        name = "show",
        description = "Show the settings in effect; of a secret only whether it is set.",
        footer = {"  firedrill config show --origin", "  firedrill config show --config prod.yaml --output json"})
final class ConfigShowCommand implements Callable<Integer>, Described {
    private final Session session;

    @Option(names = "--origin", description = "Say for each setting where it comes from.")
    private boolean origin;

    ConfigShowCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Map<Setting, Given> given = session.checked();
        if (origin) {
            session.printer().settingsWithOrigins(given);
        } else {
            session.printer().settings(given);
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return Setting.all();
    }

    @Override
    public List<ExitCode> exitCodes() {
        return List.of(ExitCode.OK, ExitCode.UNEXPECTED, ExitCode.USAGE);
    }
}
