package io.firedrill.runner;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firedrill readiness waive}. */
@Command(
        name = "waive",
        description = "Sign that a task may be open until a day, and why.",
        footer = {
            "  firedrill readiness waive tls-answers --reason 'no host yet' --until 2027-01-31 --as grace",
            "It counts for the task as it is written now: change the task, and it is void. A newer waiver",
            "takes its place. Sign it with a key of your own: --key grace.pem."
        })
final class ReadinessWaiveCommand implements Callable<Integer>, Described {
    private final Session session;

    @Parameters(paramLabel = "TASK", description = "The task's id.")
    private String task = "";

    @Mixin
    private final ReadinessOptions options = new ReadinessOptions();

    @Mixin
    private final SayerOptions sayer = new SayerOptions();

    @Option(names = "--role", paramLabel = "ROLE", description = "As what they say so: 'data owner'.")
    private String role = "";

    @Option(names = "--reason", paramLabel = "TEXT", required = true, description = "Why it may be open.")
    private String reason = "";

    @Option(
            names = "--until",
            paramLabel = "DATE",
            required = true,
            description = "The last day, in UTC, on which the waiver counts: 2027-01-31; within a year.")
    private LocalDate until = LocalDate.EPOCH;

    ReadinessWaiveCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.printer()
                    .evidence(operations
                            .readiness()
                            .waive(options.subject(session), task, reason, until, sayer.in(role, session)));
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
