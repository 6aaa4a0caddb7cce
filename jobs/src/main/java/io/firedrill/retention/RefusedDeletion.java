package io.firedrill.retention;

/** An object that the store did not let go, and what it said. */
public record RefusedDeletion(String key, String answer) {}
