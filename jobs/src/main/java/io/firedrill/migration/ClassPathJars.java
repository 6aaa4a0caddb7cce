package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/** The jars that a jar's manifest names in {@code Class-Path}, and those that they name: all is on the class path of what is run. */
final class ClassPathJars {
    private static final String ABSENT = "absent";

    private ClassPathJars() {}

    /** The file's own SHA-256 where its manifest names no jar; else one over the digests of all of them by their names. */
    static String digest(Path jar) {
        String own = Fingerprint.of(jar);
        var found = new TreeMap<String, String>();
        collect(jar, found);
        if (found.isEmpty()) {
            return own;
        }
        found.put("", own);
        return Fingerprint.of(found);
    }

    /** One that is not there is part of it too: when it comes, something else is run. */
    private static void collect(Path jar, Map<String, String> found) {
        for (String name : named(jar)) {
            Path file = jar.toAbsolutePath().resolveSibling(name).normalize();
            String key = name + " of " + jar.getFileName();
            if (Files.isRegularFile(file) && !found.containsKey(key)) {
                found.put(key, Fingerprint.of(file));
                collect(file, found);
            } else {
                found.putIfAbsent(key, ABSENT);
            }
        }
    }

    /** Folders are left out: what lies in one is no jar. */
    private static List<String> named(Path jar) {
        try (var open = new JarFile(jar.toFile())) {
            return Optional.ofNullable(open.getManifest()).map(Manifest::getMainAttributes).stream()
                    .flatMap(main -> Optional.ofNullable(main.getValue(Attributes.Name.CLASS_PATH)).stream())
                    .flatMap(text -> List.of(text.strip().split("\\s+")).stream())
                    .filter(name -> name.endsWith(".jar"))
                    .map(ClassPathJars::path)
                    .toList();
        } catch (IOException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the manifest of %s cannot be read: %s".formatted(jar, thrown.getMessage()),
                    "Give the jar that the build made with --jar.",
                    thrown);
        }
    }

    /** As Java reads it: a URL, most often a relative one. */
    private static String path(String name) {
        try {
            var url = new URI(name);
            return "file".equals(url.getScheme()) ? Path.of(url).toString() : url.getPath();
        } catch (java.net.URISyntaxException | IllegalArgumentException _) {
            return name;
        }
    }
}
