package io.firedrill.migration;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Whether a process that was sent a STOP stands still. When {@code kill} has ended, the signal is only on its way: until a thread of
 * the process has had its turn and taken it, which takes as long as the machine is busy, the others go on and write.
 */
public final class StandStill {
    private static final long LOOK_MILLIS = 1;
    private static final int LOOKS_MAX = 20_000;
    /** Stopped, by a signal or by whoever traces it; ended, and not yet taken note of. */
    private static final Set<Character> STILL = Set.of('T', 't', 'Z', 'X');

    private StandStill() {}

    /**
     * Waits until the process as a whole stands still or has ended, and not for ever. Where no {@code /proc} tells, nobody waits.
     *
     * @return false if it has not stood still for all that
     */
    public static boolean await(ProcessHandle process) {
        Path threads = Path.of("/proc", Long.toString(process.pid()), "task");
        for (int looks = 0; !areStill(threads); looks++) {
            if (looks == LOOKS_MAX) {
                return false;
            }
            process.onExit()
                    .completeOnTimeout(process, LOOK_MILLIS, TimeUnit.MILLISECONDS)
                    .join();
        }
        return true;
    }

    private static boolean areStill(Path threads) {
        try (DirectoryStream<Path> each = Files.newDirectoryStream(threads)) {
            for (Path thread : each) {
                if (!isStill(thread.resolve("stat"))) {
                    return false;
                }
            }
        } catch (IOException | DirectoryIteratorException _) {
            // There is no such process any more.
        }
        return true;
    }

    /** The state is the letter after the name, which is in brackets and may have brackets in it: proc(5). */
    private static boolean isStill(Path stat) {
        try {
            String line = Files.readString(stat);
            return STILL.contains(line.charAt(line.lastIndexOf(')') + 2));
        } catch (IOException _) {
            // A thread that has ended does nothing more.
            return true;
        }
    }
}
