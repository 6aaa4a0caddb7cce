package io.firedrill.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.firedrill.archive.BackupId;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.storage.StoreSettings;
import io.firedrill.testing.S3Server;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Prune on a real S3 server. */
class S3PruneIT implements PruneContract {
    private static final Optional<StoreSettings> MADE = S3Server.freshBucket();

    @BeforeEach
    void needsAServer() {
        assumeTrue(MADE.isPresent(), S3Server.unchecked("prune on S3"));
    }

    /** A server either refuses, or keeps the version and hides the name; a backup is whole or gone in both cases. */
    @Test
    void underObjectLockEveryBackupIsWholeOrGoneAndARefusalIsReported() {
        ObjectStore store = ObjectStores.open(S3Server.lockedBucket().orElseThrow());
        var archive = new ArchiveForTests(store);
        archive.backup(PruneContract.FIRST, List.of("a", "b"));
        archive.backup(PruneContract.SECOND, List.of("b", "c"));
        PruneContract.prune(store, PruneContract.keepLast(1), PruneContract.NOW);
        Swept swept = PruneContract.prune(store, PruneContract.keepLast(1), PruneContract.LATER);

        boolean gone = !archive.catalog().isSealed(PruneContract.FIRST);
        assertThat(swept.backups().contains(PruneContract.FIRST)).isEqualTo(gone);
        if (!gone) {
            assertThat(swept.refused())
                    .extracting(RefusedDeletion::key)
                    .contains("sources/source/backups/" + PruneContract.FIRST + "/manifest");
        }
        assertThat(new Intactness(archive.catalog()).look().missing()).isEmpty();
        // Nothing that the store would not delete keeps later backups from being made.
        archive.backup(BackupId.of(PruneContract.LATER, 9), List.of("a", "c"));
        assertThat(new Intactness(archive.catalog()).look().missing()).isEmpty();
    }

    @Override
    public ObjectStore store() {
        StoreSettings bucket = MADE.orElseThrow();
        return ObjectStores.open(
                new StoreSettings(bucket.url() + "/" + UUID.randomUUID(), bucket.s3Endpoint(), bucket.s3Region()));
    }
}
