package io.firedrill.runner;

/** One phase of a run and how long it took. */
record PhaseLine(String name, double seconds) {}
