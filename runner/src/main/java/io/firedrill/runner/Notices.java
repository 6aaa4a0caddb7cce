package io.firedrill.runner;

import io.firedrill.evidence.Checkpoint;
import java.io.PrintStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What an operator is told on stderr beside progress and errors. Thread-safe: an archiver takes seals in the background. */
final class Notices {
    private final PrintStream err;
    private @Nullable Checkpoint newest;

    Notices(PrintStream err) {
        this.err = err;
    }

    void notice(String text) {
        err.println("notice: " + text);
    }

    /** Said after every run, so that copies lie in logs and terminals, where nobody can change them with the store. */
    synchronized void checkpoint(Checkpoint checkpoint) {
        newest = checkpoint;
        err.println(
                "checkpoint %d %s ledger %s".formatted(checkpoint.size(), checkpoint.root(), checkpoint.ledgerId()));
    }

    /** The newest checkpoint that this call made, as it is kept. */
    synchronized Optional<String> copy() {
        return Optional.ofNullable(newest).map(Checkpoint::copy);
    }
}
