package io.firedrill.evidence;

import java.util.Arrays;

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
    ROLLBACK("migrations-rollback");

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

    static RunKind of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown run kind: " + word));
    }
}
