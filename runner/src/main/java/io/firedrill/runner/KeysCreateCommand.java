package io.firedrill.runner;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code firedrill keys create}. */
@Command(
        name = "create",
        description = "Make a store key and a key pair, as three files that are not there yet.",
        footer = {
            "  firedrill keys create --out /secure/firedrill",
            "store.key goes to every job, public.pem to backups, private.pem only to restores and drills, and a copy of",
            "store.key and private.pem to a safe: without them, no encrypted backup can ever be read."
        })
final class KeysCreateCommand implements Callable<Integer>, Described {
    private final Session session;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Where the files are to be.")
    private Path directory = Path.of("");

    KeysCreateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        session.printer().keysCreated(KeyFiles.create(session.resolve(directory)));
        return ExitCode.OK.code();
    }

    @Override
    public List<Setting> settings() {
        return List.of();
    }

    @Override
    public List<ExitCode> exitCodes() {
        return List.of(ExitCode.OK, ExitCode.UNEXPECTED, ExitCode.USAGE);
    }
}
