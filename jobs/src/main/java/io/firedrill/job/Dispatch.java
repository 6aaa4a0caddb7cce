package io.firedrill.job;

import java.time.Duration;
import java.util.Optional;

/** Hands units to workers in other processes, and hears from them. For one thread. */
public interface Dispatch {
    /**
     * One unit to be worked on.
     *
     * @param execution number of its step execution in the job repository, which manager and workers share
     */
    record Task(String step, String unit, long execution) {}

    /**
     * What became of it. The same may be heard twice.
     *
     * @param worker host and process that did it
     * @param result of the work; empty where it failed
     * @param bytes worked on
     * @param failure why it could not be done
     */
    record Report(long execution, String worker, String result, long bytes, Optional<RuntimeException> failure) {}

    void send(Task task);

    /** The next report, or nothing if none comes in time. */
    Optional<Report> next(Duration patience);
}
