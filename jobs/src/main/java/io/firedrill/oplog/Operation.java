package io.firedrill.oplog;

import io.firedrill.mongo.OpTime;
import org.bson.BsonNull;
import org.bson.BsonValue;

/**
 * One insert, update or delete, bound for its collection.
 *
 * @param at when it became visible
 */
record Operation(ReplayedCollection collection, Kind kind, OplogEntry entry, OpTime at) {

    /** What is done to a document. */
    enum Kind {
        INSERT("insert", 1),
        UPDATE("update", 0),
        DELETE("delete", -1);

        private final String word;
        private final int difference;

        Kind(String word, int difference) {
            this.word = word;
            this.difference = difference;
        }

        /** By how many documents it changes its collection. */
        int difference() {
            return difference;
        }

        String word() {
            return word;
        }

        static Kind of(OplogEntry entry) {
            return switch (entry.kind()) {
                case "i" -> INSERT;
                case "u" -> UPDATE;
                case "d" -> DELETE;
                default -> throw new IllegalArgumentException(entry.kind());
            };
        }
    }

    /** Operations on one key stay in their order. */
    record Key(ReplayedCollection collection, BsonValue id) {}

    Key key() {
        return new Key(collection, collection.sequence() ? BsonNull.VALUE : CanonicalId.of(entry.id()));
    }

    /** Whether the document was read so late that it shows the effect already. */
    boolean isShown() {
        return collection
                .moments()
                .show(entry.id(), at)
                .orElseThrow(
                        () -> Divergence.of(
                                this,
                                "its _id, or a bound of the ranges that were read at several moments, holds text that is not valid UTF-8 or one field twice, so that nobody can say here in which range it lies"));
    }

    /** A number that all operations of its key have in common, in this process and in any other. */
    int lane() {
        return collection.sequence()
                ? entry.collection().hashCode()
                : CanonicalId.of(entry.id()).hashCode();
    }
}
