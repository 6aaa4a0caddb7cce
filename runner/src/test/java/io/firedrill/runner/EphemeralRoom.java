package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.testing.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** The folder in which a command keeps a mongod of its own, looked into from outside. */
record EphemeralRoom(Path folder) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What lies in it. */
    List<Path> left() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** The one mongod that runs in it when the command has ended this phase. */
    ProcessHandle mongodAfter(String phase, Running running) {
        running.awaits("it has ended " + phase, () -> running.phasesEnded().contains(phase));
        assertThat(left()).hasSize(1);
        try {
            String pid = Files.readString(left().getFirst().resolve("mongod.pid"));
            return ProcessHandle.of(Long.parseLong(pid.strip())).orElseThrow();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    static void await(String what, BooleanSupplier condition) {
        Patience.await(what, PATIENCE, condition);
    }
}
