package io.firedrill.evidence;

/** The end of a ledger, where the next record goes. An empty ledger has no key in force yet: its first record decides. */
record Tip(CompactRange range, String head, String checkpoint, String keyInForce) {
    static final Tip EMPTY = new Tip(CompactRange.EMPTY, "", "", "");

    static Tip of(Checkpoint checkpoint) {
        return new Tip(checkpoint.range(), checkpoint.head(), checkpoint.sha256(), checkpoint.keyInForce());
    }

    long size() {
        return range.size();
    }

    /** The key in force after a record: a change of keys names a new one, what persons sign leaves it, the first record sets it. */
    String keyAfter(LedgerEntry entry) {
        return switch (entry.kind()) {
            case KEY_CHANGE -> entry.text("/to");
            case RUN, PUBLICATION, GATE -> entry.keyId();
            case APPROVAL, SIGN_OFF, WAIVER -> keyInForce;
        };
    }
}
