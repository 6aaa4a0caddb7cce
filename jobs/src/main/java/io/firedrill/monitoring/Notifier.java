package io.firedrill.monitoring;

/** Where people are told. */
@FunctionalInterface
public interface Notifier {
    /** Tells them; fails with {@code DEPENDENCY_UNAVAILABLE} or {@code ACCESS_DENIED} where it was not taken, in bounded time. */
    void tell(Notification what);
}
