package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Settings as a test gives them: in the environment, as flags, in a file. */
final class GivenSettings {
    final Map<String, String> environment = new HashMap<>();
    final Map<Setting, String> flags = new EnumMap<>(Setting.class);
    final List<String> warnings = new ArrayList<>();
    final Path directory;

    GivenSettings(Path directory) {
        this.directory = directory;
    }

    Map<Setting, Given> given() {
        return new SettingsReader(environment, directory, warnings::add).read(flags, Optional.empty());
    }

    Settings read() {
        return Settings.of(given(), directory);
    }

    void file(String... lines) throws IOException {
        Files.write(directory.resolve("firedrill.yaml"), List.of(lines));
    }

    Failure failure() {
        return assertThatExceptionOfType(Failure.class)
                .isThrownBy(this::read)
                .satisfies(thrown -> assertThat(thrown.kind()).isEqualTo(FailureKind.CONFIGURATION_INVALID))
                .actual();
    }
}
