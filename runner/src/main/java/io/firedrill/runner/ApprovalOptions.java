package io.firedrill.runner;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which run somebody approves or rejects, as what, why, and with which key. */
final class ApprovalOptions {
    @Parameters(paramLabel = "RECORD", description = "The number of the run's record, or its id.")
    private String record = "";

    @Option(names = "--role", paramLabel = "ROLE", required = true, description = "As what you say so: 'data owner'.")
    private String role = "";

    @Option(names = "--comment", paramLabel = "TEXT", description = "Why.")
    private String comment = "";

    @Option(names = "--key", paramLabel = "FILE", description = "Your private key. Default: the setting evidence-key.")
    private @Nullable Path key;

    /** Signs what was said and adds it to the ledger. */
    int say(Session session, boolean approved) {
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.printer()
                    .evidence(operations
                            .evidence()
                            .approve(record, approved, role, comment, key == null ? null : session.resolve(key)));
        }
        return ExitCode.OK.code();
    }
}
