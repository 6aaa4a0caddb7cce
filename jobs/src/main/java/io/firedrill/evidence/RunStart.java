package io.firedrill.evidence;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What is known of a run before its first step: {@code mode} is "manual" or "scheduled", {@code parameters} are the
 * effective ones.
 */
public record RunStart(
        String runId,
        RunKind kind,
        String mode,
        String operator,
        String executorVersion,
        String host,
        Map<String, String> parameters,
        Objectives objectives) {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    public RunStart {
        // The id becomes part of object keys.
        if (!ID.matcher(runId).matches()) {
            throw new IllegalArgumentException("not a run id: " + runId);
        }
        parameters = Collections.unmodifiableSortedMap(new TreeMap<>(parameters));
    }
}
