package io.firedrill.runner;

import java.io.PrintStream;
import java.util.function.BiConsumer;

/** Writes for people which data keys there are, and what became of them. */
final class KeysLines {
    private final PrintStream out;
    private final BiConsumer<String, String> line;

    /**
     * @param line writes a label and what belongs to it
     */
    KeysLines(PrintStream out, BiConsumer<String, String> line) {
        this.out = out;
        this.line = line;
    }

    void print(KeysResult result) {
        out.println(result.keys().isEmpty() ? "source '" + result.source() + "' has no keys" : result.source());
        out.println();
        for (KeysResult.Key key : result.keys()) {
            String anew = result.rewrapped().contains(key.id())
                    ? result.dryRun() ? "  would be wrapped anew" : "  wrapped anew"
                    : "";
            out.println("  %s  generation %d  for %s%s"
                    .formatted(key.id(), key.generation(), String.join(", ", key.recipients()), anew));
        }
        result.refused().forEach(answer -> line.accept("Refused", answer));
        if (!result.record().isEmpty()) {
            line.accept("Dropped", result.dropped() + " older generations");
            line.accept("Record", result.record());
        }
    }
}
