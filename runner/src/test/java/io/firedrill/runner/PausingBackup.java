package io.firedrill.runner;

import io.firedrill.evidence.Redaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The program with its real operations, in a process of its own, that stands still once its plan is stored. */
final class PausingBackup {
    /** Names the directory of the store. */
    static final String STORE = "PAUSING_BACKUP_STORE";

    private PausingBackup() {}

    /** Runs the command that the arguments name, and exits; says when it stands still. */
    public static void main(String[] arguments) {
        StopSignal stop = StopSignal.installed();
        BooleanSupplier pausing = pausing(stop, Path.of(System.getenv(STORE)));
        int code = ExitCode.UNEXPECTED.code();
        try {
            code = new Firedrill(Surroundings.ofProcess(
                            stop,
                            Redaction::of,
                            context -> new SpringOperations(new RunContext(
                                    context.settings(), context.progress(), context.confirmation(), pausing))))
                    .run(arguments);
        } finally {
            stop.finished();
        }
        System.exit(code);
    }

    private static BooleanSupplier pausing(StopSignal stop, Path store) {
        return () -> {
            if (!stop.requested() && isPlanned(store)) {
                System.out.println("paused");
                while (!stop.requested()) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
            return stop.requested();
        };
    }

    private static boolean isPlanned(Path store) {
        try (Stream<Path> files = Files.walk(store)) {
            return files.anyMatch(file -> file.endsWith("plan"));
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }
}
