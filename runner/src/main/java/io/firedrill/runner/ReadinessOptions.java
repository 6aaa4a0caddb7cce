package io.firedrill.runner;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Which readiness file a command is about. */
final class ReadinessOptions {
    @Option(
            names = "--file",
            paramLabel = "FILE",
            description = "The readiness file. Default: readiness.yaml in the working directory.")
    private Path file = Path.of("readiness.yaml");

    @Option(
            names = "--run-commands",
            description = "Run the programs that the file names; without it, a task that asks for one has no evidence.")
    private boolean runCommands;

    ReadinessDesk.Subject subject(Session session) {
        return new ReadinessDesk.Subject(session.resolve(file), runCommands);
    }
}
