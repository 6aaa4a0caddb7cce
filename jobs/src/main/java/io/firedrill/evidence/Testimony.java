package io.firedrill.evidence;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the records of a ledger tell of runs, sorted by whether it may be gone by: whoever is about to delete something has to know as
 * well what he could not read.
 *
 * @param trusted whether one of the keys that were pinned signed the ledger, or none was pinned
 * @param sound of records that are signed as they should be and stand in their places, the oldest first; nothing if the ledger is not trusted
 * @param claimed of all records that can be read, the oldest first
 * @param unread records that are broken, or of a kind that only a newer version knows: nobody can tell what they prove
 */
public record Testimony(
        String ledger, boolean trusted, List<RunTrace> sound, List<RunTrace> claimed, List<Unread> unread) {
    /**
     * A record that cannot be read.
     *
     * @param until when it was written at the latest: the next one that can be read was by then
     */
    public record Unread(String key, Instant until) {}

    static Testimony of(Ledger ledger, List<VerifyingKey> roots) {
        SoundRecords.Sorted sorted = new SoundRecords(ledger, roots).sorted();
        boolean trusted = sorted.signers().isEmpty() || KeyHistory.isOneOf(sorted.signers(), roots);
        List<SeenEntry> all = Stream.concat(sorted.sound().stream(), sorted.others().stream())
                .sorted(Comparator.comparingLong(SeenEntry::seq))
                .toList();
        return new Testimony(
                ledger.id(),
                trusted,
                trusted ? traces(sorted.sound()) : List.of(),
                traces(all),
                unread(all, ledger.clocks().now()));
    }

    /** Fails unless the ledger is trusted. */
    public void requireTrusted() {
        if (!trusted) {
            throw KeyHistory.untrusted(ledger);
        }
    }

    private static List<RunTrace> traces(List<SeenEntry> entries) {
        return entries.stream().flatMap(entry -> entry.trace().stream()).toList();
    }

    private static List<Unread> unread(List<SeenEntry> all, Instant now) {
        var unread = new ArrayList<Unread>();
        Instant until = now;
        for (SeenEntry entry : all.reversed()) {
            until = entry.stated().map(SeenEntry.Stated::at).orElse(until);
            boolean known = entry.stated()
                    .filter(what -> what.kind() != EntryKind.RUN || what.trace().isPresent())
                    .isPresent();
            if (!known) {
                unread.add(new Unread(entry.object(), until));
            }
        }
        return unread;
    }
}
