package io.firedrill.runner;

/** Who started a run: a person, or a schedule. */
enum Mode {
    MANUAL,
    SCHEDULED
}
