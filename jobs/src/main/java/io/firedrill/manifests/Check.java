package io.firedrill.manifests;

/** Looks at one resource of a set, for one rule or for a few that belong together. */
@FunctionalInterface
interface Check {
    void look(Resource resource, ResourceSet set, Findings findings);
}
