package io.firedrill.oplog;

import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Deployments;
import io.firedrill.mongo.OpTime;
import io.firedrill.testing.OwnJvm;
import java.nio.file.Path;
import java.util.List;

/** A replay in a process of its own, which can be killed: {@code SOURCE TARGET FOLDER FROM TO}, the last two as {@code T,I}. */
final class ReplayProcess {
    private ReplayProcess() {}

    public static void main(String[] arguments) {
        try (Deployment source = Deployments.connect(arguments[0], "source");
                Deployment target = Deployments.connect(arguments[1], "staging");
                var span = new LoggedSpan(source, time(arguments[3]), time(arguments[4]), Path.of(arguments[2]))) {
            Replayed replayed = span.replay(() -> {}).into(target, 2, LoggedSpan.watermarks(target), bytes -> {});
            System.out.println("repeated " + replayed.repeated() + " of " + replayed.applied());
        }
    }

    private static OpTime time(String text) {
        List<String> parts = List.of(text.split(","));
        return new OpTime(Long.parseLong(parts.getFirst()), Long.parseLong(parts.getLast()));
    }

    /** Starts one, with the class path of whoever asks. */
    static Process start(String source, String target, Path folder, OpTime from, OpTime to, Path output) {
        List<String> command = OwnJvm.command(
                "128m", ReplayProcess.class, source, target, folder.toString(), from.toString(), to.toString());
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (java.io.IOException thrown) {
            throw new java.io.UncheckedIOException(thrown);
        }
    }
}
