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

    private final long max;
    private final Budget budget;
    private final NavigableSet<BsonValue> ids = new TreeSet<>(BsonOrder.INSTANCE);
    private long leftOut;
    private boolean known;

    /** How many ids there is room for yet, of all ranges together. */
    static final class Budget {
        private long left;

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
        budget.left -= fresh ? 1 : 0;
        if (ids.size() > max || budget.left < 0) {
            forget();
        }
        return fresh;
    }

    /** From now on the range has to be read. */
    void forget() {
        budget.left += ids.size();
        ids.clear();
        known = false;
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
