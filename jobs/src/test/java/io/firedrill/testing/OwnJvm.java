package io.firedrill.testing;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How a test starts a program of its own in another virtual machine, with the class path that it has itself. */
public final class OwnJvm {
    private OwnJvm() {}

    /**
     * @param memory of its heap, as {@code 128m}
     */
    public static List<String> command(String memory, Class<?> program, String... arguments) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + memory,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                program.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
