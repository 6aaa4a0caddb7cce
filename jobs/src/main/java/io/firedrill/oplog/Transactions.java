package io.firedrill.oplog;

import io.firedrill.mongo.OpTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bson.BsonArray;
import org.bson.BsonNull;
import org.bson.BsonValue;

/**
 * Transactions whose end has not come yet. Where their parts lie is all that is remembered: they are read again when they
 * count, so that no transaction is too large.
 */
final class Transactions {
    private final Map<BsonValue, List<OpTime>> parts = new HashMap<>();

    void add(OplogEntry part) {
        parts.computeIfAbsent(keyOf(part), none -> new ArrayList<>()).add(part.at());
    }

    /** The parts before the entry that ends a transaction, in order; whether all of them were seen is checked. */
    List<OpTime> end(OplogEntry end) {
        List<OpTime> before = Optional.ofNullable(parts.remove(keyOf(end))).orElse(List.of());
        Optional<OpTime> previous = end.previous();
        boolean whole =
                previous.isEmpty() || (!before.isEmpty() && before.getLast().equals(previous.get()));
        if (!whole) {
            throw Divergence.of(end.command() + " of a transaction", end.at(), "its earlier parts are missing");
        }
        return before;
    }

    void abort(OplogEntry end) {
        parts.remove(keyOf(end));
    }

    private static BsonValue keyOf(OplogEntry entry) {
        return new BsonArray(List.of(
                entry.raw().getOrDefault("lsid", BsonNull.VALUE),
                entry.raw().getOrDefault("txnNumber", BsonNull.VALUE)));
    }
}
