package io.firedrill.evidence;

import java.util.List;

/** A deployment that took part in a run. */
public record Party(
        String name,
        String replicaSet,
        String replicaSetId,
        List<String> hosts,
        String version,
        String featureCompatibilityVersion) {
    public Party {
        hosts = List.copyOf(hosts);
    }
}
