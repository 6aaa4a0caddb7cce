package io.firedrill.oplog;

import io.firedrill.mongo.OpTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Follows transactions over their parts, each of which names the one before: none of one that counts may be missing. */
final class PartsSeen {
    private final Map<OpTime, Optional<OpTime>> open = new HashMap<>();
    private final Set<OpTime> missing = new TreeSet<>();

    /**
     * @param counts whether a transaction that this entry ends is to be replayed
     */
    void take(OplogEntry entry, boolean counts) {
        if (!entry.kind().equals("c")) {
            return;
        }
        if (entry.isApplyOps() && entry.isUndecided()) {
            open.put(entry.at(), entry.previous());
        } else if (entry.isApplyOps() || entry.isTransactionEnd()) {
            Optional<OpTime> part = entry.previous();
            while (part.isPresent()) {
                Optional<OpTime> before = open.remove(part.get());
                if (before == null) {
                    missing(part.get(), counts && !entry.command().equals("abortTransaction"));
                    return;
                }
                part = before;
            }
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
