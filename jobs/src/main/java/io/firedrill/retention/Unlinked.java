package io.firedrill.retention;

import java.util.List;

/**
 * What became of slices of the archived oplog that no link names.
 *
 * @param deleted for certain nobody's
 * @param bytes of those as they were stored
 * @param waiting seen, and deleted later if nobody links them
 * @param refused what the store did not let go
 */
public record Unlinked(long deleted, long bytes, long waiting, List<RefusedDeletion> refused) {
    public static final Unlinked NOTHING = new Unlinked(0, 0, 0, List.of());

    public Unlinked {
        refused = List.copyOf(refused);
    }
}
