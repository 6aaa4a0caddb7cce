package io.firedrill.runner;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firedrill readiness sign-off}. */
@Command(
        name = "sign-off",
        description = "Sign that a section is done: its tasks, their evidence and the file, in a record of its own.",
        footer = {
            "  firedrill readiness sign-off migrations --as grace --role 'release manager' --key grace.pem",
            "Refused while a task of it is neither proven nor waived. It counts until the file is changed or",
            "evidence runs out."
        })
final class ReadinessSignOffCommand implements Callable<Integer>, Described {
    private final Session session;

    @Parameters(paramLabel = "SECTION", description = "The section's id.")
    private String section = "";

    @Mixin
    private final ReadinessOptions options = new ReadinessOptions();

    @Mixin
    private final SayerOptions sayer = new SayerOptions();

    @Option(names = "--role", paramLabel = "ROLE", required = true, description = "As what they say so: 'data owner'.")
    private String role = "";

    @Option(names = "--comment", paramLabel = "TEXT", description = "Why.")
    private String comment = "";

    ReadinessSignOffCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.printer()
                    .evidence(operations
                            .readiness()
                            .signOff(options.subject(session), section, comment, sayer.in(role, session)));
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return ReadinessCommand.WRITING;
    }

    @Override
    public List<ExitCode> exitCodes() {
        return EvidenceCommand.EXIT_CODES_WRITING;
    }
}
