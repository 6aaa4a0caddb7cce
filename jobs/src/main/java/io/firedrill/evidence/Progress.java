package io.firedrill.evidence;

import java.util.function.Supplier;

/** Hears how far a phase has come; called from the threads that do the work, so it must be quick and thread-safe. */
public interface Progress {
    /** Hears nothing. */
    Progress NONE = new Progress() {
        @Override
        public void begin(String phase, long bytesExpected) {}

        @Override
        public void advance(long bytes) {}

        @Override
        public void end() {}
    };

    /** A phase begins; {@code bytesExpected} is 0 where nobody knows. */
    void begin(String phase, long bytesExpected);

    void advance(long bytes);

    /** What else there is to say of the phase that began last, asked whenever it is shown. */
    default void detail(Supplier<String> words) {}

    /** Something that has to be heard at once. */
    default void say(String line) {}

    void end();
}
