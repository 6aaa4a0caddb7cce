package io.firedrill.oplog;

import io.firedrill.mongo.OpTime;
import io.firedrill.oplog.RecoveryWindow.Base;

/**
 * How a moment is restored: which backup, and the archived oplog from there on.
 *
 * @param until the last cluster time that counts
 * @param chosen how the moment was found where that was left to us, or what has to be known of it; empty where there is
 *     nothing to say
 */
public record RecoveryPlan(RecoveryTarget asked, RecoveryWindow window, Base base, OpTime until, String chosen) {}
