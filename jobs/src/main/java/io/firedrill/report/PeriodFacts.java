package io.firedrill.report;

import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.Period;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a report of a period says; {@code docs/schema/period-report-v1.json} is the specification. Durations are in
 * seconds.
 *
 * @param verdict of the source that stands worst
 * @param exceptions what is to be looked at, counted; after the name of its source where there are several
 * @param sources each for itself, the worst first; one where the ledger tells no two names
 * @param unrecorded runs that were due and never began, and of which no record says so
 * @param leftOut of the drills' scope on purpose, with the reason
 * @param calendar the days on which a drill ran or was missed
 */
record PeriodFacts(
        Span period,
        Source ledger,
        String verdict,
        String lead,
        List<String> exceptions,
        Headline headline,
        List<OfSource> sources,
        List<Drill> drills,
        List<Drill> restores,
        List<MissedRun> missed,
        List<Unrecorded> unrecorded,
        List<Backup> backups,
        List<Migration> migrations,
        List<OpenRisks.Risk> acceptedRisks,
        List<LeftOut> leftOut,
        List<SignOff> signOffs,
        List<Day> calendar,
        Forecast forecast) {

    /**
     * The period.
     *
     * @param until the first moment after it
     * @param asOf when the report tells how things stand: its end, or now where it has not ended
     */
    record Span(String name, Instant from, Instant until, Instant asOf) {
        static Span of(Period period, Instant now) {
            Instant asOf = now.isBefore(period.until()) ? now : period.until();
            return new Span(period.name(), period.from(), period.until(), asOf);
        }
    }

    /**
     * What the report was made of.
     *
     * @param size how many records were verified
     * @param trust in which key, and why
     * @param keyIds that signed records of the period
     * @param query which of the records are runs of the period
     * @param rows how many are
     */
    record Source(String id, long size, String root, String trust, List<String> keyIds, String query, int rows) {}

    /**
     * What the period comes to for one source.
     *
     * @param name in the store; empty where no run tells one
     */
    record OfSource(
            String name,
            String verdict,
            String lead,
            List<String> exceptions,
            Headline headline,
            List<Day> calendar,
            Forecast forecast) {}

    boolean hasSeveralSources() {
        return sources.size() > 1;
    }

    /** The numbers of the first screen; of several sources, the worst of each. */
    record Headline(
            @Nullable Double lastProvenAgeSeconds,
            String lastProvenBackup,
            @Nullable Long lastProvenBy,
            int drills,
            Map<Outcome, Integer> drillsByOutcome,
            Spread rto,
            Spread rpo,
            int openRisks,
            Map<SignOff.State, Integer> signOffsByState) {}

    /**
     * A drill or a restore that ran.
     *
     * @param bytes of the data, uncompressed
     * @param bytesPerSecond the same over the recovery time
     */
    record Drill(
            long seq,
            Instant at,
            Outcome outcome,
            String verdict,
            String backupId,
            boolean partial,
            @Nullable Double rtoSeconds,
            @Nullable Double rtoTargetSeconds,
            @Nullable Double rpoSeconds,
            @Nullable Double rpoTargetSeconds,
            long bytes,
            @Nullable Double bytesPerSecond,
            long checksPassed,
            long checks,
            List<Run.Slice> phases,
            String operator,
            String message,
            String source) {}

    /** A run of this kind was due and none began. */
    record MissedRun(long seq, Instant due, String kind, String source) {}

    /**
     * The same, and nobody has put it on record.
     *
     * @param words what there is to say and to do
     */
    record Unrecorded(Instant due, String kind, String source, String words) {}

    /**
     * A run that made a backup, or should have.
     *
     * @param state of the backup at the end of the period: PROVEN, REFUTED, PARTLY, NOT_DRILLED, or the run's own outcome if it made none
     * @param judgedBy the record of the recovery that says so
     * @param deletedBy the record of retention that says it deleted the backup
     */
    record Backup(
            long seq,
            Instant at,
            String backupId,
            String state,
            @Nullable Long judgedBy,
            long documents,
            long bytes,
            long bytesStored,
            @Nullable Long deletedBy,
            String source) {}

    /** A rehearsal, an apply or a rollback. */
    record Migration(
            long seq,
            Instant at,
            String kind,
            Outcome outcome,
            String verdict,
            String tool,
            String artefact,
            String database,
            int changes,
            int notDone,
            double seconds,
            String operator) {}

    record LeftOut(String namespace, String reason, int drills) {}

    /**
     * What somebody else than its operator said of a run.
     *
     * @param words as people say them; empty while it waits
     * @param waitingDays since the record; 0 once somebody said something
     */
    record SignOff(long seq, Instant at, String kind, State state, String words, String comment, long waitingDays) {
        enum State {
            APPROVED,
            REJECTED,
            WAITING,
            OVERDUE
        }
    }

    /**
     * How many drills of a day ended in which way.
     *
     * @param parts how many of those that passed were of a part only
     */
    record Day(LocalDate day, Map<Outcome, Integer> drills, int parts) {}
}
