package io.firedrill.failure;

/**
 * Why a run failed. The runner maps each kind to one exit code by an exhaustive switch, and {@code docs/OPERATIONS.md}
 * has a heading for each.
 */
public enum FailureKind {
    /** A setting, an option or an argument is missing, unknown or makes no sense. */
    CONFIGURATION_INVALID,
    /** The source cannot be backed up as it is: a standalone, a mongos, an unsupported collection, too short a history. */
    SOURCE_UNSUITABLE,
    /** Collections of the source were created, dropped, renamed or altered during every attempt to back it up. */
    SOURCE_CHANGED,
    /** An object was written by a newer Firedrill in a format that this one does not know. */
    FORMAT_TOO_NEW,
    /** The data is good, but RTO or RPO was missed. */
    OBJECTIVE_MISSED,
    /** What was restored differs from what was backed up, or breaks a unique index of its own. */
    VERIFICATION_FAILED,
    /** A stored object is missing, truncated, changed or not the one it should be. */
    BACKUP_DAMAGED,
    /** The moment asked for cannot be restored: no backup and unbroken chain of archived oplog lead to it. */
    TARGET_UNREACHABLE,
    /** The oplog no longer held what came after the archive's last entry: between two timelines nothing is known. */
    OPLOG_GAP,
    /** Another run holds the lease. */
    LOCK_HELD,
    /** This run's lease was taken over by another; it may not write any more. */
    LOCK_LOST,
    /** The safety guard refused the target of a restore or of a deletion, before any write. */
    TARGET_REFUSED,
    /** A server or store does not answer, or answers that it cannot now. A retry may help. */
    DEPENDENCY_UNAVAILABLE,
    /** The store has no room left. */
    STORE_FULL,
    /** A server or store refuses who we are or what we may do. */
    ACCESS_DENIED,
    /** What a run restored into a staging of its own could not be removed from this machine. */
    STAGING_LEFT_BEHIND,
    /** What is stored is encrypted, and the key that would open it was not given. */
    KEY_MISSING,
    /** A key was given, and it is not the one. */
    KEY_WRONG,
    /** The evidence of the run could not be stored, so the run is not a success. */
    EVIDENCE_NOT_STORED,
    /** Migrations are pending, and somebody asked whether any are. */
    MIGRATIONS_PENDING,
    /** Migrations were changed, lost, overtaken or have failed since they were applied. */
    MIGRATIONS_DRIFTED,
    /** A migration did not keep in its rehearsal what a release relies on. */
    MIGRATION_REFUTED,
    /** A change could not be applied, or taken back, in the database that it is meant for. */
    MIGRATION_FAILED,
    /** A task of the readiness file is unowned, overdue or without evidence, and somebody asked. */
    NOT_READY,
    /** Kubernetes manifests break rules that nobody has waived for them. */
    MANIFESTS_FAULTY,
    /** A run was due by the schedule, none began in time, and no record says so. */
    RUNS_MISSED,
    /** Somebody asked whether all is well, and something needs a look. */
    STATUS_ATTENTION,
    /** Somebody asked whether all is well, and what is there does not protect the data as it should. */
    STATUS_FAILING,
    /** The run was asked to stop (SIGTERM, SIGINT) and stopped at a unit. */
    ABORTED
}
