package io.firedrill.oplog;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.OplogHistory;
import io.firedrill.mongo.OplogScan;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What was written to a deployment in a span, told from its own oplog. A transaction counts where it was committed, with all its
 * operations; one that was aborted or is still open does not. What the server notes for itself is left out.
 *
 * @param data by collection
 * @param own the same of collections that were named as somebody's own books
 * @param transactions that were committed, and other lists of operations that took effect as one
 * @param together the collections that were written by the one entry, or transaction, that holds all of the data; none where
 *     more than one does
 * @param bytes of all entries that count, what surrounds operations in a list included
 * @param first of the entries that count, or end something that counts
 */
public record OplogWrites(
        SortedMap<Namespace, CollectionWrites> data,
        SortedMap<Namespace, CollectionWrites> own,
        long transactions,
        Set<Namespace> together,
        long bytes,
        Optional<OpTime> first,
        Optional<OpTime> last) {

    public OplogWrites {
        data = Collections.unmodifiableSortedMap(new TreeMap<>(data));
        own = Collections.unmodifiableSortedMap(new TreeMap<>(own));
        together = Set.copyOf(together);
    }

    /**
     * Reads them. The number of entries does not matter for memory.
     *
     * @param after exclusive, a moment whose entry is there: a fence
     * @param until inclusive, a moment that a majority has: a fence
     * @param own collections that are told apart from the data
     * @throws Failure if the oplog no longer reaches back to {@code after}
     */
    public static OplogWrites between(Deployment deployment, OpTime after, OpTime until, Set<Namespace> own) {
        OpTime begin =
                new OplogScan(after, until).oldestPart(deployment).orElseThrow(() -> tooShort(deployment, after));
        var counting = new WritesCounting(deployment, after, own);
        new OplogScan(begin, until).read(deployment, counting);
        // Afterwards: what was there at the end was there all the while.
        OpTime oldest = new OplogHistory(deployment, until).first().at();
        if (oldest.compareTo(begin) > 0) {
            throw tooShort(deployment, after);
        }
        return counting.end();
    }

    private static Failure tooShort(Deployment deployment, OpTime after) {
        return new Failure(
                FailureKind.DEPENDENCY_UNAVAILABLE,
                "the oplog of %s %s does not reach back to %s any more: what was written since cannot be told"
                        .formatted(deployment.role(), deployment.hosts(), after),
                "Give its oplog more room, or write less between two looks at it.");
    }

    /** The collections that were written to, created, dropped or altered, but for those that are somebody's own books. */
    public Set<Namespace> touched() {
        return data.keySet();
    }

    /** How many documents were written, each as often as it was. */
    public long operations() {
        return data.values().stream().mapToLong(CollectionWrites::operations).sum();
    }
}
