package io.firedrill.evidence;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * How what a restore or a verification looked at differs from its backup by the operator's wish.
 *
 * @param partial whether some of the backup was left out, so that no proof is one of the whole backup
 * @param renamed namespaces of the source, and what they are called in the target
 */
public record Scope(boolean partial, Map<String, String> renamed) {
    static final Scope WHOLE = new Scope(false, Map.of());

    public Scope {
        renamed = Collections.unmodifiableSortedMap(new TreeMap<>(renamed));
    }
}
