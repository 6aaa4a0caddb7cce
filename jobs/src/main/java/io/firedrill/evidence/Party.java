package io.firedrill.evidence;

import java.util.List;

/**
 * A deployment that took part in a run.
 *
 * @param name {@link #EPHEMERAL} for a staging that was started for the run and destroyed after it
 */
public record Party(
        String name,
        String replicaSet,
        String replicaSetId,
        List<String> hosts,
        String version,
        String featureCompatibilityVersion) {
    public static final String EPHEMERAL = "ephemeral";

    public Party {
        hosts = List.copyOf(hosts);
    }

    boolean isEphemeral() {
        return name.equals(EPHEMERAL);
    }
}
