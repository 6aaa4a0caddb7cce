package io.firedrill.runner;

/**
 * What a worker did until it was asked to stop; the names are those of the JSON output.
 *
 * @param worker host and process
 * @param units that it had in hand, those that failed among them
 * @param bytes worked on
 */
record WorkerResult(String worker, long units, long failed, long bytes, double seconds) {}
