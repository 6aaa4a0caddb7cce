package io.firedrill.evidence;

import io.firedrill.failure.FailureKind;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What one run tells of who should have run and who did.
 *
 * @param seq of its record; 0 for a run that has none yet
 * @param record its key in the store; empty for a run that has none yet
 * @param source its name in the store; empty where the run does not tell
 * @param at when its record was written, by the clock of whoever wrote it; when it began, for a run that has none yet
 * @param began when each process began that worked on it
 * @param outcome empty for a run that has no record yet
 * @param backupId that it made or used; empty if none
 * @param partial whether something of the backup was left out on purpose
 * @param refuted whether it found that what is stored, or what came back, is not what was backed up
 * @param schedule the one that was in force, if the record holds one
 * @param missed the slot that the record says was missed
 */
public record RunTrace(
        long seq,
        String record,
        RunKind kind,
        String source,
        Instant at,
        List<Instant> began,
        Optional<Outcome> outcome,
        String backupId,
        boolean partial,
        boolean refuted,
        Optional<Schedule.Recorded> schedule,
        Optional<Slot.Name> missed) {
    /** The parameter of a run that names the source. */
    public static final String SOURCE_NAME = "source-name";

    private static final Pattern MANIFEST = Pattern.compile("sources/([^/]+)/backups/.*");
    private static final Pattern LEASE =
            Pattern.compile("(?:backup|verify|drill-ephemeral|rehearse|release|seal|oplog)-(.+)");

    /** Of a run that failed by these nothing follows for the backup: it never came to look at the data. */
    private static final Set<String> SAY_NOTHING = Set.of(
            FailureKind.CONFIGURATION_INVALID.name(),
            FailureKind.FORMAT_TOO_NEW.name(),
            FailureKind.TARGET_UNREACHABLE.name(),
            FailureKind.LOCK_HELD.name(),
            FailureKind.LOCK_LOST.name(),
            FailureKind.TARGET_REFUSED.name(),
            FailureKind.DEPENDENCY_UNAVAILABLE.name(),
            FailureKind.STORE_FULL.name(),
            FailureKind.ACCESS_DENIED.name(),
            FailureKind.STAGING_LEFT_BEHIND.name(),
            FailureKind.KEY_MISSING.name(),
            FailureKind.KEY_WRONG.name(),
            FailureKind.EVIDENCE_NOT_STORED.name(),
            FailureKind.ABORTED.name());

    public RunTrace {
        began = List.copyOf(began);
    }

    /** Empty for a kind that only a newer version knows: it is none that this one schedules. */
    public static Optional<RunTrace> read(RunRecord run) {
        boolean known = RunKind.named(run.entry().word()).isPresent();
        return known ? Optional.of(of(run)) : Optional.empty();
    }

    public static RunTrace of(RunRecord run) {
        JsonNode json = run.entry().predicate();
        return new RunTrace(
                run.seq(),
                run.key(),
                run.kind(),
                source(
                        json.at("/run/parameters/" + SOURCE_NAME).asString(""),
                        json.at("/run/parameters/lease").asString(""),
                        run.manifest().orElse("")),
                run.recordedAt(),
                json.at("/run/attempts")
                        .valueStream()
                        .map(attempt -> Instant.parse(attempt.path("startedAt").asString("")))
                        .toList(),
                Optional.of(run.outcome()),
                run.backupId().orElse(""),
                run.isPartial(),
                refuted(run),
                json.has("schedule") ? Optional.of(Schedule.Recorded.read(json.path("schedule"))) : Optional.empty(),
                isSlot(json.path("slot")) ? Optional.of(Slot.name(json.path("slot"))) : Optional.empty());
    }

    /** A run without an end: it may be under way, or dead. */
    public static RunTrace of(RunLog open) {
        var parameters = open.start().parameters();
        return new RunTrace(
                0,
                "",
                open.start().kind(),
                source(parameters.getOrDefault(SOURCE_NAME, ""), parameters.getOrDefault("lease", ""), ""),
                open.beginnings().getFirst(),
                open.beginnings(),
                Optional.empty(),
                "",
                false,
                false,
                Optional.empty(),
                Optional.empty());
    }

    /** Whether it has shown that a whole backup comes back; a restore of a part says nothing of the rest. */
    public boolean isProof() {
        return cameBack() && !partial;
    }

    /** Whether it has shown that a part of a backup comes back, and said nothing of the rest. */
    public boolean isProofInPart() {
        return cameBack() && partial;
    }

    private boolean cameBack() {
        return kind.recovers() && isGood() && !refuted && !backupId.isEmpty();
    }

    /** The data is good, whatever became of the objectives. */
    public boolean isGood() {
        return outcome.filter(how -> how == Outcome.PASSED || how == Outcome.WARNED)
                .isPresent();
    }

    /** Whether it has shown that a backup does not come back as it was; of whatever part, that outweighs an older proof. */
    public boolean isRefutation() {
        return refuted && !backupId.isEmpty();
    }

    /** Whether it says anything about whether a backup comes back. */
    public boolean judgesBackup() {
        return isRefutation() || isProof() || isProofInPart();
    }

    /** A check that failed says it, whatever ended the run; else the reason why it failed. */
    private static boolean refuted(RunRecord run) {
        if (!run.kind().recovers() && run.kind() != RunKind.VERIFY) {
            return false;
        }
        JsonNode verification = run.entry().predicate().path("verification");
        boolean differs = Stream.of("checks", "collections")
                .flatMap(each -> verification.path(each).valueStream())
                .anyMatch(each -> each.path("result").asString("").equals(Check.Result.FAILED.name()));
        String reason = run.entry().text("/result/failureClass");
        return differs || (run.outcome() == Outcome.FAILED && !SAY_NOTHING.contains(reason));
    }

    /** A slot of a kind that only a newer version knows is none that this one schedules. */
    private static boolean isSlot(JsonNode slot) {
        return RunKind.named(slot.path("kind").asString("")).isPresent();
    }

    /** Which source a run was of, by its name in the store: the one that was missed, or the one it worked on; empty where it does not tell. */
    public static String sourceOf(RunRecord run) {
        JsonNode json = run.entry().predicate();
        return json.has("slot")
                ? json.at("/slot/source").asString("")
                : source(
                        json.at("/run/parameters/" + SOURCE_NAME).asString(""),
                        json.at("/run/parameters/lease").asString(""),
                        run.manifest().orElse(""));
    }

    /** By what the run was told, by what it worked on, by what it locked: the first that tells. */
    private static String source(String parameter, String lease, String manifest) {
        if (!parameter.isEmpty()) {
            return parameter;
        }
        Matcher cited = MANIFEST.matcher(manifest);
        Matcher locked = LEASE.matcher(lease);
        return cited.matches() ? cited.group(1) : locked.matches() ? locked.group(1) : "";
    }
}
