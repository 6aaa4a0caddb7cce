package io.firedrill.staging;

import io.firedrill.testing.OwnJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** A process that has a staging server and goes back to its files without end, until it is killed: {@code MONGOD ROOT}. */
final class StagingProcess {
    private StagingProcess() {}

    public static void main(String[] arguments) {
        try (StagingServer server = StagingServer.start(arguments[0], Path.of(arguments[1]), 0, "6.0")) {
            server.toReplicaSet();
            Saved saved = server.save();
            try (StagingServer shelf = server.shelf(saved)) {
                System.out.println(shelf.pid());
                for (int round = 0; ; round++) {
                    server.goBackTo(saved);
                    System.out.println(server.pid() + " in round " + round);
                }
            }
        }
    }

    /** Starts one, with the class path of whoever asks. */
    static Process start(String mongod, Path root) {
        List<String> command = OwnJvm.command("128m", StagingProcess.class, mongod, root.toString());
        try {
            return new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }
}
