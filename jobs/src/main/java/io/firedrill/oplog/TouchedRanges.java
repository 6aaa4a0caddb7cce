package io.firedrill.oplog;

import io.firedrill.archive.Segment;
import io.firedrill.mongo.OpTime;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.bson.BsonDocument;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;

/**
 * Which segments of an earlier backup may differ from what the source holds now, told from the oplog entries since they were
 * read: one bit a segment, however many entries, and the ids that were written to as long as they are few. Whatever is in doubt
 * counts as touched. Not safe for use by several threads.
 */
public final class TouchedRanges {
    private static final Set<String> WRITES = Set.of("i", "u", "d");

    /** They change no document, and no collection that is there afterwards and was before. */
    private static final Set<String> HARMLESS = Set.of(
            "create",
            "createIndexes",
            "startIndexBuild",
            "commitIndexBuild",
            "abortIndexBuild",
            "dropIndexes",
            "deleteIndexes",
            "dropDatabase",
            "abortTransaction");

    /** They may change every document of the one collection that they are about. */
    private static final Set<String> OF_COLLECTION =
            Set.of("drop", "renameCollection", "collMod", "convertToCapped", "emptycapped");

    private final Map<UUID, Collection> collections = new HashMap<>();
    private @Nullable String doubt;

    private static final class Mark {
        private final OpTime at;
        private final ChangedIds ids;
        private boolean touched;

        private Mark(OpTime at, ChangedIds ids) {
            this.at = at;
            this.ids = ids;
        }
    }

    /** The segments of one collection; they have one mark for all of them where ids have no order that we know. */
    private record Collection(IdentityHashMap<Segment, Mark> marks, IdRanges<Mark> ranges, boolean sequence) {
        static Collection of(List<Segment> segments, boolean sequence, Function<Segment, ChangedIds> ids) {
            IdentityHashMap<Segment, Mark> marks = new IdentityHashMap<>();
            Mark one = new Mark(
                    segments.stream().map(Segment::at).min(OpTime::compareTo).orElseThrow(),
                    ids.apply(segments.getFirst()));
            segments.forEach(
                    segment -> marks.put(segment, sequence ? one : new Mark(segment.at(), ids.apply(segment))));
            return new Collection(marks, IdRanges.of(segments, segment -> markOf(marks, segment)), sequence);
        }

        private static Mark markOf(IdentityHashMap<Segment, Mark> marks, Segment segment) {
            return Objects.requireNonNull(marks.get(segment));
        }

        boolean isUntouched(Segment segment) {
            return !markOf(marks, segment).touched;
        }
    }

    /** When an operation became visible; undecided is one that may do so at any time, or never. */
    private record When(OpTime at, boolean undecided) {
        /** Any of its documents, or all. */
        void touch(Mark mark) {
            if (isAfter(mark)) {
                mark.touched = true;
                mark.ids.forget();
            }
        }

        void touch(Mark mark, BsonValue id, boolean insert) {
            if (undecided) {
                // Whether it came about at all, and before or after what, is not told by its place in the oplog.
                touch(mark);
            } else if (isAfter(mark)) {
                mark.touched = true;
                mark.ids.add(id, insert);
            }
        }

        private boolean isAfter(Mark mark) {
            return undecided || at.compareTo(mark.at) > 0;
        }
    }

    /**
     * @param segments of each collection in question, all of them
     * @param sequences the collections whose {@code _id}s are not in BSON order
     */
    public TouchedRanges(Map<UUID, List<Segment>> segments, Set<UUID> sequences) {
        this(segments, sequences, DeltaLimits.NONE);
    }

    /**
     * @param limits within which ids are remembered
     */
    public TouchedRanges(Map<UUID, List<Segment>> segments, Set<UUID> sequences, DeltaLimits limits) {
        var budget = new ChangedIds.Budget(limits.idsMax());
        segments.forEach((uuid, some) -> {
            boolean sequence = sequences.contains(uuid);
            DeltaLimits own = sequence ? DeltaLimits.NONE : limits;
            collections.put(uuid, Collection.of(some, sequence, segment -> ChangedIds.of(segment, own, budget)));
        });
    }

