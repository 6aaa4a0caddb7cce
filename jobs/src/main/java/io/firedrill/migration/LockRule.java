package io.firedrill.migration;

import java.time.Duration;
import java.util.Optional;

/**
 * A lock that migrate-mongo takes.
 *
 * @param collection of its rows
 * @param lease after which one is stale; empty where it never is
 */
public record LockRule(String collection, Optional<Duration> lease) {}
