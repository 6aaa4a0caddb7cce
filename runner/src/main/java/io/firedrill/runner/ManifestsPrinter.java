package io.firedrill.runner;

/** Writes what the doctor says of manifests in one format. */
@FunctionalInterface
interface ManifestsPrinter {
    void print(ManifestsResult result);
}
