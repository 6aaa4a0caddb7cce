package io.firedrill.oplog;

import io.firedrill.archive.OplogArchive;
import io.firedrill.archive.OplogLink;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.bson.BsonInt64;
import org.jspecify.annotations.Nullable;

/** Walks through links in their order, entry by entry, and stops at the first that cannot follow the one before. */
final class ChainWalk {
    private final OplogArchive archive;
    private final OpTime after;
    private final OpTime until;
    private final PartsSeen parts = new PartsSeen();
    private OpTime last = new OpTime(0, 0);
    private long term;
    private OpTime reached;
    private @Nullable Instant wall;
    private long entries;

    /**
     * @param after the entries after this moment count
     * @param until and up to this one
     */
    ChainWalk(OplogArchive archive, OpTime after, OpTime until) {
        this.archive = archive;
        this.after = after;
        this.until = until;
        this.reached = after;
    }

    OpTime reached() {
        return reached;
    }

    Optional<Instant> wall() {
        return Optional.ofNullable(wall);
    }

    long entries() {
        return entries;
    }

    /** Earlier parts of transactions that count, which no link held that was walked through. */
    Set<OpTime> missingParts() {
        return parts.missing();
    }

    /** Goes on; every entry up to the moment asked for is shown. */
    void walk(OplogLink link, Consumer<OplogEntry> look) {
        if (last.seconds() == 0) {
            last = link.number() == 1 ? link.slice().first().previous() : link.after();
            term = link.afterTerm();
        }
        OpTime before = last;
        archive.slices().fetch(link.slice().stored()).forEachDocument((bytes, offset, length) -> {
            OplogEntry entry = OplogEntry.copyOf(bytes, offset, length);
            if (last.equals(before) && !entry.at().equals(link.slice().first())) {
                throw broken(
                        link,
                        "it begins with %s instead of %s"
                                .formatted(entry.at(), link.slice().first()));
            }
            requireOrder(link, entry);
            if (entry.at().compareTo(until) <= 0) {
                take(entry);
                look.accept(entry);
            }
        });
        if (!last.equals(link.last()) || term != link.term()) {
            throw broken(
                    link,
                    "it ends with %s of term %d instead of %s of term %d"
                            .formatted(last, term, link.last(), link.term()));
        }
    }

    private void requireOrder(OplogLink link, OplogEntry entry) {
        if (entry.at().compareTo(last) <= 0) {
            throw broken(link, "entry %s follows %s".formatted(entry.at(), last));
        }
        long own = entry.raw().getInt64("t", new BsonInt64(-1)).getValue();
        if (own < term) {
            throw broken(link, "entry %s is of term %d and follows one of term %d".formatted(entry.at(), own, term));
        }
        last = entry.at();
        term = own;
    }

    private void take(OplogEntry entry) {
        boolean counts = entry.at().compareTo(after) > 0;
        if (counts) {
            KnownEntries.require(entry);
            entries++;
        }
        parts.take(entry, counts);
        if (entry.at().compareTo(after) >= 0) {
            reached = entry.at();
            wall = entry.raw().containsKey("wall")
                    ? Instant.ofEpochMilli(entry.raw().getDateTime("wall").getValue())
                    : null;
        }
    }

    private Failure broken(OplogLink link, String why) {
        return new Failure(
                FailureKind.BACKUP_DAMAGED,
                "the archived oplog is broken in %s (timeline %d, link %d): %s"
                        .formatted(archive.slices().keyOf(link.slice().stored()), link.timeline(), link.number(), why),
                "Restore to a moment before %s, or from a backup that is newer; and find out what changed the store."
                        .formatted(link.slice().first()));
    }
}
