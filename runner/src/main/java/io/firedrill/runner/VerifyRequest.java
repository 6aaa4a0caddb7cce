package io.firedrill.runner;

/** Asks for a share of a backup's objects, by id or {@code latest}, to be read and hashed again. */
record VerifyRequest(String backup, int percent) {}
