package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.time.Duration;
import java.util.List;

/**
 * How a tool's process ended. Its exit code is no proof of anything: several tools end with 0 after a failure.
 *
 * @param code 128 + n where signal n ended it
 * @param took from its start to its end, the start of its virtual machine included
 * @param lastWords what it said of its end, one line, for messages; without user and password, and without the values of a
 *     duplicate key
 * @param dropped how many bytes it printed that were too many to keep
 * @param keptFrom the servers that it tried to reach and may not, each as {@code host:port}
 */
public record RunEnd(int code, Duration took, String lastWords, long dropped, List<String> keptFrom) {
    public RunEnd {
        keptFrom = List.copyOf(keptFrom);
    }

    /** One that printed no more than can be kept. */
    RunEnd(int code, Duration took, String lastWords) {
        this(code, took, lastWords, 0, List.of());
    }

    /** For people: how it ended, and what it said of a failure. */
    String text() {
        String ended = code == 0 ? "ended with 0" : "ended with %d: %s".formatted(code, lastWords);
        String printed =
                dropped == 0 ? ended : "%s; %d MiB that it printed were dropped".formatted(ended, dropped >> 20);
        return keptFrom.isEmpty() ? printed : "%s; %s".formatted(printed, kept());
    }

    /** For people: the servers that it tried to reach and was kept from. */
    String kept() {
        return "it was kept from %s, which it tried to reach".formatted(String.join(", ", keptFrom));
    }

    /**
     * For whoever goes on only after a 0.
     *
     * @param what was run, for the message
     * @param hint what to do where it ended with something else
     */
    public void requireOk(String what, String hint) {
        if (code > ChildProcess.SIGNAL_BASE) {
            throw new Failure(
                    FailureKind.DEPENDENCY_UNAVAILABLE,
                    "%s was killed by signal %d: %s".formatted(what, code - ChildProcess.SIGNAL_BASE, lastWords),
                    "See who killed it (out of memory?), and run it again.");
        }
        if (code != 0) {
            throw new Failure(FailureKind.CONFIGURATION_INVALID, "%s %s".formatted(what, text()), hint);
        }
    }
}
