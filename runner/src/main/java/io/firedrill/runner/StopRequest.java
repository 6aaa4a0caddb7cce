package io.firedrill.runner;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Whether the operator asked to stop, and what a run says that cannot stop at once. */
@FunctionalInterface
interface StopRequest extends BooleanSupplier {
    /**
     * From now on a run is at work that may take a while until it can stop.
     *
     * @param patience how long it may take
     * @param asked called when it is asked to stop, in a thread of its own
     * @param hurried called when it is asked again, or patience has ended: it has to give up what it is at
     */
    default void takesUpTo(Duration patience, Runnable asked, Runnable hurried) {}
}
