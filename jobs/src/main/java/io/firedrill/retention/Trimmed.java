package io.firedrill.retention;

import java.util.List;

/**
 * What was deleted of the archived oplog, and of the seals beside it.
 *
 * @param bytes of the slices as they were stored
 * @param seals of moments that nothing leads to any more
 * @param refused what the store did not let go
 */
public record Trimmed(long slices, long bytes, long seals, List<RefusedDeletion> refused) {
    public static final Trimmed NOTHING = new Trimmed(0, 0, 0, List.of());

    public Trimmed {
        refused = List.copyOf(refused);
    }
}
