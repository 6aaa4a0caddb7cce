package io.firedrill.migration;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * How a Spring Boot jar is started.
 *
 * @param startClass the application's own, with its {@code main}
 * @param launcher Boot's class that can put more beside the application's classes; empty where the jar has none
 */
record BootManifest(String startClass, Optional<String> launcher) {
    /** Since Boot 3.2, and before. */
    private static final List<String> LAUNCHERS = List.of(
            "org.springframework.boot.loader.launch.PropertiesLauncher",
            "org.springframework.boot.loader.PropertiesLauncher");

    /** Empty for any other jar. */
    static Optional<BootManifest> of(Path file) {
        try (var jar = new JarFile(file.toFile())) {
            Manifest manifest = jar.getManifest();
            if (manifest == null) {
                return Optional.empty();
            }
            Attributes main = manifest.getMainAttributes();
            String startClass = main.getValue("Start-Class");
            String mainClass = main.getValue(Attributes.Name.MAIN_CLASS);
            if (startClass == null || mainClass == null || !mainClass.startsWith("org.springframework.boot.loader.")) {
                return Optional.empty();
            }
            return Optional.of(new BootManifest(
                    startClass,
                    LAUNCHERS.stream()
                            .filter(name -> jar.getEntry(name.replace('.', '/') + ".class") != null)
                            .findFirst()));
        } catch (IOException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s is no jar that can be read: %s".formatted(file, thrown.getMessage()),
                    "Give the jar that the build made, a plain one or one of Spring Boot, with --jar.",
                    thrown);
        }
    }
}
