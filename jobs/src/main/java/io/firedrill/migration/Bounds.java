package io.firedrill.migration;

import java.time.Duration;
import java.util.Optional;

/**
 * How much somebody else's program may take before it is killed.
 *
 * @param slow what to do where it takes longer, as a hint
 * @param bytesMax of its output, standard output and error each
 * @param loud what to do where it prints more, as a hint; empty where that is no reason to kill it: what is more is dropped
 */
record Bounds(Duration limit, String slow, int bytesMax, Optional<String> loud) {}
