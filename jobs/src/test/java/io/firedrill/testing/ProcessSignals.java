package io.firedrill.testing;

import io.firedrill.migration.StandStill;
import java.io.IOException;

/** Signals that Java itself does not send. */
public final class ProcessSignals {
    private ProcessSignals() {}

    /**
     * Sends a signal; returns once a STOP has stopped the process as a whole.
     *
     * @param signal "STOP", "CONT" or "TERM"
     */
    public static void send(ProcessHandle process, String signal) {
        try {
            int code = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (code != 0) {
                throw new IllegalStateException("kill -%s ended with %d".formatted(signal, code));
            }
        } catch (IOException | InterruptedException thrown) {
            throw new IllegalStateException("no signal can be sent", thrown);
        }
        if (signal.equals("STOP") && !StandStill.await(process)) {
            throw new IllegalStateException("process %d does not stand still".formatted(process.pid()));
        }
    }
}
