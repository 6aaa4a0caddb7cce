package io.firedrill.job;

import java.time.Duration;
import java.util.Optional;

/** Hands units to workers in other processes, and hears from them. For one thread. */
public interface Dispatch {
    /**
     * One unit to be worked on.
     *
     * @param execution number of its step execution in the job repository, which manager and workers share
     * @param delivery how often it was handed out, this time among them: it is given to another when nothing is heard of one
     */
    record Task(String step, String unit, long execution, int delivery) {
        /** As it is sent. */
        public Task(String step, String unit, long execution) {
            this(step, unit, execution, 1);
        }

        /** The same, handed out for so many times. */
        public Task delivered(int times) {
            return new Task(step, unit, execution, times);
        }
    }

    /**
     * What became of it. The same may be heard twice.
     *
     * @param worker host and process that did it
     * @param ended whether there is nothing more to hear of it
     * @param result of the work; empty where it failed
     * @param bytes worked on
     * @param failure why it could not be done
     */
    record Report(
            long execution,
            String worker,
            boolean ended,
            String result,
            long bytes,
            Optional<RuntimeException> failure) {
        static Report done(long execution, String worker, String result, long bytes) {
            return new Report(execution, worker, true, result, bytes, Optional.empty());
        }

        public static Report failed(long execution, String worker, RuntimeException failure) {
            return new Report(execution, worker, true, "", 0, Optional.of(failure));
        }

        /** Nothing yet, but somebody is at it. */
        public static Report working(long execution, String worker) {
            return new Report(execution, worker, false, "", 0, Optional.empty());
        }
    }

    void send(Task task);

    /** The next report, or nothing if none comes in time. */
    Optional<Report> next(Duration patience);
}
