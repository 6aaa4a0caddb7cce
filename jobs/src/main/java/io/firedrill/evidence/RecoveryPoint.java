package io.firedrill.evidence;

import java.time.Instant;
import java.util.Optional;

/**
 * The point in time that a restore was to reach.
 *
 * @param asked in the words of whoever asked
 * @param chosen how it was found where that was left to us, or what has to be known of it; may be empty
 * @param until the last cluster time that counts
 * @param reached cluster time of the last entry that was replayed
 * @param reachedTime the same on the wall
 * @param reachedAt what the source's clock said when that entry was written
 * @param timeline of the archived oplog
 * @param entries between the backup and the point
 * @param proof what shows that the point was reached
 * @param incident the moment that the recovery point's age is counted from; empty for the start of the run
 */
public record RecoveryPoint(
        String asked,
        String chosen,
        String until,
        String reached,
        Instant reachedTime,
        Instant reachedAt,
        int timeline,
        long entries,
        String proof,
        Optional<Instant> incident) {
    /** Nothing shows it yet. */
    public static final String OPEN = "none yet";

    /** The digests of the source at exactly the point equal those of the copy. */
    public static final String SEAL = "seal";

    /** What was loaded equals the backup, and every entry since found what it must find. */
    public static final String STRICT_REPLAY = "base digests + strict replay";
}
