package io.firedrill.runner;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which of the three standard streams a person sits at. */
record Terminal(boolean in, boolean out, boolean err) {
    static final Terminal NONE = new Terminal(false, false, false);
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    static Terminal ofProcess() {
        return in(DESCRIPTORS);
    }

    /** Linux tells each stream apart; elsewhere Java's console knows only about all of them together. */
    @SuppressWarnings("SystemConsoleNull") // it still is null where jdk.console names a module that has none
    static Terminal in(Path descriptors) {
        if (Files.isDirectory(descriptors)) {
            return new Terminal(
                    isTerminal(descriptors.resolve("0")),
                    isTerminal(descriptors.resolve("1")),
                    isTerminal(descriptors.resolve("2")));
        }
        Console console = System.console();
        boolean terminal = console != null && console.isTerminal();
        return new Terminal(terminal, terminal, terminal);
    }

    private static boolean isTerminal(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException _) {
            return false;
        }
    }

    /** Somebody can be asked: the question is seen and the answer typed. */
    boolean interactive() {
        return in && err;
    }
}
