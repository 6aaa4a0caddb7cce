package io.firedrill.testing;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The real migrate-mongo, installed by npm from src/test/migrate-mongo into target; without Node its tests are skipped. */
public final class NodeSample {
    private static final Path MODULE = Path.of("..", "jobs");
    private static final Path INSTALLED = MODULE.resolve("target/migrate-mongo");
    private static final String MIGRATE_MONGO = "../node_modules/migrate-mongo/bin/migrate-mongo.js";
    private static final long RUN_SECONDS_MAX = 180;
    private static final long INSTALL_SECONDS_MAX = 300;

    private final Path directory;

    /** A project beside what is installed, where Node finds it. */
    public NodeSample(String name, String config) {
        requireMigrateMongo();
        try {
            this.directory = Files.createTempDirectory(INSTALLED.toRealPath(), name);
            Files.createDirectories(directory.resolve("migrations"));
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
        write("migrate-mongo-config.js", config);
    }

    /** The path of Node; the test is skipped, and says so, where there is none. */
    public static String requireNode() {
        return onPath("node");
    }

    /** Installs migrate-mongo once, whoever else needs it at the same time; the test is skipped where there is no npm. */
    public static synchronized void requireMigrateMongo() {
        requireNode();
        String npm = onPath("npm");
        try {
            Files.createDirectories(INSTALLED);
            // Tests run in two processes, and npm begins with taking away what is there.
            try (var file = FileChannel.open(
                            INSTALLED.resolve("installing"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var _ = file.lock()) {
                install(npm);
            }
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static void install(String npm) throws IOException {
        // What npm writes last.
        if (Files.isRegularFile(INSTALLED.resolve("node_modules/.package-lock.json"))) {
            return;
        }
        for (String name : List.of("package.json", "package-lock.json")) {
            Files.write(
                    INSTALLED.resolve(name),
                    Files.readAllBytes(MODULE.resolve("src/test/migrate-mongo").resolve(name)));
        }
        int code = run(INSTALLED, INSTALL_SECONDS_MAX, npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund");
        if (code != 0) {
            throw new IllegalStateException("npm ci ended with %d; see %s".formatted(code, INSTALLED.resolve("log")));
        }
    }

    private static String onPath(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseGet(() -> abort("there is no %s on the PATH: install Node 20".formatted(name)));
    }

    public Path directory() {
        return directory;
    }

    public NodeSample write(String name, String text) {
        try {
            Path file = directory.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    public void delete(String name) {
        try {
            Files.delete(directory.resolve(name));
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** Runs migrate-mongo to its end, and gives its exit code. */
    public int run(String... arguments) {
        var command = new ArrayList<>(List.of(requireNode(), MIGRATE_MONGO));
        command.addAll(List.of(arguments));
        return run(directory, RUN_SECONDS_MAX, command.toArray(String[]::new));
    }

    /** Starts migrate-mongo; whoever calls ends it. */
    public Process start(String... arguments) {
        var command = new ArrayList<>(List.of(requireNode(), MIGRATE_MONGO));
        command.addAll(List.of(arguments));
        return launch(directory, command.toArray(String[]::new));
    }

    private static Process launch(Path directory, String... command) {
        try {
            return new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("log").toFile())
                    .start();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    private static int run(Path directory, long secondsMax, String... command) {
        Process process = launch(directory, command);
        try {
            if (!process.waitFor(secondsMax, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException(
                        "%s did not end".formatted(Stream.of(command).toList()));
            }
            return process.exitValue();
        } catch (InterruptedException thrown) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(thrown);
        }
    }
}
