package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Hints, comments, scripts and documents send their readers to documents that exist. */
class NamedDocumentsTest {
    private static final Pattern NAMED = Pattern.compile("docs/[A-Za-z0-9_/-]+\\.md");
    private static final List<String> PLACES =
            List.of("jobs/src", "runner/src", "scripts", "k8s", "docs", ".ci", "README.md");

    @Test
    void everyDocumentThatIsNamedExists() throws IOException {
        var named = new TreeSet<String>();
        for (Path file : files()) {
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            NAMED.matcher(text).results().map(match -> match.group()).forEach(named::add);
        }
        assertThat(named)
                .contains("docs/OPERATIONS.md", "docs/SETTINGS.md")
                .allSatisfy(name -> assertThat(Documents.ROOT.resolve(name)).isRegularFile());
    }

    private static List<Path> files() throws IOException {
        List<Path> all = new ArrayList<>();
        for (String place : PLACES) {
            try (Stream<Path> files = Files.walk(Documents.ROOT.resolve(place))) {
                files.filter(Files::isRegularFile).forEach(all::add);
            }
        }
        return all;
    }
}
