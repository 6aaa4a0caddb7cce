package io.firedrill.storage;

import java.nio.file.Path;
import java.time.Instant;

/**
 * Who holds a lease, in words for the operator who finds it taken.
 *
 * @param processId the machine's boot, the process id namespace, the process id and the moment of its start, so that a
 *     dead process of this very machine is known to be dead, however soon its number is used again
 */
public record Holder(String runId, String host, String processId, String command, Instant since) {
    public static Holder ofThisProcess(String runId, String command, Instant since) {
        var processes = new Processes(Path.of("/proc"));
        return new Holder(runId, processes.host(), processes.own(), command, since);
    }
}
