package io.firedrill.evidence;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * The records of a ledger that are signed with the key that was in force, in order: what something that has consequences may go
 * by. Nothing is said of what is missing; that takes a {@link LedgerVerification}.
 */
final class SoundRecords {
    private final LedgerFiles files;

    SoundRecords(Ledger ledger) {
        this.files = ledger.files();
    }

    List<SeenEntry> seen() {
        Map<String, VerifyingKey> published = new HashMap<>();
        files.keyIds().forEach(id -> files.key(id).ifPresent(key -> published.put(id, key)));
        List<SeenEntry> all = LongStream.of(files.seqs())
                .parallel()
                .mapToObj(seq -> SeenEntry.of(files, seq, published))
                .sorted(Comparator.comparingLong(SeenEntry::seq))
                .toList();
        var walk = new LedgerWalk(files, new Tally("signatures"), new Tally("chain"), new Tally("keys"));
        var sound = new ArrayList<SeenEntry>();
        for (SeenEntry entry : all) {
            String key = walk.keyInForce();
            walk.step(entry);
            boolean own = entry.is(EntryKind.APPROVAL)
                    || key.isEmpty()
                    || entry.keyId().equals(key);
            if (entry.isSound() && own) {
                sound.add(entry);
            }
        }
        return sound;
    }
}
