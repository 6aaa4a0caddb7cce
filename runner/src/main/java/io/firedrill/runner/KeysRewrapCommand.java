package io.firedrill.runner;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill keys rewrap}. */
@Command(
        name = "rewrap",
        description = "Wrap every data key for the present recipients, and for nobody else; no segment is rewritten.",
        footer = {
            "  firedrill keys rewrap --recipients new.pem --private-keys old.pem --dry-run",
            "  firedrill keys rewrap --recipients new.pem,breakglass.pem --private-keys old.pem --drop-older",
            "An older generation of a key still opens it: --drop-older deletes them where the store allows it."
        })
final class KeysRewrapCommand implements Callable<Integer>, Described {
    private final Session session;

    @Option(names = "--dry-run", description = "Only show which keys would be wrapped anew.")
    private boolean dryRun;

    @Option(names = "--drop-older", description = "Delete the generations that are replaced.")
    private boolean dropOlder;

    KeysRewrapCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        try (Operations operations = session.open(List.of(Setting.STORE), Optional.empty())) {
            session.printer().keys(operations.keys(new KeysRequest(true, dropOlder, dryRun)));
        }
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return Described.of(
                List.of(OF_STORE, List.of(Setting.RECIPIENTS, Setting.PRIVATE_KEYS, Setting.SOURCE_NAME), OF_RUN));
    }

    @Override
    public List<ExitCode> exitCodes() {
        return PruneCommand.EXIT_CODES;
    }
}
