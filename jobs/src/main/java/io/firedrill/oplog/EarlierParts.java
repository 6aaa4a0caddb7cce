package io.firedrill.oplog;

import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogLink;
import io.firedrill.archive.OplogTimeline;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds what a transaction did before a backup's consistency point that ended after it. */
final class EarlierParts {
    private final OplogArchive archive;
    private final OplogTimeline timeline;
    private final Optional<OplogLog> own;

    /**
     * @param own the oplog that the backup took along
     */
    EarlierParts(OplogArchive archive, OplogTimeline timeline, Optional<OplogLog> own) {
        this.archive = archive;
        this.timeline = timeline;
        this.own = own;
    }

    /** The links that hold these parts and all that come before them, in order; what the backup has itself is not needed. */
    List<OplogLink> find(Set<OpTime> parts) {
        var wanted = new TreeSet<>(parts);
        Deque<OplogLink> found = new ArrayDeque<>();
        while (!wanted.isEmpty()) {
            OpTime part = wanted.pollLast();
            Optional<OplogEntry> taken = own.flatMap(log -> log.find(part));
            if (taken.isPresent()) {
                before(part, TransactionPart.of(taken.get())).ifPresent(wanted::add);
                continue;
            }
            List<OplogLink> holding = archive.links(timeline, part, part);
            Map<OpTime, TransactionPart> seen = holding.isEmpty() ? Map.of() : parts(holding.getFirst());
            if (!seen.containsKey(part)) {
                throw missing(part);
            }
            found.addFirst(holding.getFirst());
            wanted.add(part);
            while (!wanted.isEmpty() && seen.containsKey(wanted.last())) {
                OpTime held = wanted.pollLast();
                before(held, Objects.requireNonNull(seen.get(held))).ifPresent(wanted::add);
            }
        }
        return List.copyOf(found);
    }

    private static Optional<OpTime> before(OpTime at, TransactionPart part) {
        part.require(at);
        return part.previous();
    }

    private Map<OpTime, TransactionPart> parts(OplogLink link) {
        Map<OpTime, TransactionPart> parts = new HashMap<>();
        archive.slices().fetch(link.slice().stored()).forEachDocument((bytes, offset, length) -> {
            if (OplogEntry.kindOf(bytes, offset, length).equals("c")) {
                OplogEntry entry = OplogEntry.copyOf(bytes, offset, length);
                if (entry.isApplyOps() && entry.isUndecided()) {
                    parts.put(entry.at(), TransactionPart.of(entry));
                }
            }
        });
        return parts;
    }

    private Failure missing(OpTime part) {
        return new Failure(
                FailureKind.BACKUP_DAMAGED,
                "the archived oplog (timeline %d) does not hold the part of a transaction of %s that ends after the backup"
                        .formatted(timeline.number(), part),
                "Restore to a moment before the transaction's end, or begin with another backup, by --backup.");
    }
}
