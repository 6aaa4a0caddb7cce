package io.firedrill.oplog;

import io.firedrill.archive.BsonOrder;
import io.firedrill.archive.Delta;
import io.firedrill.archive.Segment;
import java.util.ArrayList;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.bson.BsonArray;
import org.bson.BsonValue;

/**
 * The {@code _id}s in one range whose documents are new, changed or gone since its base was read: those of the delta that the
 * last backup made, and what the oplog has touched since. Or none, where they are not all known or are too many. Not safe for
 * use by several threads.
 */
public final class ChangedIds {
    /** In a part each of them lies once more; who has longer ids has few documents in a range. */
    private static final int ID_BYTES_MAX = 512;

    /** Of one range's ids: a command that asks for them holds no more than 16 MiB. */
    private static final long BYTES_MAX = 8 << 20;

    /** What a number, a date or an ObjectId takes at most, with its place in an array. */
    private static final int SMALL = 24;

    private static final int UTF8_BYTES_MAX = 3;

    private final long max;
    private final Budget budget;
    private final NavigableSet<BsonValue> ids = new TreeSet<>(BsonOrder.INSTANCE);
    private long bytes;
    private long leftOut;
    private boolean known;

    /** How many ids there is room for yet, of all ranges together, and how many bytes of them. */
    static final class Budget {
        private static final long BYTES = 32 << 20;

        private long left;
        private long bytesLeft = BYTES;

        Budget(long max) {
            this.left = max;
        }
    }

    private ChangedIds(long max, Budget budget, boolean known) {
        this.max = max;
        this.budget = budget;
        this.known = known;
    }

    /** Begins with what the segment's delta holds; the ids of a range of that kind are never known if there is to be no delta. */
    static ChangedIds of(Segment segment, DeltaLimits limits, Budget budget) {
        long max = (long) (segment.documents() * limits.share());
        boolean worthWhile = segment.sealed().isEmpty() && segment.bytesRaw() >= limits.bytesMin() && max > 0;
        var changed = new ChangedIds(max, budget, worthWhile);
        segment.delta().ifPresent(changed::begin);
        return changed;
    }

    private void begin(Delta delta) {
        leftOut = delta.leftOut();
        for (BsonValue id : delta.ids()) {
            if (!known) {
                return;
            }
            take(id);
        }
    }

    /**
     * Takes one write into account, in the order of the oplog.
     *
     * @param insert whether there was no document with this id before it
     */
    void add(BsonValue id, boolean insert) {
        if (!known) {
            return;
        }
        if (!isKey(id)) {
            forget();
        } else if (take(id) && !insert) {
            // The first write tells: what was not there before it, the base does not have.
            leftOut++;
        }
    }

    private boolean take(BsonValue id) {
        boolean fresh = ids.add(id);
        if (fresh) {
            long size = size(id);
            bytes += size;
            budget.left--;
            budget.bytesLeft -= size;
        }
        if (ids.size() > max || bytes > BYTES_MAX || budget.left < 0 || budget.bytesLeft < 0) {
            forget();
        }
        return fresh;
    }

    /** From now on the range has to be read. */
    void forget() {
        budget.left += ids.size();
        budget.bytesLeft += bytes;
        bytes = 0;
        ids.clear();
        known = false;
    }

    /** No less than it takes in a command. */
    private static long size(BsonValue id) {
        return switch (id.getBsonType()) {
            case STRING -> SMALL + (long) id.asString().getValue().length() * UTF8_BYTES_MAX;
            case BINARY -> SMALL + (long) id.asBinary().getData().length;
            default -> SMALL;
        };
    }

    /** The ids in the order of the index; empty where the range has to be read. */
    public Optional<BsonArray> ids() {
        return known ? Optional.of(new BsonArray(new ArrayList<>(ids))) : Optional.empty();
    }

    /** How many of the base's documents have one of the ids. */
    public long leftOut() {
        return leftOut;
    }

    /**
     * Whether a query by this value finds this document and no other, and its place among ids of any type is known. Decimals
     * and documents have equals that are told apart by their bytes only, and of the rest there is one each at most.
     */
    private static boolean isKey(BsonValue id) {
        return switch (id.getBsonType()) {
            case INT32, INT64, OBJECT_ID, DATE_TIME, TIMESTAMP, BOOLEAN -> true;
            case DOUBLE -> !Double.isNaN(id.asDouble().getValue());
            case STRING -> id.asString().getValue().length() <= ID_BYTES_MAX && IdDoubt.isExact(id);
            case BINARY -> id.asBinary().getData().length <= ID_BYTES_MAX;
            default -> false;
        };
    }
}
