package io.firedrill.evidence;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a run set out to do. */
public enum RunKind {
    BACKUP("backup"),
    RESTORE("restore"),
    DRILL("restore-drill"),
    VERIFY("verify"),
    STAGING_CLEAN("staging-clean"),
    PRUNE("prune"),
    LEGAL_HOLD("legal-hold"),
    REWRAP("keys-rewrap"),
    ARCHIVE("oplog-archive"),
    SEAL("seal"),
    COMPACT("oplog-compact"),
    REHEARSAL("migrations-rehearse"),
    APPLY("migrations-apply"),
    ROLLBACK("migrations-rollback"),
    RECONCILE("evidence-reconcile"),
    /** No run, but that one was due and none began: written by a reconciliation. */
    MISSED("missed");

    private static final Map<String, RunKind> BY_WORD =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(RunKind::word, kind -> kind));

    private final String word;

    RunKind(String word) {
        this.word = word;
    }

    /** The name in the record's schema. */
    public String word() {
        return word;
    }

    /** Restores end at a verified, usable copy; only they have a recovery time. */
    boolean recovers() {
        return this == RESTORE || this == DRILL;
    }

    /** Whether it writes to the database that migrations are meant for. */
    boolean releases() {
        return this == APPLY || this == ROLLBACK;
    }

    /** A run of this kind that checked nothing has proven nothing. */
    boolean mustCheck() {
        return recovers() || this == VERIFY || this == COMPACT || this == REHEARSAL || releases();
    }

    /** Whether people start it by a clock. */
    public boolean isScheduled() {
        return switch (this) {
            case BACKUP, DRILL, VERIFY, PRUNE, ARCHIVE, SEAL, COMPACT, REHEARSAL, RECONCILE -> true;
            case RESTORE, STAGING_CLEAN, LEGAL_HOLD, REWRAP, APPLY, ROLLBACK, MISSED -> false;
        };
    }

    /** The kind of this name in the record's schema. */
    public static Optional<RunKind> named(String word) {
        return Optional.ofNullable(BY_WORD.get(word));
    }

    static RunKind of(String word) {
        return named(word).orElseThrow(() -> new IllegalArgumentException("unknown run kind: " + word));
    }
}
