package io.firedrill.evidence;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Asks the store whether it keeps locked what records say that it does, with their checkpoints. */
final class LockCheck {
    /** Until when a record says that nobody may delete it. */
    static final String UNTIL = "/retention/evidenceRetainUntil";

    private final LedgerFiles files;
    private final Period period;
    private final Instant now;
    private final List<String> notes;

    LockCheck(LedgerFiles files, Period period, Instant now, List<String> notes) {
        this.files = files;
        this.period = period;
        this.now = now;
        this.notes = notes;
    }

    Tally of(Collection<SeenEntry> entries) {
        var tally = new Tally("locks");
        List<SeenEntry> claiming =
                entries.stream().filter(entry -> claim(entry).isPresent()).toList();
        // One question to the store each, and each on its own.
        List<Boolean> locked = claiming.parallelStream().map(this::isLocked).toList();
        for (int i = 0; i < claiming.size(); i++) {
            tally.judge(
                    locked.get(i),
                    claiming.get(i).object(),
                    "is not locked, or its checkpoint is not: it can be deleted");
        }
        if (claiming.isEmpty() && !entries.isEmpty()) {
            notes.add("no record is locked by the store: whoever may delete in %s may delete evidence"
                    .formatted(files.store().location()));
        }
        return tally;
    }

    private boolean isLocked(SeenEntry entry) {
        Instant until = claim(entry).orElseThrow();
        return files.isLocked(files.record(entry.seq()), until) && files.isLocked(files.checkpoint(entry.seq()), until);
    }

    /** What it claims, while that lasts. */
    private Optional<Instant> claim(SeenEntry entry) {
        return entry.stated()
                .filter(stated -> period.has(stated.at()))
                .map(stated -> stated.text(UNTIL))
                .filter(text -> !text.isEmpty())
                .map(Instant::parse)
                .filter(now::isBefore);
    }
}
