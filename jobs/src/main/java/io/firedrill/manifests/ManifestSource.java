package io.firedrill.manifests;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A text with manifests in it.
 *
 * @param name how findings call it
 */
public record ManifestSource(String name, String text) {
    private static final String MANIFEST = "(?i).*\\.(ya?ml|json)";

    /** What comes in on a stream, to its end. */
    public static ManifestSource of(String name, InputStream in) {
        try {
            return new ManifestSource(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException thrown) {
            throw unreadable(name, thrown);
        }
    }

    /**
     * A file, or all manifests below a directory, by their names.
     *
     * @param shown how the path was written
     */
    public static List<ManifestSource> of(Path path, String shown) {
        if (!Files.isDirectory(path)) {
            return List.of(file(path, shown));
        }
        try (Stream<Path> files = Files.walk(path)) {
            List<ManifestSource> sources = files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().matches(MANIFEST))
                    .sorted()
                    .map(file -> file(
                            file, Path.of(shown).resolve(path.relativize(file)).toString()))
                    .toList();
            if (sources.isEmpty()) {
                throw new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "there is no manifest in " + shown,
                        "Manifests are the files ending in .yaml, .yml and .json.");
            }
            return sources;
        } catch (IOException thrown) {
            throw unreadable(shown, thrown);
        }
    }

    private static ManifestSource file(Path file, String shown) {
        try (InputStream in = Files.newInputStream(file)) {
            return of(shown, in);
        } catch (IOException thrown) {
            throw unreadable(shown, thrown);
        }
    }

    private static Failure unreadable(String name, IOException thrown) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "%s cannot be read: %s".formatted(name, thrown.getClass().getSimpleName()),
                "Name a file or a directory with rendered manifests, or - for standard input.",
                thrown);
    }
}
