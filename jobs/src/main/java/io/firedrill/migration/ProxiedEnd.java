package io.firedrill.migration;

/** How a run through a proxy ended, and what was seen of its writes. */
public record ProxiedEnd(RunEnd end, WritesSeen seen) {}
