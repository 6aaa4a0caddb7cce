package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a JavaScript file requires or imports by a relative path, and what that does in turn, as far as texts tell: a path that is put
 * together at run time is not found. What comes from {@code node_modules} is left out.
 */
final class NodeRequires {
    private static final long BYTES_MAX = 4 << 20;
    private static final String ABSENT = "absent";

    private static final Pattern RELATIVE =
            Pattern.compile("\\b(?:require\\s*\\(|import\\s*\\(?|from)\\s*(['\"`])(?<path>\\.[^'\"`\\n]*)\\1");

    private static final Pattern SCRIPT = Pattern.compile("\\.[cm]?[jt]s$");

    /** In the order in which Node and those that compile for it look. */
    private static final List<String> ENDINGS = List.of(
            "",
            ".js",
            ".cjs",
            ".mjs",
            ".json",
            ".ts",
            "/index.js",
            "/index.cjs",
            "/index.mjs",
            "/index.json",
            "/index.ts");

    private final Path root;
    private final SortedMap<String, String> found = new TreeMap<>();

    private NodeRequires(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /** The file's own SHA-256 where it requires nothing of the project; else one over the digests of all of them by their paths. */
    static String digest(Path root, Path file) {
        String own = Fingerprint.of(file);
        var requires = new NodeRequires(root);
        requires.collect(file.toAbsolutePath().normalize());
        if (requires.found.isEmpty()) {
            return own;
        }
        requires.found.put("", own);
        return Fingerprint.of(requires.found);
    }

    /** One that is not there is part of it too: when it comes, something else is run. */
    private void collect(Path file) {
        for (String path : paths(file)) {
            Path at = file.resolveSibling(path).normalize();
            Optional<Path> there = there(at);
            String name = root.relativize(there.orElse(at)).toString();
            if (found.putIfAbsent(name, there.map(Fingerprint::of).orElse(ABSENT)) == null) {
                there.ifPresent(this::collect);
            }
        }
    }

    private static Optional<Path> there(Path at) {
        return ENDINGS.stream()
                .map(ending -> Path.of(at + ending))
                .filter(Files::isRegularFile)
                .findFirst();
    }

    private static List<String> paths(Path file) {
        try {
            if (!SCRIPT.matcher(file.toString()).find() || Files.size(file) > BYTES_MAX) {
                return List.of();
            }
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            return RELATIVE.matcher(text)
                    .results()
                    .map(match -> match.group("path"))
                    .toList();
        } catch (IOException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s cannot be read: %s".formatted(file, thrown),
                    "Check that this user may read it.",
                    thrown);
        }
    }
}
