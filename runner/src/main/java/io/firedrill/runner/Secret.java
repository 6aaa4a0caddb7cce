package io.firedrill.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A text that must not be seen: it prints as three stars and has to be asked for its value by name. */
final class Secret {
    private final String value;
    private final Optional<Path> file;

    Secret(String value) {
        this(value, Optional.empty());
    }

    /** @param file where it was read from */
    Secret(String value, Optional<Path> file) {
        this.value = value;
        this.file = file;
    }

    /** The secret itself, for the one call that needs it; never for a message. */
    String reveal() {
        return value;
    }

    /** What its file holds now, for it may have been exchanged; what it held at first if nobody can say. */
    String revealCurrent() {
        return file.map(Secret::read).filter(text -> !text.isEmpty()).orElse(value);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).stripTrailing();
        } catch (IOException _) {
            return "";
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && secret.value.equals(value);
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
