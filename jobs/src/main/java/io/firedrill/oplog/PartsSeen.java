package io.firedrill.oplog;

import io.firedrill.mongo.OpTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Follows transactions over their parts, each of which names the one before: none of one that counts may be missing. */
final class PartsSeen {
    private final Map<OpTime, TransactionPart> open = new HashMap<>();
    private final Set<OpTime> missing = new TreeSet<>();

    /**
     * @param counts whether a transaction that this entry ends is to be replayed
     */
    void take(OplogEntry entry, boolean counts) {
        if (!entry.kind().equals("c")) {
            return;
        }
        if (entry.isApplyOps() && entry.isUndecided()) {
            open.put(entry.at(), TransactionPart.of(entry));
        } else if (entry.isApplyOps() || entry.isTransactionEnd()) {
            end(entry.previous(), counts && !entry.command().equals("abortTransaction"));
        }
    }

    private void end(Optional<OpTime> last, boolean counts) {
        Optional<OpTime> at = last;
        while (at.isPresent()) {
            TransactionPart part = open.remove(at.get());
            if (part == null) {
                missing(at.get(), counts);
                return;
            }
            if (counts) {
                part.require(at.get());
            }
            at = part.previous();
        }
    }

    private void missing(OpTime part, boolean counts) {
        if (counts) {
            missing.add(part);
        }
    }

    Set<OpTime> missing() {
        return Set.copyOf(missing);
    }
}