    /** What has changed in a segment, one of those that were handed in; nothing is known of it where it is in doubt. */
    public Optional<ChangedIds> changed(UUID collection, Segment segment) {
        return doubt == null
                ? Optional.ofNullable(collections.get(collection))
                        .map(known -> Collection.markOf(known.marks(), segment).ids)
                        .filter(ids -> ids.ids().isPresent())
                : Optional.empty();
    }

    /** Whether nothing has touched a segment, one of those that were handed in. */
    public boolean isUntouched(UUID collection, Segment segment) {
        return doubt == null
                && Optional.ofNullable(collections.get(collection))
                        .filter(known -> known.isUntouched(segment))
                        .isPresent();
    }

    /** Why nothing at all can be said to be untouched, if that is so. */
    public Optional<String> doubt() {
        return Optional.ofNullable(doubt);
    }

    /**
     * Takes one entry into account.
     *
     * @param begin cluster time of the first entry that was handed in: parts of a transaction before it were not seen
     */
    void add(OplogEntry entry, OpTime begin) {
        if (entry.isCommand()) {
            requireSeen(entry, begin);
        }
        add(entry, new When(entry.at(), entry.isApplyOps() && entry.isUndecided()));
    }

    private void add(OplogEntry entry, When when) {
        if (WRITES.contains(entry.kind())) {
            write(entry, when);
        } else if (entry.isCommand()) {
            command(entry, when);
        } else if (!entry.kind().equals("n")) {
            doubt("an entry of the unknown kind '%s'".formatted(entry.kind()), when);
        }
    }

    private void command(OplogEntry entry, When when) {
        String command = entry.command();
        if (command.equals("applyOps")) {
            boolean asked = !entry.isOfTransaction();
            for (BsonDocument operation : entry.operations()) {
                operation(OplogEntry.within(operation), when, asked);
            }
        } else if (OF_COLLECTION.contains(command)) {
            touchAll(entry, when);
        } else if (!HARMLESS.contains(command) && !command.equals("commitTransaction")) {
            doubt("the unknown command '%s'".formatted(command), when);
        }
    }

    /**
     * What somebody has asked of the server by the command applyOps is not what it did: an insert may have replaced, an update
     * inserted, under an id that it does not name.
     */
    private void operation(OplogEntry operation, When when, boolean asked) {
        if (asked && WRITES.contains(operation.kind())) {
            touchAll(operation, when);
        } else {
            add(operation, when);
        }
    }

    /** From now on a range that was written to has to be read whole. */
    void forgetIds() {
        collections.values().stream()
                .flatMap(collection -> collection.marks().values().stream())
                .forEach(mark -> mark.ids.forget());
    }

    /** What a transaction did before the first entry seen is not known. */
    private void requireSeen(OplogEntry entry, OpTime begin) {
        if (entry.previous().filter(part -> part.compareTo(begin) < 0).isPresent()) {
            doubt("a transaction that began before it", new When(entry.at(), false));
        }
    }

    private void write(OplogEntry entry, When when) {
        Optional<UUID> uuid = entry.collection();
        if (uuid.isEmpty()) {
            doubt("a write without a collection's identity", when);
            return;
        }
        Collection collection = collections.get(uuid.get());
        if (collection == null) {
            return;
        }
        if (!collection.sequence() && IdDoubt.isExact(entry.id())) {
            when.touch(
                    collection.ranges().of(entry.id()), entry.id(), entry.kind().equals("i"));
        } else {
            collection.marks().values().forEach(when::touch);
        }
    }

    private void touchAll(OplogEntry entry, When when) {
        entry.collection()
                .ifPresentOrElse(
                        uuid -> Optional.ofNullable(collections.get(uuid))
                                .ifPresent(known -> known.marks().values().forEach(when::touch)),
                        () -> doubt("an entry of %s without a collection's identity".formatted(entry.kind()), when));
    }

    private void doubt(String what, When when) {
        doubt = doubt == null ? "the oplog holds %s at %s".formatted(what, when.at()) : doubt;
    }
}
