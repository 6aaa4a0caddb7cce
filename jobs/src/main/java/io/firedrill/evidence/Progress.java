package io.firedrill.evidence;

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

    void end();
}
