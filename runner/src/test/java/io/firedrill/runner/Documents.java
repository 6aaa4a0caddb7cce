package io.firedrill.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The documents beside the code, so that tests can hold them to it. */
final class Documents {
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    private Documents() {}

    /** The rows of a document's only table, without its two heading rows. */
    static List<String> table(String name) throws IOException {
        return Files.readAllLines(ROOT.resolve("docs").resolve(name)).stream()
                .filter(line -> line.startsWith("|"))
                .skip(2)
                .toList();
    }
}
