package io.firedrill.migration;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Starts a program in a session of its own, where there is {@code setsid}: then a Ctrl-C, which a terminal sends to all that it
 * started, reaches only us, and we decide.
 */
final class Shield {
    private static final String SETSID = "setsid";

    private Shield() {}

    /** The same command where there is no such program, or none of that name: then it fails as it would have. */
    static List<String> around(List<String> command, String path) {
        Optional<Path> setsid = found(SETSID, path);
        if (setsid.isEmpty() || found(command.getFirst(), path).isEmpty()) {
            return command;
        }
        var shielded = new ArrayList<>(List.of(setsid.get().toString()));
        shielded.addAll(command);
        return shielded;
    }

    private static Optional<Path> found(String program, String path) {
        return program.contains(File.separator)
                ? Optional.of(Path.of(program)).filter(Files::isExecutable)
                : Stream.of(path.split(File.pathSeparator))
                        .filter(each -> !each.isEmpty())
                        .map(each -> Path.of(each).resolve(program))
                        .filter(each -> Files.isRegularFile(each) && Files.isExecutable(each))
                        .findFirst();
    }
}
