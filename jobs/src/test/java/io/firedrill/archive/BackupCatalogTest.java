package io.firedrill.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.HeapStore;
import io.firedrill.storage.Content;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import io.firedrill.testing.SteppedStore;
import io.firedrill.testing.SteppedStore.Operation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Which backups there are, told from a listing of all their objects. */
class BackupCatalogTest {
    private static final Instant THEN = Instant.parse("2026-11-22T10:00:00Z");

    /** Around the size of a page, whose rest is passed over; and two such backups next to one another, one of them the last. */
    @Test
    void everyBackupIsFoundOnceHoweverManyObjectsTheOnesBeforeItHave() {
        List<Integer> sizes = List.of(1, 999, 1, 1_000, 1, 1_001, 2_500, 1, 1, 2_000);
        try (ObjectStore store = new HeapStore()) {
            List<BackupId> made = new ArrayList<>();
            for (int size : sizes) {
                BackupId id = BackupId.of(THEN.plusSeconds(made.size()), made.size());
                made.add(id);
                for (int part = 0; part < size; part++) {
                    store.create(
                            ObjectKey.of("sources/orders/backups/%s/parts/%05d".formatted(id, part)),
                            Content.of(new byte[] {1}));
                }
            }
            store.create(ObjectKey.of("sources/orders/backups/no backup/plan"), Content.of(new byte[] {1}));
            var listings = new AtomicInteger();
            var counted = new SteppedStore(store, (operation, _) -> {
                if (operation == Operation.LIST) {
                    listings.incrementAndGet();
                }
            });
            assertThat(new BackupCatalog(counted, "orders").ids()).isEqualTo(made);
            assertThat(listings)
                    .as("the first listing, and one behind each backup of a page or more")
                    .hasValue(5);
        }
    }
}
