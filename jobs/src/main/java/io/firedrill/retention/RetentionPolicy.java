package io.firedrill.retention;

import java.time.Duration;
import java.util.Map;

/**
 * What stays.
 *
 * @param last the newest so many backups, whenever they were made
 * @param minimumAge nothing younger is deleted
 * @param leftoverAge when a backup that was cut off is too old to go on
 * @param grace between the mark and the deletion
 */
public record RetentionPolicy(
        int last, Map<Tier, Keep> tiers, Duration minimumAge, Duration leftoverAge, Duration grace) {
    public RetentionPolicy {
        tiers = Map.copyOf(tiers);
    }

    /** A policy that says of no backup that it stays was forgotten, not meant. */
    public boolean keepsNothing() {
        return last == 0 && tiers.values().stream().allMatch(Keep::isNothing);
    }

    Keep of(Tier tier) {
        return tiers.getOrDefault(tier, Keep.NOTHING);
    }
}
