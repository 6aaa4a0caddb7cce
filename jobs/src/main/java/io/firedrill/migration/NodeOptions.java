package io.firedrill.migration;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * A migrate-mongo project and how to read it.
 *
 * @param directory of the project, or its configuration file
 * @param node the program that reads the configuration
 * @param given the configuration as options gave it, for where there is no Node: then nothing of the project is run
 */
public record NodeOptions(Path directory, String node, Duration limit, Optional<ProjectConfig> given) {
    static final String CONFIG = "migrate-mongo-config.js";

    Path root() {
        Path parent = directory.toAbsolutePath().getParent();
        return Files.isRegularFile(directory) && parent != null ? parent : directory;
    }

    Path config() {
        return directory.equals(root()) ? directory.resolve(CONFIG) : directory;
    }
}
