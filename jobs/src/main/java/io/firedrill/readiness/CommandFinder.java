package io.firedrill.readiness;

import io.firedrill.evidence.Proof;
import io.firedrill.evidence.Redaction;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs programs, if somebody asked for that: a readiness file comes out of a repository, and must not run any by itself. */
final class CommandFinder {
    private static final long GRACE_SECONDS = 5;

    /** Our secrets are among the other variables, our cloud's too, and no program of others needs them. */
    private static final Set<String> HANDED_ON = Set.of(
            "PATH",
            "HOME",
            "USER",
            "LOGNAME",
            "SHELL",
            "LANG",
            "LC_ALL",
            "TZ",
            "TMPDIR",
            "LD_LIBRARY_PATH",
            "JAVA_HOME",
            "KUBECONFIG",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "TERM",
            "NO_COLOR",
            "CI");

    private final Path directory;
    private final boolean allowed;

    CommandFinder(Path directory, boolean allowed) {
        this.directory = directory;
        this.allowed = allowed;
    }

    Finding find(Selector.Command wanted) {
        if (!allowed) {
            return Finding.missing(wanted, "the command was not run: --run-commands was not given");
        }
        Process process;
        try {
            process = start(wanted);
        } catch (IOException thrown) {
            return failed(wanted, "could not be started: " + thrown.getClass().getSimpleName());
        }
        try {
            return judge(wanted, process);
        } catch (TimeoutException _) {
            return failed(wanted, "did not end within " + Selector.age(wanted.timeLimit()));
        } catch (ExecutionException thrown) {
            return failed(wanted, "could not be read: " + thrown.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Failure(FailureKind.ABORTED, "interrupted while a command ran", "Start it again.");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private Process start(Selector.Command wanted) throws IOException {
        var builder = new ProcessBuilder(wanted.argv())
                .directory(directory.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().retainAll(HANDED_ON);
        return builder.start();
    }

    private static Finding judge(Selector.Command wanted, Process process)
            throws ExecutionException, InterruptedException, TimeoutException {
        var output = new CompletableFuture<byte[]>();
        Thread.ofVirtual().start(() -> read(process, output));
        var contents = new Contents(output.get(wanted.timeLimit().toMillis(), TimeUnit.MILLISECONDS));
        if (contents.isTooLarge()) {
            return failed(wanted, "wrote more than 4 MiB");
        }
        if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
            return failed(wanted, "closed its output and did not end");
        }
        if (process.exitValue() != 0) {
            return failed(wanted, "ended with " + process.exitValue());
        }
        return contents.lacks(wanted.demand())
                .map(lacks -> failed(wanted, lacks))
                .orElseGet(() -> Finding.holds(
                        wanted, new Proof(wanted.words(), name(wanted), contents.sha256(), 0), Optional.empty()));
    }

    private static void read(Process process, CompletableFuture<byte[]> output) {
        try {
            output.complete(process.getInputStream().readNBytes(Contents.BYTES_MAX + 1));
        } catch (IOException thrown) {
            output.completeExceptionally(thrown);
        }
    }

    private static Finding failed(Selector.Command wanted, String how) {
        return Finding.missing(wanted, "%s %s".formatted(name(wanted), how));
    }

    private static String name(Selector.Command wanted) {
        return Redaction.of(String.join(" ", wanted.argv()));
    }
}
