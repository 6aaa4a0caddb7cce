package io.firedrill.storage;

import java.nio.file.Path;

/**
 * A process that somebody may look for later, when whoever started it is gone.
 *
 * @param text the machine's boot, the process id namespace, the process id and the moment of its start; or {@code unknown} and
 *     the process id, where the kernel does not tell
 */
public record ProcessMark(String text) {
    /** What is known of a process from here and now. */
    public enum Life {
        LIVES,
        DEAD,
        /** It is of another machine, of an earlier boot of this one or of another container, or the kernel does not tell. */
        UNKNOWN
    }

    public static ProcessMark of(long pid) {
        return new ProcessMark(processes().idOf(pid));
    }

    public Life life() {
        return processes().life(text);
    }

    /** Its number; what another machine's means is another thing. */
    public String pid() {
        String[] parts = text.split(" ", -1);
        return parts.length == 4 ? parts[2] : parts[parts.length - 1];
    }

    private static Processes processes() {
        return new Processes(Path.of("/proc"));
    }
}
