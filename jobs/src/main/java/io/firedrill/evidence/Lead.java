package io.firedrill.evidence;

import tools.jackson.databind.JsonNode;

/** The one sentence under the verdict that says what it means. */
final class Lead {
    private Lead() {}

    static String of(RunRecord record) {
        return switch (record.outcome()) {
            case PASSED -> passed(record);
            case WARNED -> warned(record);
            case FAILED -> failed(record);
            case ABORTED -> "The run was stopped before it could say anything about the data.";
            case INCONCLUSIVE -> "Nothing failed, but not everything was checked. This run proves nothing.";
            case MISSED -> "A run was due by the schedule that was in force, and none began in time.";
        };
    }

    private static String passed(RunRecord record) {
        return switch (record.kind()) {
            case BACKUP -> "The backup is whole and in the store. A restore drill will show what it is worth.";
            case RESTORE, DRILL -> cameBack(record) + ".";
            case VERIFY ->
                record.isPartial()
                        ? "What was read is what was written; the rest of the backup was not read."
                        : "What lies in the store is what was written.";
            case STAGING_CLEAN -> "Staging holds nothing any more that Firedrill restored.";
            case PRUNE -> "What retention keeps is there, with every segment that it needs.";
            case ARCHIVE -> "The source's oplog is archived as far as this run has read it.";
            case SEAL -> "The digests of one moment are in the store. A drill to it will show that it comes back.";
            case COMPACT ->
                record.backupId().isPresent()
                        ? "A newer backup was made out of an older one and the archive. A restore drill will show what it is worth."
                        : "There was nothing to fold: the newest backup before that moment shows it already.";
            case REHEARSAL ->
                "Every pending change was run on a copy, and what was tested of each holds. What was not tested stands below.";
            case APPLY -> "Every change that was to be applied is applied, by the rows that its tool keeps.";
            case ROLLBACK ->
                "Every change that was to be taken back is pending again, by the rows that its tool keeps. What was written since is not judged.";
            case RECONCILE -> "The schedule that is in force from here on stands in the record.";
            case MISSED -> "";
            case REWRAP -> "Every data key is wrapped for the present recipients.";
            case LEGAL_HOLD -> "Who held or released the backup, and why, stands below.";
        };
    }

    private static String warned(RunRecord record) {
        JsonNode json = record.json();
        double rtoOver = over(json, "rto");
        double rpoOver = over(json, "rpo");
        String good = cameBack(record) + ", ";
        if (rtoOver > 0 && rpoOver > 0) {
            return good
                    + "but it came %s too late and is %s too old."
                            .formatted(Units.duration(rtoOver), Units.duration(rpoOver));
        }
        if (rtoOver > 0) {
            return good + "but it came %s later than the target allows.".formatted(Units.duration(rtoOver));
        }
        return rpoOver > 0
                ? good + "but it is %s older than the target allows.".formatted(Units.duration(rpoOver))
                : "The data is good, but an objective was missed.";
    }

    private static String cameBack(RunRecord record) {
        return record.isPartial()
                ? "What came back equals what was there, and some was left out on purpose"
                : "What came back equals what was there";
    }

    private static double over(JsonNode json, String objective) {
        double target = json.at("/objectives/" + objective + "Seconds").asDouble(Double.MAX_VALUE);
        return json.at("/measurement/" + objective + "/actualSeconds").asDouble(0) - target;
    }

    private static String failed(RunRecord record) {
        long failed = record.json().at("/verification/failed").asLong(0);
        if (failed > 0 && record.kind() == RunKind.REHEARSAL) {
            return "%d of %d checks failed. Do not release these migrations as they are."
                    .formatted(failed, record.checks());
        }
        if (failed > 0 && record.kind().releases()) {
            return "A change did not come to what its rows should say. What was done before it stands below.";
        }
        if (failed > 0) {
            return "%d of %d checks found a difference. Do not trust this copy.".formatted(failed, record.checks());
        }
        return record.phases().stream()
                .filter(Phase::failed)
                .reduce((_, last) -> last)
                .map(phase -> "The run failed in the phase \u201c%s\u201d.".formatted(phase.name()))
                .orElse("The run failed.");
    }
}
