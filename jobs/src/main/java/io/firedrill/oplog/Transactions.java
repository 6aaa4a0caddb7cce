package io.firedrill.oplog;

import io.firedrill.mongo.OpTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.bson.BsonArray;
import org.bson.BsonNull;
import org.bson.BsonValue;
import org.bson.RawBsonDocument;
import org.bson.codecs.BsonDocumentCodec;

/**
 * Transactions whose end has not come yet. Where their parts lie is all that is remembered: they are read again when they
 * count, so that no transaction is too large.
 */
final class Transactions {
    private static final BsonDocumentCodec CODEC = new BsonDocumentCodec();

    private final Map<BsonValue, NavigableSet<OpTime>> parts = new HashMap<>();

    /** In any order, and any number of times. */
    void add(OplogEntry part) {
        parts.computeIfAbsent(keyOf(part), none -> new TreeSet<>()).add(part.at());
    }

    /** The parts before the entry that ends a transaction, in order; whether all of them were seen is checked. */
    List<OpTime> end(OplogEntry end) {
        NavigableSet<OpTime> before =
                Optional.ofNullable(parts.remove(keyOf(end))).orElseGet(TreeSet::new);
        Optional<OpTime> previous = end.previous();
        boolean whole =
                previous.isEmpty() || (!before.isEmpty() && before.last().equals(previous.get()));
        if (!whole) {
            throw Divergence.of(end.command() + " of a transaction", end.at(), "its earlier parts are missing");
        }
        return List.copyOf(before);
    }

    void abort(OplogEntry end) {
        parts.remove(keyOf(end));
    }

    /** Without the bytes of the entry: they are sixteen megabytes, or the next entry's soon. */
    private static BsonValue keyOf(OplogEntry entry) {
        BsonValue session = entry.raw().getOrDefault("lsid", BsonNull.VALUE);
        return new BsonArray(List.of(
                session instanceof RawBsonDocument raw ? raw.decode(CODEC) : session,
                entry.raw().getOrDefault("txnNumber", BsonNull.VALUE)));
    }
}
