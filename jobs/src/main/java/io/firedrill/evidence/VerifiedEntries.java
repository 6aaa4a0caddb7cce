package io.firedrill.evidence;

import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;

/** Records of a ledger as a verification has read them: who goes by these goes by the very bytes that were verified. */
public final class VerifiedEntries {
    private final LedgerVerdict verdict;
    private final List<LedgerEntry> newestFirst;

    private VerifiedEntries(LedgerVerdict verdict, List<LedgerEntry> newestFirst) {
        this.verdict = verdict;
        this.newestFirst = List.copyOf(newestFirst);
    }

    /** Verifies a ledger, and keeps what is wanted of what it reads on the way: each record is read once. */
    public static VerifiedEntries read(LedgerVerification verification, Predicate<LedgerEntry> wanted) {
        var kept = new ConcurrentSkipListMap<Long, LedgerEntry>();
        LedgerVerdict verdict = verification
                .telling(entry -> {
                    if (wanted.test(entry)) {
                        kept.put(entry.seq(), entry);
                    }
                })
                .verify();
        return new VerifiedEntries(verdict, List.copyOf(kept.descendingMap().values()));
    }

    /** What the verification came to. */
    public LedgerVerdict verdict() {
        return verdict;
    }

    /**
     * What was wanted, the newest first.
     *
     * @throws IllegalStateException if the ledger is not sound: then nothing in it counts
     */
    public List<LedgerEntry> newestFirst() {
        if (!verdict.isSound()) {
            throw new IllegalStateException("records of a ledger that is not sound do not count");
        }
        return newestFirst;
    }
}
