package io.firedrill.runner;

import io.firedrill.evidence.Progress;
import java.util.function.BooleanSupplier;

/** What a command hands to the operations beside its request. */
record RunContext(
        Settings settings,
        Progress progress,
        Confirmation confirmation,
        BooleanSupplier stopRequested,
        Notices notices) {}
