package io.firedrill.monitoring;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Every gauge there is, by its name in Prometheus, which is its name everywhere. Times are unix seconds and durations seconds, as their names say; ages are
 * computed by whoever asks. What was never measured has no sample: an absent gauge is not 0.
 *
 * <p>The kind of a run is the label {@code kind} and not {@code job}: Prometheus and its Pushgateway set {@code job} themselves, and
 * would overwrite ours.
 */
public enum Metric {
    MEASURED(
            "firedrill_metrics_timestamp_seconds",
            "When these figures were read from the store, in unix seconds. A gateway or a file never forgets: look at this first."),
    EVIDENCE_RECORDS("firedrill_evidence_records", "Records of any kind in the ledger."),
    STATUS("firedrill_status", "What 'firedrill status' says: 0 is OK, 1 ATTENTION, 2 FAILING.", Label.CLUSTER),
    BACKUP_LAST_SUCCESS(
            "firedrill_backup_last_success_timestamp_seconds",
            "When the newest sealed backup was begun, in unix seconds. Absent as long as there is none.",
            Label.CLUSTER),
    BACKUP_SIZE(
            "firedrill_backup_size_bytes",
            "Bytes of the documents in the newest sealed backup, not compressed. Absent as long as there is none.",
            Label.CLUSTER),
    BACKUPS(
            "firedrill_backups",
            "Backups in the store by their state: proven, partly, refuted, sealed or unfinished.",
            Label.CLUSTER,
            Label.STATE),
    EXPECTED_INTERVAL(
            "firedrill_schedule_expected_interval_seconds",
            "The longest time between two runs of a kind that the schedule allows. Absent for what is not scheduled.",
            Label.CLUSTER,
            Label.KIND),
    MISSED_RUNS(
            "firedrill_missed_runs",
            "Scheduled runs of the last 30 days that did not begin in time, and whether a record says so.",
            Label.CLUSTER,
            Label.KIND,
            Label.RECORDED),
    LAST_RUN_MISSED(
            "firedrill_schedule_last_run_missed",
            "1 if the last run of a kind that was due was missed, else 0. Absent as long as none was due.",
            Label.CLUSTER,
            Label.KIND),
    OPLOG_LAST_CAPTURED(
            "firedrill_oplog_last_captured_timestamp_seconds",
            "Cluster time of the last archived oplog entry, in unix seconds. Absent where no oplog is archived.",
            Label.CLUSTER),
    OPLOG_WINDOW(
            "firedrill_oplog_window_seconds",
            "How far the source's own oplog reached back when the archiver looked last. Absent if it has not looked lately.",
            Label.CLUSTER),
    OPLOG_WINDOW_WANTED(
            "firedrill_oplog_window_wanted_seconds",
            "How far the source's oplog should reach back: twice archive-outage-budget. Absent where no oplog is archived.",
            Label.CLUSTER),
    OPLOG_GAPS("firedrill_oplog_gaps", "Gaps in the archived oplog. Absent where no oplog is archived.", Label.CLUSTER),
    FIRST_RECOVERABLE(
            "firedrill_first_recoverable_timestamp_seconds",
            "The oldest moment that can be restored, in unix seconds. Absent as long as nothing can.",
            Label.CLUSTER),
    LAST_RECOVERABLE(
            "firedrill_last_recoverable_timestamp_seconds",
            "The newest moment that can be restored, in unix seconds. Absent as long as nothing can.",
            Label.CLUSTER),
    VERIFIED_POINT(
            "firedrill_verified_recovery_point_timestamp_seconds",
            "The moment that the last proof was of: a whole backup was restored and found equal. Unix seconds. Absent if never proven.",
            Label.CLUSTER),
    DRILL_LAST_RUN(
            "firedrill_drill_last_run_timestamp_seconds",
            "When the last drill ended, in unix seconds. Absent if there was none.",
            Label.CLUSTER),
    DRILL_SUCCESS(
            "firedrill_drill_success",
            "1 if the last drill found the restored data equal, else 0; a missed objective is no failure. Absent if there was none.",
            Label.CLUSTER),
    RTO_ACTUAL(
            "firedrill_rto_actual_seconds",
            "What the last drill took until its copy was verified and usable. Absent if it did not get there.",
            Label.CLUSTER),
    RTO_MEDIAN(
            "firedrill_rto_median_seconds",
            "Median recovery time of the last five drills that measured one. Absent with fewer than three.",
            Label.CLUSTER),
    RTO_TARGET(
            "firedrill_rto_target_seconds",
            "The target that the last drill was held against. Absent if there was none.",
            Label.CLUSTER),
    RPO_ACTUAL(
            "firedrill_rpo_actual_seconds",
            "The recovery point that the archiver measured last. Absent where no oplog is archived, or none was measured lately.",
            Label.CLUSTER),
    RPO_TARGET("firedrill_rpo_target_seconds", "The setting rpo-target. Absent if it is not set.", Label.CLUSTER),
    PHASE_DURATION(
            "firedrill_phase_duration_seconds",
            "What each phase of the last drill took, all attempts together.",
            Label.CLUSTER,
            Label.PHASE),
    VERIFICATION_CHECKS(
            "firedrill_verification_checks",
            "Checks of the last drill by their result: passed, failed or skipped.",
            Label.CLUSTER,
            Label.RESULT),
    RUN_EXIT_CODE(
            "firedrill_run_exit_code",
            "Exit code of the newest run of a kind, by its record; -1 if its process ended without one.",
            Label.CLUSTER,
            Label.KIND),
    RUN_LAST_END(
            "firedrill_run_last_end_timestamp_seconds",
            "When the newest run of a kind ended, in unix seconds.",
            Label.CLUSTER,
            Label.KIND),
    LOCK_HELD_SINCE(
            "firedrill_lock_held_since_timestamp_seconds",
            "Since when the lock for backups has been held, in unix seconds. Absent while it is free.",
            Label.CLUSTER);

    /** What a sample is of. */
    public enum Label {
        /** The name of the source in the store. */
        CLUSTER,
        /** The kind of a run, as records name it. */
        KIND,
        PHASE,
        RESULT,
        STATE,
        /** Whether there is a record of it: yes or no. */
        RECORDED;

        /** The label's name in Prometheus. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final String word;
    private final String help;

    @SuppressWarnings("ImmutableEnumChecker") // List.of makes no other
    private final List<Label> labels;

    Metric(String word, String help, Label... labels) {
        this.word = word;
        this.help = help;
        this.labels = List.of(labels);
    }

    /** The name in Prometheus. */
    public String word() {
        return word;
    }

    /** The unit as OpenTelemetry writes it, by the name; null for a count or a state. */
    @Nullable
    String unit() {
        return word.endsWith("_seconds") ? "s" : word.endsWith("_bytes") ? "By" : null;
    }

    /** A sentence on what it is, its unit, and when it is absent. */
    public String help() {
        return help;
    }

    public List<Label> labels() {
        return labels;
    }
}
