package io.firedrill.oplog;

import io.firedrill.mongo.OpTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.bson.BsonValue;

/**
 * Transactions whose end has not come yet. Where their parts lie is all that is remembered: they are read again when they
 * count, so that no transaction is too large.
 */
final class Transactions {
    private final Map<BsonValue, NavigableSet<OpTime>> parts = new HashMap<>();

    /** In any order, and any number of times. */
    void add(OplogEntry part) {
        parts.computeIfAbsent(part.transaction(), none -> new TreeSet<>()).add(part.at());
    }

    /** The parts before the entry that ends a transaction, in order; whether all of them were seen is checked. */
    List<OpTime> end(OplogEntry end) {
        NavigableSet<OpTime> before =
                Optional.ofNullable(parts.remove(end.transaction())).orElseGet(TreeSet::new);
        Optional<OpTime> previous = end.previous();
        boolean whole =
                previous.isEmpty() || (!before.isEmpty() && before.last().equals(previous.get()));
        if (!whole) {
            throw Divergence.of(end.command() + " of a transaction", end.at(), "its earlier parts are missing");
        }
        return List.copyOf(before);
    }

    void abort(OplogEntry end) {
        parts.remove(end.transaction());
    }
}
