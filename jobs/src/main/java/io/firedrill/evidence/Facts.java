package io.firedrill.evidence;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a run has noted so far, as it is stored beside each phase: the next attempt goes on from the newest. */
record Facts(
        Optional<Party> source,
        Optional<Party> target,
        boolean targetEmptyBefore,
        Optional<BackupFacts> backup,
        List<Check> checks,
        List<CollectionFact> collections,
        Map<String, String> excluded,
        List<String> notTested,
        Map<String, String> notes,
        Optional<Disposal> disposal,
        Optional<Ready> ready,
        Optional<Scope> scope,
        Optional<RecoveryPoint> point,
        Optional<RehearsalFacts> rehearsal,
        Optional<ReleaseFacts> release) {
    /** A run that an earlier version began noted less. */
    @SuppressWarnings("OptionalAssignedToNull")
    Facts {
        point = point == null ? Optional.empty() : point;
        rehearsal = rehearsal == null ? Optional.empty() : rehearsal;
        release = release == null ? Optional.empty() : release;
    }

    static final Facts NONE = new Facts(
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty(),
            List.of(),
            List.of(),
            Map.of(),
            List.of(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** Whether what was restored is less than the backup. */
    boolean partial() {
        return scope.orElse(Scope.WHOLE).partial();
    }

    /** How the restored copy was got rid of. */
    record Disposal(String method, String result) {}

    /** The moment the copy was verified and usable. */
    record Ready(int attempt, Instant at) {}
}
