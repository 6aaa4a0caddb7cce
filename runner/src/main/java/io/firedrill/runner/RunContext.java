package io.firedrill.runner;

import io.firedrill.evidence.Progress;

/** What a command hands to the operations beside its request. */
record RunContext(
        Settings settings, Progress progress, Confirmation confirmation, StopRequest stopRequested, Notices notices) {}
