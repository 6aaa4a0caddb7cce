package io.firedrill.retention;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.storage.StoreSettings;
import io.firedrill.testing.S3Server;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;

/** Prune on a real S3 server. */
class S3PruneIT implements PruneContract {
    private static final Optional<StoreSettings> MADE = S3Server.freshBucket();

    @BeforeEach
    void needsAServer() {
        assumeTrue(MADE.isPresent(), S3Server.unchecked("prune on S3"));
    }

    @Override
    public ObjectStore store() {
        StoreSettings bucket = MADE.orElseThrow();
        return ObjectStores.open(
                new StoreSettings(bucket.url() + "/" + UUID.randomUUID(), bucket.s3Endpoint(), bucket.s3Region()));
    }
}
