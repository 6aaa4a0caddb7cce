package io.firedrill.runner;

/** Asks for a backup to be held, or else released. */
record HoldRequest(String backup, String reason, boolean hold) {}
