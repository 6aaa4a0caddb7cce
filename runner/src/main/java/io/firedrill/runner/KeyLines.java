package io.firedrill.runner;

import java.io.PrintStream;
import java.util.function.BiConsumer;

/** Writes what is to be said of the keys of encrypted backups, for a person. */
final class KeyLines {
    private final PrintStream out;
    private final BiConsumer<String, String> line;

    KeyLines(PrintStream out, BiConsumer<String, String> line) {
        this.out = out;
        this.line = line;
    }

    void print(KeyFiles.Created created) {
        out.println("created");
        out.println();
        created.files().forEach(file -> out.println("  " + file));
        out.println();
        line.accept("Store key", created.storeKey());
        line.accept("Recipient", created.recipient());
        line.accept("Next", "keep copies of store.key and private.pem in a safe; without them no backup can be read");
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
