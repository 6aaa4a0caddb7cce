package io.firedrill.runner;

/** Hears how far a phase has come; {@code advance} may be called from many threads. */
interface Progress {
    /** A phase begins; zero bytes expected means that nobody knows how many there will be. */
    void begin(String phase, long bytesExpected);

    void advance(long bytes);

    void end();
}
