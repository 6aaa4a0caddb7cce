package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Spring Boot reads of the folder that an application is run in, which is that of its jar: it goes before what is packed in the
 * jar, and so is part of what is run.
 */
final class BootSurroundings {
    /** Of every profile, and of the launcher that we start. */
    private static final Pattern CONFIGURATION =
            Pattern.compile("(application|bootstrap)(-.+)?\\.(properties|xml|yml|yaml)|loader\\.properties");

    private static final String FOLDER = "config";

    /** Boot itself looks one folder deep; an import may lead further. */
    private static final int DEPTH_MAX = 8;

    private BootSurroundings() {}

    /** The jar's own digest where nothing lies beside it; else one over the digests of all of it by their names. */
    static String digest(Path jar, String own) {
        SortedMap<String, String> found = new TreeMap<>();
        Path folder = jar.toAbsolutePath().normalize().getParent();
        if (folder != null) {
            collect(folder, folder, 1, found);
            collect(folder, folder.resolve(FOLDER), DEPTH_MAX, found);
        }
        if (found.isEmpty()) {
            return own;
        }
        found.put("", own);
        return Fingerprint.of(found);
    }

    /** Kubernetes keeps what it mounts in folders such as ..2026_11_28, and links to it by the names that are meant. */
    private static boolean isOfMount(Path file) {
        for (Path each : file) {
            if (each.toString().startsWith("..")) {
                return true;
            }
        }
        return false;
    }

    private static void collect(Path root, Path folder, int depth, SortedMap<String, String> found) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder, depth, FileVisitOption.FOLLOW_LINKS)) {
            files.filter(Files::isRegularFile)
                    .filter(file -> !isOfMount(root.relativize(file)))
                    .filter(file -> !folder.equals(root)
                            || CONFIGURATION
                                    .matcher(file.getFileName().toString())
                                    .matches())
                    .forEach(file -> found.put(root.relativize(file).toString(), Fingerprint.of(file)));
        } catch (IOException | UncheckedIOException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s cannot be read: %s".formatted(folder, thrown.getMessage()),
                    "It lies beside the jar, where Spring Boot reads its configuration: make it readable, or take it away.",
                    thrown);
        }
    }
}
