package io.firedrill.migration;

import java.time.Duration;

/**
 * How a tool's process ended. Its exit code is no proof of anything: several tools end with 0 after a failure.
 *
 * @param code 128 + n where signal n ended it
 * @param took from its start to its end, the start of its virtual machine included
 * @param lastWords the last line that it said of itself, for messages; without secrets
 */
public record RunEnd(int code, Duration took, String lastWords) {}
