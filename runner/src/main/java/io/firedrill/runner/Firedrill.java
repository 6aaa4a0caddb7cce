package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/** The program: reads its arguments, runs one command and exits with what came of it. */
public final class Firedrill {
    private static final Pattern USER_INFO = Pattern.compile("://[^/\\s]*@");

    private final Surroundings surroundings;
    private final CommonOptions options = new CommonOptions();

    Firedrill(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Runs the command that the arguments name, and exits. */
    public static void main(String[] arguments) {
        StopSignal stop = StopSignal.installed();
        UnaryOperator<String> redaction = text -> USER_INFO.matcher(text).replaceAll("://***@");
        int code = ExitCode.UNEXPECTED.code();
        try {
            code = new Firedrill(Surroundings.ofProcess(stop, redaction, Firedrill::open)).run(arguments);
        } finally {
            stop.finished();
        }
        System.exit(code);
    }

    /** The data plane takes this place; until then every command that needs it says so. */
    private static Operations open(RunContext context) {
        throw new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "this build has no data plane for " + context.settings().store(),
                "Use a build that has one.");
    }

    int run(String... arguments) {
        var session = new Session(surroundings, options);
        OutputFormat format = OutputFormat.wanted(arguments);
        boolean plain = Arrays.asList(arguments).contains("--no-color");
        var errors = new ErrorReport(
                surroundings, format, surroundings.paint(surroundings.terminal().err(), plain));
        try {
            return commandLine(session).execute(arguments);
        } catch (RuntimeException | Error thrown) {
            return errors.report(thrown, session.stateDirectory()).code();
        } finally {
            surroundings.out().flush();
            surroundings.err().flush();
        }
    }

    private CommandLine commandLine(Session session) {
        CommandLine root = new CommandLine(new RootCommand())
                .addSubcommand(new BackupCommand(session))
                .addSubcommand(new RestoreCommand(session))
                .addSubcommand(new DrillCommand(session))
                .addSubcommand(new CommandLine(new StagingCommand()).addSubcommand(new CleanCommand(session)))
                .addSubcommand(new StatusCommand(session))
                .addSubcommand(new BackupsCommand(session))
                .addSubcommand(new VerifyCommand(session))
                .addSubcommand(new CommandLine(new ConfigCommand()).addSubcommand(new ConfigShowCommand(session)))
                .addSubcommand(new HelpCommand());
        options.addToAll(root.getCommandSpec());
        HelpPages.layOut(root.getCommandSpec());
        return root.setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(Help.defaultColorScheme(Ansi.OFF))
                .setOut(new PrintWriter(
                        surroundings.out(), true, surroundings.out().charset()))
                .setErr(new PrintWriter(
                        surroundings.err(), true, surroundings.err().charset()))
                .setParameterExceptionHandler((thrown, ignored) -> {
                    throw UsageErrors.of(thrown);
                })
                .setExecutionExceptionHandler((thrown, command, parsed) -> {
                    throw thrown;
                });
    }
}
