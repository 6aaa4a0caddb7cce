package io.firedrill.runner;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Tells the operator what went wrong and what to do next, on stderr, and says which exit code that is. */
final class ErrorReport {
    private final Surroundings surroundings;
    private final OutputFormat format;
    private final Paint paint;
    private final Supplier<Path> stateDirectory;
    private final Supplier<Map<String, String>> besides;

    /** @param besides fields that follow the error in a document */
    ErrorReport(
            Surroundings surroundings,
            OutputFormat format,
            Paint paint,
            Supplier<Path> stateDirectory,
            Supplier<Map<String, String>> besides) {
        this.surroundings = surroundings;
        this.format = format;
        this.paint = paint;
        this.stateDirectory = stateDirectory;
        this.besides = besides;
    }

    ExitCode report(Throwable thrown) {
        Optional<Failure> failure = Failure.in(thrown);
        if (failure.isPresent()) {
            return report(failure.get());
        }
        String message = "unexpected " + thrown.getClass().getName();
        String hint = "This is a bug in Firedrill; please report it. " + keepTrace(thrown, stateDirectory.get());
        return write(ExitCode.UNEXPECTED, "UNEXPECTED", message, hint);
    }

    private ExitCode report(Failure failure) {
        boolean stopped =
                failure.kind() == FailureKind.ABORTED && surroundings.stop().requested();
        ExitCode code = stopped ? surroundings.stop().exitCode() : ExitCode.of(failure.kind());
        return write(code, failure.kind().name(), failure.text(), failure.hint());
    }

    private ExitCode write(ExitCode code, String kind, String rawMessage, String rawHint) {
        String message = surroundings.shown(rawMessage);
        String hint = surroundings.shown(rawHint);
        if (format == OutputFormat.JSON) {
            new JsonPrinter(surroundings.err(), besides)
                    .error(new JsonPrinter.ErrorLine(kind, message, hint, code.code()));
        } else {
            surroundings.err().println(paint.bad("error:") + " " + message);
            surroundings.err().println(paint.doubtful("hint:") + " " + hint);
            surroundings.err().println(paint.faint("exit code " + code.code() + " (" + code.label() + ")"));
        }
        return code;
    }

    /** The trace is for us, not for the operator's terminal; a directory that cannot be written to is no second error. */
    private String keepTrace(Throwable thrown, Path state) {
        var trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        try {
            Path directory = Files.createDirectories(state.resolve("errors"));
            Path file = Files.createTempFile(directory, "error-", ".txt");
            Files.writeString(file, surroundings.redaction().apply(trace.toString()));
            return "The stack trace is in " + file + ".";
        } catch (IOException | SecurityException _) {
            return "The stack trace could not be kept in " + state + ".";
        }
    }
}
