package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.Deployment;
import io.firedrill.restore.StagingCleaner;
import io.firedrill.restore.StagingMarker;

/** What a restore that was denied half-way has left in staging, in the way of the next one. */
final class Leftovers {
    private Leftovers() {}

    /**
     * Cleans it up as somebody who may.
     *
     * @param after what the restore was done without
     */
    static void clean(Deployment staging, Object after) {
        var marker = new StagingMarker(staging);
        if (marker.read().isPresent()) {
            new StagingCleaner(staging, marker).clean();
        }
        assertThat(new CatalogReader(staging).databases())
                .as("left after %s", after)
                .isEmpty();
    }
}
