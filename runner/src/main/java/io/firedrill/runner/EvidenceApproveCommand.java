package io.firedrill.runner;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code firedrill evidence approve}. */
@Command(
        name = "approve",
        description = "Approve a run: a record of its own, signed with your own key.",
        footer = {
            "  firedrill evidence approve 17 --role 'data owner' --comment '…' --operator jane --key jane.pem",
            "You may not be the operator of the run, nor hold the key that signed it."
        })
final class EvidenceApproveCommand implements Callable<Integer>, Described {
    private final Session session;

    @Parameters(paramLabel = "RECORD", description = "The number of the run's record, or its id.")
    private String record = "";

    @Option(names = "--role", paramLabel = "ROLE", required = true, description = "As what you say so: 'data owner'.")
    private String role = "";

    @Option(names = "--comment", paramLabel = "TEXT", description = "Why.")
    private String comment = "";

    @Option(names = "--key", paramLabel = "FILE", description = "Your private key. Default: the setting evidence-key.")
    private @Nullable Path key;

    EvidenceApproveCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.printer()
                    .evidence(operations
                            .evidence()
                            .approve(record, true, role, comment, key == null ? null : session.resolve(key)));
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return EvidenceCommand.WRITING;
    }

    @Override
    public List<ExitCode> exitCodes() {
        return EvidenceCommand.EXIT_CODES_WRITING;
    }
}
