package io.firedrill.runner;

import java.util.List;

/** What reading the store again came to; {@code damaged} names the objects that are not what they should be. */
record VerifyResult(
        String runId,
        String backupId,
        String outcome,
        long objectsChecked,
        long objectsSound,
        long bytesRead,
        double seconds,
        List<String> damaged,
        String record,
        String report) {}
