package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminalTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path descriptors;

    @Test
    void eachStreamIsLookedAtByItself() throws IOException {
        Files.createSymbolicLink(descriptors.resolve("0"), Path.of("/dev/pts/3"));
        Files.createSymbolicLink(descriptors.resolve("1"), Path.of("pipe:[123]"));
        Files.createSymbolicLink(descriptors.resolve("2"), Path.of("/dev/tty1"));
        assertThat(Terminal.in(descriptors)).isEqualTo(new Terminal(true, false, true));
        assertThat(Terminal.in(descriptors).interactive()).isTrue();
    }

    @Test
    void aPersonMustSeeTheQuestionAndBeAbleToAnswer() throws IOException {
        Files.createSymbolicLink(descriptors.resolve("2"), Path.of("/dev/console"));
        assertThat(Terminal.in(descriptors)).isEqualTo(new Terminal(false, false, true));
        assertThat(Terminal.in(descriptors).interactive()).isFalse();
        assertThat(new Terminal(true, true, false).interactive()).isFalse();
    }

    @Test
    void withoutDescriptorsTheConsoleIsAsked() {
        Terminal terminal = Terminal.in(descriptors.resolve("missing"));
        assertThat(terminal.in()).isEqualTo(terminal.err());
    }

    @Test
    void ofTheProcessItIsKnown() {
        assertThat(Terminal.ofProcess()).isNotNull();
    }
}
