package io.firedrill.manifests;

import java.util.List;
import java.util.SortedMap;

/**
 * What came of looking at a set of manifests.
 *
 * @param resources how many were looked at
 * @param unmodelled how many of a kind there are of which no model is known, so that their fields were not held against one
 * @param findings in the order of the files
 */
public record Examination(int resources, SortedMap<String, Integer> unmodelled, List<ManifestFinding> findings) {
    /** The findings that nobody has waived. */
    public List<ManifestFinding> faults() {
        return findings.stream().filter(finding -> !finding.isWaived()).toList();
    }
}
