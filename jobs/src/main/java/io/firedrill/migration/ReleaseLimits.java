package io.firedrill.migration;

import java.time.Duration;

/**
 * How old what a release relies on may be.
 *
 * @param receiptAge of a rehearsal since its end
 * @param backupAge of a recovery point: of the newest backup now, and of the rehearsal's when that began
 * @param quickEnough whether a rehearsal that cut no run off will do
 */
public record ReleaseLimits(Duration receiptAge, Duration backupAge, boolean quickEnough) {}
