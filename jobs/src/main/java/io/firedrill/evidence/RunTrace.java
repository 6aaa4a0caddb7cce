package io.firedrill.evidence;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What one run tells of who should have run and who did.
 *
 * @param seq of its record; 0 for a run that has none yet
 * @param record its key in the store; empty for a run that has none yet
 * @param source its name in the store; empty where the run does not tell
 * @param began when each process began that worked on it
 * @param outcome empty for a run that has no record yet
 * @param backupId that it made or used; empty if none
 * @param partial whether something of the backup was left out on purpose
 * @param schedule the one that was in force, if the record holds one
 * @param missed the slot that the record says was missed
 */
public record RunTrace(
        long seq,
        String record,
        RunKind kind,
        String source,
        List<Instant> began,
        Optional<Outcome> outcome,
        String backupId,
        boolean partial,
        Optional<Schedule.Recorded> schedule,
        Optional<Slot.Name> missed) {
    /** The parameter of a run that names the source. */
    public static final String SOURCE_NAME = "source-name";

    private static final Pattern MANIFEST = Pattern.compile("sources/([^/]+)/backups/.*");
    private static final Pattern LEASE =
            Pattern.compile("(?:backup|verify|drill-ephemeral|rehearse|release|seal|oplog)-(.+)");

    public RunTrace {
        began = List.copyOf(began);
    }

    /** Empty for a kind that only a newer version knows: it is none that this one schedules. */
    static Optional<RunTrace> read(RunRecord run) {
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
                json.at("/run/attempts")
                        .valueStream()
                        .map(attempt -> Instant.parse(attempt.path("startedAt").asString("")))
                        .toList(),
                Optional.of(run.outcome()),
                run.backupId().orElse(""),
                run.isPartial(),
                json.has("schedule") ? Optional.of(Schedule.Recorded.read(json.path("schedule"))) : Optional.empty(),
                json.has("slot") ? Optional.of(Slot.name(json.path("slot"))) : Optional.empty());
    }

    /** A run without an end: it may be under way, or dead. */
    public static RunTrace of(RunLog open) {
        var parameters = open.start().parameters();
        return new RunTrace(
                0,
                "",
                open.start().kind(),
                source(parameters.getOrDefault(SOURCE_NAME, ""), parameters.getOrDefault("lease", ""), ""),
                open.beginnings(),
                Optional.empty(),
                "",
                false,
                Optional.empty(),
                Optional.empty());
    }

    /** Whether it has shown that a whole backup comes back; a restore of a part says nothing of the rest. */
    public boolean isProof() {
        boolean good = outcome.filter(how -> how == Outcome.PASSED || how == Outcome.WARNED)
                .isPresent();
        return kind.recovers() && good && !partial && !backupId.isEmpty();
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
