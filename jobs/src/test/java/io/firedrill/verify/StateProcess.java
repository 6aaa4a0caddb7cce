package io.firedrill.verify;

import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.testing.OwnJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Reads a state in a process of its own, with little memory: {@code URI DATABASE}. Prints its digest. */
final class StateProcess {
    private StateProcess() {}

    public static void main(String[] arguments) {
        try (Deployment deployment = Deployments.connect(arguments[0], "staging")) {
            DatabaseState state = new StateReader(deployment, List.of(arguments[1]), Set.of(), 1, () -> {}).read();
            System.out.println("digest " + state.digest());
        }
    }

    /** What it printed and said. */
    static String run(String memory, String uri, String database) {
        List<String> command = OwnJvm.command(memory, StateProcess.class, uri, database);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }
}
