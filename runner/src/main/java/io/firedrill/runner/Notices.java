package io.firedrill.runner;

import io.firedrill.evidence.Checkpoint;
import java.io.PrintStream;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What an operator is told on stderr beside progress and errors. Thread-safe: an archiver takes seals in the background. */
final class Notices {
    private final PrintStream err;
    private @Nullable Checkpoint newest;
    private final Set<String> undelivered = new LinkedHashSet<>();

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

    /**
     * That people could not be told, in words without secrets.
     *
     * @param others whether somebody else was
     */
    synchronized void undelivered(List<String> why, boolean others) {
        List<String> shown = why.stream().map(Visible::of).toList();
        undelivered.addAll(shown);
        err.println(
                "warning: %s was told: %s".formatted(others ? "not everybody" : "nobody", String.join("; ", shown)));
    }

    /** What a JSON document says beside its result: the newest checkpoint of this call, and whether people were not told. */
    synchronized Map<String, String> besides() {
        Map<String, String> said = new TreeMap<>(undelivered());
        Optional.ofNullable(newest).ifPresent(checkpoint -> said.put("checkpoint", checkpoint.copy()));
        return said;
    }

    /** The same where something went wrong. */
    synchronized Map<String, String> undelivered() {
        return undelivered.isEmpty() ? Map.of() : Map.of("undelivered", String.join("; ", undelivered));
    }
}
