package io.firedrill.oplog;

import io.firedrill.mongo.OpTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A piece of the archive that was read through and found whole.
 *
 * @param logs to be replayed after the backup's own
 * @param from the backup's consistency point
 * @param reached cluster time of the last entry that counts
 * @param wall what the source's clock said then
 * @param entries after the consistency point that count
 * @param slices that were read
 * @param lastEntry SHA-256 of the last entry that counts, as it lies in the archive
 * @param passedOver what the entries tell that their replay does not show
 */
public record CheckedChain(
        List<OplogLog> logs,
        OpTime from,
        OpTime reached,
        Optional<Instant> wall,
        long entries,
        long slices,
        String lastEntry,
        PassedOver passedOver) {
    public CheckedChain {
        logs = List.copyOf(logs);
    }

    /** When the last entry that counts was written: finer by the source's clock than by the cluster time. */
    public Instant reachedAt() {
        return wall.orElseGet(reached::instant);
    }
}
