package io.firedrill.evidence;

import java.util.Arrays;
import java.util.Optional;

/** What a record of the ledger states. */
public enum EntryKind {
    /** What a run did and how long it took. */
    RUN("recovery-run"),
    /** That the ledger is signed with another key from here on. */
    KEY_CHANGE("key-change"),
    /** What somebody other than the operator thinks of a run. */
    APPROVAL("approval"),
    /** That everything a section of the readiness file asks for is there. */
    SIGN_OFF("readiness-sign-off"),
    /** That one task of it may be open for a while, and why. */
    WAIVER("readiness-waiver"),
    /** How its tasks stood when a status update was given out. */
    PUBLICATION("readiness-publication"),
    /** What a gate of a build came to, by the reports of its tools. */
    GATE("gate");

    private static final String ROOT = "https://firedrill.io/attestations/";

    private final String word;

    EntryKind(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    String predicateType() {
        return ROOT + word + "/v1";
    }

    /** Signed with a key of whoever says it, which never becomes the ledger's. */
    public boolean isPersonal() {
        return this == APPROVAL || this == SIGN_OFF || this == WAIVER;
    }

    static Optional<EntryKind> of(String predicateType) {
        return Arrays.stream(values())
                .filter(kind -> kind.predicateType().equals(predicateType))
                .findFirst();
    }
}
