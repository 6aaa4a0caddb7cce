package io.firedrill.oplog;

import io.firedrill.mongo.OpTime;
import java.time.Instant;

/**
 * Something that archived oplog tells of, without any value.
 *
 * @param at cluster time of its entry; of several that were folded into one, of the first
 * @param last cluster time of the last of several, else {@code at}
 * @param wall when it was, by the source's clock
 * @param kind "insert", "update", "delete", "transaction", a command's name, or "gap"
 * @param what the namespace, or what is known of a gap
 * @param operations how many documents were written; 0 for what is no write
 */
public record Happening(OpTime at, OpTime last, Instant wall, String kind, String what, long operations) {
    public static final String GAP = "gap";

    /** Between "transaction" and the commands in it. */
    static final String WITH = " with ";

    /** Whether it changes what there is, and not only documents; a gap may have. */
    public boolean isDefinition() {
        return operations == 0 || kind.contains(WITH);
    }

    /** Whether both are of one kind, on one collection and in one second, so that one line can tell of both. */
    boolean isLike(Happening next) {
        return operations > 0
                && next.operations > 0
                && kind.equals(next.kind)
                && what.equals(next.what)
                && at.seconds() == next.at.seconds();
    }

    Happening with(Happening next) {
        return new Happening(at, next.last, wall, kind, what, operations + next.operations);
    }
}
