package io.firedrill.runner;

import io.firedrill.evidence.Period;
import io.firedrill.evidence.Redaction;
import java.io.PrintWriter;
import java.util.Arrays;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.RunLast;

/** The program: reads its arguments, runs one command and exits with what came of it. */
public final class Firedrill {
    private final Surroundings surroundings;
    private final CommonOptions options = new CommonOptions();
    private final Session session;

    Firedrill(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.session = new Session(surroundings, options);
    }

    /** Runs the command that the arguments name, and exits. */
    public static void main(String[] arguments) {
        StopSignal stop = StopSignal.installed();
        int code = ExitCode.UNEXPECTED.code();
        boolean light = false;
        try {
            // The lambdas keep the classes behind them unloaded until they are needed, which for help is never.
            var program = new Firedrill(
                    Surroundings.ofProcess(stop, text -> Redaction.of(text), context -> new SpringOperations(context)));
            code = program.run(arguments);
            light = code == ExitCode.OK.code() && !program.session.opened();
        } finally {
            stop.finished(code);
        }
        if (!light) {
            // Java looks for a logger before it exits, which takes a quarter of the time that help may take.
            System.exit(code);
        }
    }

    int run(String... arguments) {
        OutputFormat format = OutputFormat.wanted(arguments);
        boolean plain = Arrays.asList(arguments).contains("--no-color");
        Paint paint = surroundings.paint(surroundings.terminal().err(), plain);
        var errors = new ErrorReport(surroundings, format, paint, session::stateDirectory, session::undelivered);
        try {
            return commandLine(errors, arguments).execute(arguments);
        } catch (Error thrown) {
            // Exceptions have been reported by then; an error passes picocli by.
            return errors.report(thrown).code();
        } finally {
            surroundings.out().flush();
            surroundings.err().flush();
        }
    }

    /** Reads the arguments of one command and runs nothing; whatever they cannot be read as is thrown. */
    void parse(String... arguments) {
        var errors = new ErrorReport(
                surroundings, OutputFormat.TEXT, Paint.PLAIN, session::stateDirectory, session::undelivered);
        var _ = commandLine(errors, arguments).parseArgs(arguments);
    }

    private CommandLine commandLine(ErrorReport errors, String... arguments) {
        CommandLine root = new CommandLine(new RootCommand())
                .addSubcommand(new BackupCommand(session))
                .addSubcommand(new SealCommand(session))
                .addSubcommand(new RestoreCommand(session))
                .addSubcommand(new DrillCommand(session))
                .addSubcommand(new CommandLine(new StagingCommand()).addSubcommand(new CleanCommand(session)))
                .addSubcommand(new WorkerCommand(session))
                .addSubcommand(new StatusCommand(session))
                .addSubcommand(new BackupsCommand(session))
                .addSubcommand(new MetricsCommand(session))
                .addSubcommand(new VerifyCommand(session))
                .addSubcommand(new CommandLine(new PruneCommand(session))
                        .addSubcommand(new HoldCommand(session))
                        .addSubcommand(new ReleaseCommand(session)))
                .addSubcommand(new CommandLine(new OplogCommand())
                        .addSubcommand(new OplogArchiveCommand(session))
                        .addSubcommand(new OplogShowCommand(session))
                        .addSubcommand(new OplogCompactCommand(session)))
                .addSubcommand(new CommandLine(new MigrationsCommand())
                        .addSubcommand(new MigrationsListCommand(session))
                        .addSubcommand(new MigrationsRehearseCommand(session))
                        .addSubcommand(new MigrationsApplyCommand(session))
                        .addSubcommand(new MigrationsRollbackCommand(session)))
                .addSubcommand(new CommandLine(new KeysCommand())
                        .addSubcommand(new KeysCreateCommand(session))
                        .addSubcommand(new KeysListCommand(session))
                        .addSubcommand(new KeysRewrapCommand(session)))
                .addSubcommand(new CommandLine(new EvidenceCommand())
                        .addSubcommand(new EvidenceListCommand(session))
                        .addSubcommand(new EvidenceShowCommand(session))
                        .addSubcommand(new EvidenceVerifyCommand(session))
                        .addSubcommand(new EvidenceReconcileCommand(session))
                        .addSubcommand(new EvidenceExportCommand(session))
                        .addSubcommand(new EvidenceBundleCommand(session))
                        .addSubcommand(new EvidenceImportCommand(session))
                        .addSubcommand(new EvidenceApproveCommand(session))
                        .addSubcommand(new EvidenceRejectCommand(session))
                        .addSubcommand(new CommandLine(new EvidenceKeysCommand())
                                .addSubcommand(new EvidenceKeysCreateCommand(session))
                                .addSubcommand(new EvidenceKeysListCommand(session))
                                .addSubcommand(new EvidenceKeysRotateCommand(session))
                                .addSubcommand(new EvidenceKeysPinCommand(session))))
                .addSubcommand(new CommandLine(new ReadinessCommand(session))
                        .addSubcommand(new ReadinessInitCommand(session))
                        .addSubcommand(new ReadinessSignOffCommand(session))
                        .addSubcommand(new ReadinessWaiveCommand(session))
                        .addSubcommand(new ReadinessExportCommand(session))
                        .addSubcommand(new ReadinessPublishCommand(session)))
                .addSubcommand(new CommandLine(new DoctorCommand(session))
                        .addSubcommand(new DoctorRolesCommand(session))
                        .addSubcommand(new DoctorSecretsCommand(session))
                        .addSubcommand(new DoctorManifestsCommand(session)))
                .addSubcommand(new ReportCommand(session))
                .addSubcommand(new CommandLine(new ConfigCommand()).addSubcommand(new ConfigShowCommand(session)))
                .addSubcommand(new HelpCommand());
        options.addTo(root.getCommandSpec(), Arrays.asList(arguments));
        HelpPages.layOut(root.getCommandSpec());
        root.registerConverter(Period.class, Period::of);
        return root.setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(Help.defaultColorScheme(Ansi.OFF))
                .setOut(new PrintWriter(
                        surroundings.out(), true, surroundings.out().charset()))
                .setErr(new PrintWriter(
                        surroundings.err(), true, surroundings.err().charset()))
                .setExecutionStrategy(parsed -> {
                    options.requireFormat(parsed.asCommandLineList().getLast());
                    return new RunLast().execute(parsed);
                })
                .setParameterExceptionHandler(
                        (thrown, _) -> errors.report(UsageErrors.of(thrown)).code())
                .setExecutionExceptionHandler(
                        (thrown, _, _) -> errors.report(thrown).code());
    }
}
