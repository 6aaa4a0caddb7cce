package io.firedrill.testing;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * The changes under src/test/mongock, compiled and packed, and the real Mongock to run them with, in a JVM of its own.
 * The build lays Mongock's jars into target/mongock.
 */
public final class MongockSample {
    private static final Path MODULE = Path.of("..", "jobs");
    private static final Path SOURCES = MODULE.resolve("src/test/mongock");
    private static final Path LIBRARIES = MODULE.resolve("target/mongock");
    private static final Path HOST = Path.of("..", "runner/mongock-host");
    private static final long RUN_SECONDS_MAX = 180;

    private final Path directory;
    private final Path classes;

    /**
     * @param directory an empty one, for classes and jars
     */
    public MongockSample(Path directory) {
        this.directory = directory;
        this.classes = compiled(directory.resolve("classes"), sources(SOURCES));
    }

    /** Compiles other sources than those of the sample, given by the names of their files, into a plain jar. */
    public static Path jarOf(Path directory, Map<String, String> sources) {
        try {
            var files = new ArrayList<Path>();
            for (Map.Entry<String, String> source : sources.entrySet()) {
                Path file = directory.resolve("sources").resolve(source.getKey());
                Files.createDirectories(file.getParent());
                files.add(Files.writeString(file, source.getValue()));
            }
            Path jar = directory.resolve("made.jar");
            pack(jar, "", compiled(directory.resolve("made-classes"), files), List.of());
            return jar;
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static List<Path> sources(Path root) {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .sorted()
                    .toList();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static Path compiled(Path target, List<Path> sources) {
        return compiled(target, sources, "-g");
    }

    /** Compiles a file of the sample again, and gives its classes. */
    public static Path compiled(Path target, List<Path> sources, String debug) {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        var arguments = new ArrayList<>(
                List.of("-nowarn", "-proc:none", "-Xlint:none", debug, "-d", target.toString(), "-cp", classPath()));
        sources.forEach(source -> arguments.add(source.toString()));
        if (compiler.run(null, null, OutputStream.nullOutputStream(), arguments.toArray(String[]::new)) != 0) {
            throw new IllegalStateException(
                    "the sample does not compile: run the build once, which lays Mongock into " + LIBRARIES);
        }
        return target;
    }

    /** Compiled changes, as a library or an old application has them. */
    public Path plainJar() {
        return pack(directory.resolve("plain.jar"), "", classes, List.of());
    }

    /** The same as Spring Boot packs them: below BOOT-INF/classes, with jars in the jar, which are stored. */
    public Path bootJar() {
        return pack(directory.resolve("boot.jar"), "BOOT-INF/classes/", classes, libraries());
    }

    /** A Boot jar whose changes lie in a library of the application, with libraries until it is as large as asked for. */
    public Path largeBootJar(long bytes) {
        var nested = new ArrayList<>(libraries());
        nested.add(pack(directory.resolve("acme-changes-1.0.jar"), "", classes, List.of()));
        long size = nested.stream().mapToLong(MongockSample::size).sum();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path library = Path.of(entry);
            boolean known = nested.stream().anyMatch(each -> each.endsWith(library.getFileName()));
            if (size < bytes && entry.endsWith(".jar") && !known && Files.isRegularFile(library)) {
                nested.add(library);
                size += size(library);
            }
        }
        return pack(directory.resolve("large.jar"), "BOOT-INF/classes/", directory.resolve("none"), nested);
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static String classPath() {
        return String.join(
                File.pathSeparator, libraries().stream().map(Path::toString).toList());
    }

    private static List<Path> libraries() {
        try (Stream<Path> jars = Files.list(LIBRARIES)) {
            return jars.sorted().toList();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static Path pack(Path jar, String prefix, Path classes, List<Path> nested) {
        try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            if (Files.isDirectory(classes)) {
                try (Stream<Path> files = Files.walk(classes)) {
                    for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                        zip.putNextEntry(new ZipEntry(prefix + classes.relativize(file)));
                        zip.write(Files.readAllBytes(file));
                    }
                }
            }
            for (Path library : nested) {
                store(zip, "BOOT-INF/lib/" + library.getFileName(), Files.readAllBytes(library));
            }
            return jar;
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static void store(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        var entry = new ZipEntry(name);
        var sum = new CRC32();
        sum.update(bytes);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(bytes.length);
        entry.setCrc(sum.getValue());
        zip.putNextEntry(entry);
        zip.write(bytes);
    }

    /** Runs Mongock to its end, and gives its exit code: 0, or 1 if a change failed or the lock was held. */
    public int run(MongodServer server, String database, String... scanned) {
        try {
            Process process = start(server, database, 60, scanned);
            if (!process.waitFor(RUN_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("Mongock did not end");
            }
            return process.exitValue();
        } catch (InterruptedException thrown) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(thrown);
        }
    }

    /** Starts Mongock; whoever calls ends it. */
    public Process start(MongodServer server, String database, int leaseSeconds, String... scanned) {
        return start(server.uri(), database, leaseSeconds, scanned);
    }

    /** Starts Mongock with a connection string; whoever calls ends it. */
    public Process start(String uri, String database, int leaseSeconds, String... scanned) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classes + File.pathSeparator + LIBRARIES + "/*",
                "com.acme.run.MongockRun",
                database,
                Integer.toString(leaseSeconds)));
        command.addAll(List.of(scanned));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        directory.resolve("mongock-" + database + ".log").toFile());
        builder.environment().put("MONGO_URI", uri);
        try {
            return builder.start();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** The folder with the Mongock that Firedrill ships, and with what runs in its process. */
    public static Path shipped() {
        return built(HOST.resolve("target/mongock"));
    }

    /** An application that Spring Boot's own plugin has packed; its changes are those of com.acme.app. */
    public static Path application() {
        return built(HOST.resolve("boot-sample/target/boot-sample.jar"));
    }

    private static Path built(Path path) {
        if (!Files.exists(path)) {
            throw new IllegalStateException(
                    "there is no %s: run the whole build once, or mvn package -pl runner/mongock-host,runner/mongock-host/boot-sample"
                            .formatted(path));
        }
        return path;
    }

    /** What Mongock said last, for a test that failed. */
    public String log(String database) {
        try {
            return Files.readString(directory.resolve("mongock-" + database + ".log"), StandardCharsets.UTF_8);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }
}
