package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;

/**
 * The classes of a jar, those of the jars within it too, as Spring Boot packs them. Nothing is loaded and nothing is
 * unpacked to disk; sizes are counted as they are read, never believed.
 */
final class Jar implements AutoCloseable {
    private static final int CLASS_BYTES_MAX = 16 << 20;
    private static final long ALL_BYTES_MAX = 2L << 30;
    private static final String CLASS = ".class";

    /** Where classes of an application lie in a jar that runs, and in one that is deployed. */
    private static final List<String> ROOTS = List.of("BOOT-INF/classes/", "WEB-INF/classes/");

    private static final List<String> LIBRARIES = List.of("BOOT-INF/lib/", "WEB-INF/lib/");

    private final Path file;
    private final ZipFile zip;
    private final long bytesMax;
    private long bytesRead;

    /** By class name, where it lies: an entry of this jar, or the nested jar that has it. */
    private final Map<String, String> places = new HashMap<>();

    private final Map<String, Map<String, byte[]>> opened = new HashMap<>();

    /** Takes a class while the jar is gone through. */
    @FunctionalInterface
    interface Visitor {
        /**
         * @param name as {@code com/acme/V1}
         * @param nested the jar within the jar that has it; empty for the application's own
         */
        void visit(String name, String nested, byte[] bytes);
    }

    private Jar(Path file, ZipFile zip, long bytesMax) {
        this.file = file;
        this.zip = zip;
        this.bytesMax = bytesMax;
    }

    static Jar open(Path file) {
        return open(file, ALL_BYTES_MAX);
    }

    /**
     * @param bytesMax how much may come out of it, all classes and nested jars together
     */
    static Jar open(Path file, long bytesMax) {
        if (!Files.isRegularFile(file)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "there is no file %s".formatted(file),
                    "Build the application first, and give the path of its jar with --jar.");
        }
        try {
            return new Jar(file, new ZipFile(file.toFile()), bytesMax);
        } catch (IOException thrown) {
            throw noJar(file, thrown);
        }
    }

    /** Goes through all classes once, in the order in which they are packed. */
    void visit(Visitor visitor) {
        try {
            for (ZipEntry entry : zip.stream().map(ZipEntry.class::cast).toList()) {
                if (isLibrary(entry.getName())) {
                    visitNested(entry, visitor);
                } else {
                    visitOwn(entry, visitor);
                }
            }
        } catch (IOException | IllegalArgumentException thrown) {
            throw noJar(file, thrown);
        }
    }

    private void visitOwn(ZipEntry entry, Visitor visitor) throws IOException {
        Optional<String> name = className(entry.getName());
        if (name.isPresent()) {
            try (InputStream in = zip.getInputStream(entry)) {
                byte[] bytes = read(in, entry.getName());
                places.put(name.get(), entry.getName());
                visitor.visit(name.get(), "", bytes);
            }
        }
    }

    private void visitNested(ZipEntry library, Visitor visitor) throws IOException {
        try (InputStream in = zip.getInputStream(library);
                var nested = new ZipInputStream(in)) {
            for (ZipEntry entry = nested.getNextEntry(); entry != null; entry = nested.getNextEntry()) {
                Optional<String> name = className(entry.getName());
                if (name.isPresent()) {
                    byte[] bytes = read(nested, library.getName() + "!/" + entry.getName());
                    places.putIfAbsent(name.get(), library.getName());
                    visitor.visit(name.get(), library.getName(), bytes);
                }
            }
        }
    }

    /** Of those that were gone through, the class of this name. */
    Optional<byte[]> bytes(String name) {
        String place = places.get(name);
        if (place == null) {
            return Optional.empty();
        }
        try {
            if (isLibrary(place)) {
                return Optional.ofNullable(nested(place).get(name));
            }
            try (InputStream in = zip.getInputStream(zip.getEntry(place))) {
                return Optional.of(read(in, place));
            }
        } catch (IOException thrown) {
            throw noJar(file, thrown);
        }
    }

    /** The nested jar in which a class lies; empty for one of the application's own. */
    Optional<String> nestedJarOf(String name) {
        return Optional.ofNullable(places.get(name)).filter(Jar::isLibrary);
    }

    Set<String> names() {
        return new HashSet<>(places.keySet());
    }

    private Map<String, byte[]> nested(String library) throws IOException {
        Map<String, byte[]> known = opened.get(library);
        if (known != null) {
            return known;
        }
        var classes = new HashMap<String, byte[]>();
        visitNested(zip.getEntry(library), (name, _, bytes) -> classes.put(name, bytes));
        opened.put(library, classes);
        return classes;
    }

    private byte[] read(InputStream in, String entry) throws IOException {
        byte[] bytes = in.readNBytes(CLASS_BYTES_MAX + 1);
        bytesRead += bytes.length;
        if (bytes.length > CLASS_BYTES_MAX || bytesRead > bytesMax) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s unpacks to more than can be meant: at %s".formatted(file, entry),
                    "Look at how this jar was built; Firedrill reads classes up to %d MiB and %d MiB in all."
                            .formatted(CLASS_BYTES_MAX >> 20, bytesMax >> 20));
        }
        return bytes;
    }

    private static Optional<String> className(String entry) {
        if (!entry.endsWith(CLASS) || entry.startsWith("META-INF/") || entry.endsWith("module-info.class")) {
            return Optional.empty();
        }
        String root = ROOTS.stream().filter(entry::startsWith).findFirst().orElse("");
        return Optional.of(entry.substring(root.length(), entry.length() - CLASS.length()));
    }

    private static boolean isLibrary(String entry) {
        return entry.endsWith(".jar") && LIBRARIES.stream().anyMatch(entry::startsWith);
    }

    private static Failure noJar(Path file, Exception thrown) {
        return new Failure(
                FailureKind.CONFIGURATION_INVALID,
                "%s is no jar that can be read: %s".formatted(file, thrown.getMessage()),
                "Give the jar that the build made, a plain one or one of Spring Boot, with --jar.",
                thrown);
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException thrown) {
            throw noJar(file, thrown);
        }
    }
}
