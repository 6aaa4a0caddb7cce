package io.firedrill.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The records of a ledger that are signed with the key that was in force and stand in their place, in order: what something that has consequences may go
 * by. Nothing is said of what is missing; that takes a {@link LedgerVerification}.
 */
final class SoundRecords {
    private final LedgerFiles files;
    private final List<VerifyingKey> roots;

    /**
     * @param roots keys of which one has to have signed the ledger; none: the first record's key is trusted because it was first
     */
    SoundRecords(Ledger ledger, List<VerifyingKey> roots) {
        this.files = ledger.files();
        this.roots = roots;
    }

    /** What a ledger holds, by whether it may be gone by. */
    record Sorted(List<SeenEntry> sound, List<SeenEntry> others, Set<String> signers) {}

    List<SeenEntry> seen() {
        Sorted sorted = sorted();
        KeyHistory.requireOneOf(files.ledgerId(), sorted.signers(), roots);
        return sorted.sound();
    }

    Sorted sorted() {
        Map<String, VerifyingKey> published = new HashMap<>();
        files.keyIds().forEach(id -> files.key(id).ifPresent(key -> published.put(id, key)));
        List<SeenEntry> all = LongStream.of(files.seqs())
                .parallel()
                .mapToObj(seq -> SeenEntry.of(files, seq, published))
                .sorted(Comparator.comparingLong(SeenEntry::seq))
                .toList();
        var walk = new LedgerWalk(files, new Tally("signatures"), new Tally("chain"), new Tally("keys"));
        var sound = new ArrayList<SeenEntry>();
        var others = new ArrayList<SeenEntry>();
        for (SeenEntry entry : all) {
            String key = walk.keyInForce();
            walk.step(entry);
            boolean own = entry.is(EntryKind.APPROVAL)
                    || key.isEmpty()
                    || entry.keyId().equals(key);
            (entry.isSound() && entry.isInPlace(files) && own ? sound : others).add(entry);
        }
        return new Sorted(sound, others, walk.signers());
    }
}
