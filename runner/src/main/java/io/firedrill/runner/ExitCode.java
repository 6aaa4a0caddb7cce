package io.firedrill.runner;

import io.firedrill.failure.FailureKind;
import java.util.Locale;

/** What the process tells its caller: the one list of exit codes, an interface that scripts and schedulers rely on. */
enum ExitCode {
    OK(0, "Done, and every promise was kept."),
    UNEXPECTED(1, "Unexpected; please report it. Treat a code that is not in this list like this one."),
    USAGE(2, "An option, a setting or the source makes the run impossible; nothing was done."),
    OBJECTIVE_MISSED(10, "The data is good, but the recovery time or point objective was missed."),
    VERIFICATION_MISMATCH(
            11, "What was restored differs from what was backed up, or what a backup took for unchanged had changed."),
    BACKUP_DAMAGED(12, "A stored object is missing, truncated, changed or not the one it should be."),
    TARGET_UNREACHABLE(
            13, "The point in time asked for cannot be reached from what is stored; the message names the nearest."),
    OPLOG_GAP(14, "The oplog was archived on, after a gap: what lies in it cannot be restored to."),
    RUNS_MISSED(15, "A run was due by the schedule, none began, and no record says so; evidence verify only."),
    LOCK_HELD(20, "Another run holds the lock; the message names it."),
    LOCK_LOST(21, "Another run took the lock over, so this one stopped writing."),
    REFUSED(30, "Refused before any write: a restore's target, a deletion, a migration, an approval of one's own."),
    UNAVAILABLE(40, "A server or the store does not answer or has no room; a retry may help."),
    ACCESS_DENIED(41, "A server or the store refuses who we are or what we may do."),
    STAGING_LEFT_BEHIND(42, "Restored data could not be removed from this machine: remove it by hand."),
    KEY(43, "The right key was not given: to read what is encrypted, or to sign the ledger; nothing was written."),
    EVIDENCE_NOT_STORED(50, "The evidence of the run could not be stored, so the run does not count."),
    MIGRATIONS_PENDING(60, "Migrations are pending; with --check only."),
    MIGRATIONS_DRIFTED(61, "Migrations and database have gone different ways; with --check only."),
    REHEARSAL_FAILED(62, "A migration failed its rehearsal; the result says which, and in what."),
    MIGRATION_FAILED(63, "A change could not be applied or taken back; the result says which, and the way back."),
    STATUS_ATTENTION(70, "Something needs a look; status --check only."),
    STATUS_FAILING(71, "What is there does not protect the data as it should; status --check only."),
    NOT_READY(72, "A task of the readiness file is unowned, overdue or without evidence; or no record counts."),
    GATE_FAILED(73, "A gate of a build did not pass, which is on record now; evidence import only."),
    MANIFESTS_FAULTY(80, "Manifests break a rule that nobody has waived; the result says where."),
    SIGINT(130, "Stopped by Ctrl-C (SIGINT); start it again and it goes on."),
    SIGTERM(143, "Stopped by SIGTERM; start it again and it goes on.");

    private static final int SIGNAL_BASE = 128;

    private final int code;
    private final String meaning;

    ExitCode(int code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    int code() {
        return code;
    }

    /** One sentence for help and documentation. */
    String meaning() {
        return meaning;
    }

    /** The name as a person says it: "backup damaged". */
    String label() {
        return code > SIGNAL_BASE ? name() : name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    static ExitCode of(FailureKind kind) {
        return switch (kind) {
            case CONFIGURATION_INVALID, SOURCE_UNSUITABLE, FORMAT_TOO_NEW -> USAGE;
            case OBJECTIVE_MISSED -> OBJECTIVE_MISSED;
            case VERIFICATION_FAILED -> VERIFICATION_MISMATCH;
            case BACKUP_DAMAGED -> BACKUP_DAMAGED;
            case TARGET_UNREACHABLE -> TARGET_UNREACHABLE;
            case OPLOG_GAP -> OPLOG_GAP;
            case LOCK_HELD -> LOCK_HELD;
            case LOCK_LOST -> LOCK_LOST;
            case TARGET_REFUSED -> REFUSED;
            case DEPENDENCY_UNAVAILABLE, STORE_FULL, SOURCE_CHANGED -> UNAVAILABLE;
            case ACCESS_DENIED -> ACCESS_DENIED;
            case STAGING_LEFT_BEHIND -> STAGING_LEFT_BEHIND;
            case KEY_MISSING, KEY_WRONG -> KEY;
            case EVIDENCE_NOT_STORED -> EVIDENCE_NOT_STORED;
            case MIGRATIONS_PENDING -> MIGRATIONS_PENDING;
            case MIGRATIONS_DRIFTED -> MIGRATIONS_DRIFTED;
            case MIGRATION_REFUTED -> REHEARSAL_FAILED;
            case MIGRATION_FAILED -> MIGRATION_FAILED;
            case NOT_READY -> NOT_READY;
            case MANIFESTS_FAULTY -> MANIFESTS_FAULTY;
            case RUNS_MISSED -> RUNS_MISSED;
            case STATUS_ATTENTION -> STATUS_ATTENTION;
            case STATUS_FAILING -> STATUS_FAILING;
            case ABORTED -> SIGTERM;
        };
    }
}
