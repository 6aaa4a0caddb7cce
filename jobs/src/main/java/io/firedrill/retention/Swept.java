package io.firedrill.retention;

import io.firedrill.archive.BackupId;
import java.util.List;

/**
 * What a sweep did.
 *
 * @param backups whose manifest is gone; objects of theirs may be left, see {@code refused}
 * @param segments deleted
 * @param bytes of the segments deleted
 * @param orphansNoted segments that nobody refers to and that are deleted a grace period from now, if that stays so
 * @param refused what the store did not let go
 */
public record Swept(
        List<BackupId> backups, long segments, long bytes, long orphansNoted, List<RefusedDeletion> refused) {
    public Swept {
        backups = List.copyOf(backups);
        refused = List.copyOf(refused);
    }
}
