package io.firedrill.retention;

import java.util.List;

/**
 * What was deleted of the archived oplog.
 *
 * @param bytes of the slices as they were stored
 * @param refused what the store did not let go
 */
public record Trimmed(long slices, long bytes, List<RefusedDeletion> refused) {
    public static final Trimmed NOTHING = new Trimmed(0, 0, List.of());

    public Trimmed {
        refused = List.copyOf(refused);
    }
}
