package io.firedrill.migration;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a rehearsal is made.
 *
 * @param full whether runs are cut off too, and two of them are made at once
 * @param only the one cut that is to be made again, and nothing else; empty for a rehearsal of everything
 * @param limit after which the run of one change is killed
 * @param budget how long a change may take; empty: as long as it likes
 * @param lease how long the tool's lock holds without being renewed
 * @param withoutRollback ids of changes that need none, each with the reason, which the record quotes
 * @param accepted what may fail, each with the reason, which the record quotes
 * @param stamp what the tool writes beside its rows, where it can
 */
public record RehearsalOptions(
        boolean full,
        Optional<ChangeCut> only,
        Duration limit,
        Optional<Duration> budget,
        Duration lease,
        Map<String, String> withoutRollback,
        List<Acceptance> accepted,
        Map<String, String> stamp) {
    public RehearsalOptions {
        withoutRollback = Map.copyOf(withoutRollback);
        accepted = List.copyOf(accepted);
        stamp = Map.copyOf(stamp);
    }
}
