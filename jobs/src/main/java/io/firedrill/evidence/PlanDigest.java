package io.firedrill.evidence;

import tools.jackson.databind.node.ObjectNode;

/** The readiness file that something is said of, by its name and the SHA-256 of its bytes. */
public record PlanDigest(String file, String sha256) {
    void put(ObjectNode predicate) {
        predicate.putObject("readiness").put("file", file).put("sha256", sha256);
    }

    static PlanDigest of(LedgerEntry entry) {
        return new PlanDigest(entry.text("/readiness/file"), entry.text("/readiness/sha256"));
    }
}
