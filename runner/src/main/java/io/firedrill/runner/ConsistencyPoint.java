package io.firedrill.runner;

/** The cluster time that a backup shows: seconds since 1970 and the ordinal within that second. */
record ConsistencyPoint(long t, long i) {}
