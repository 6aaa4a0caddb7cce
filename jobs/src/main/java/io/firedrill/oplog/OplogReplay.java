package io.firedrill.oplog;

import io.firedrill.archive.OplogSpan.Slice;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.bson.BsonDocument;

/**
 * Brings a restored copy to a moment by the source's oplog, strictly: of each document it is known when it was read, so that
 * of every later entry it is known what it must find. Not safe for use by several threads. What was applied once is a
 * divergence the second time: without watermarks it is not to be begun again on the same copy.
 */
public final class OplogReplay {
    private final List<OplogLog> logs;
    private final OpTime until;
    private final ReplayScope scope;
    private final Runnable checkpoint;
    private final Transactions transactions = new Transactions();
    private final Map<Operation.Kind, Long> counts = new EnumMap<>(Operation.Kind.class);
    private long entries;
    private long ended;
    private long before;
    private long leftOut;
    private long noops;
    private OpTime reached = new OpTime(0, 0);

    /**
     * @param logs each of which goes on where the one before ends, or earlier
     * @param until the last cluster time that counts, inclusive
     * @param checkpoint called once a slice; throws when the run must not go on
     */
    public OplogReplay(List<OplogLog> logs, OpTime until, ReplayScope scope, Runnable checkpoint) {
        this.logs = List.copyOf(logs);
        this.until = until;
        this.scope = scope;
        this.checkpoint = checkpoint;
    }

    /**
     * Applies everything up to the moment asked for.
     *
     * @param progress told the bytes of the entries
     */
    public Replayed into(Deployment target, int laneCount, LongConsumer progress) {
        return into(new Lanes(target, laneCount), progress);
    }

    /**
     * Applies everything up to the moment asked for, or what is missing where an earlier attempt was cut off.
     *
     * @param watermarks say how far it came
     */
    public Replayed into(Deployment target, int laneCount, Watermarks watermarks, LongConsumer progress) {
        return into(Lanes.resumed(target, laneCount, watermarks), progress);
    }

    private Replayed into(Lanes opened, LongConsumer progress) {
        long repeated;
        try (Lanes lanes = opened) {
            for (OplogLog log : logs) {
                replay(log, lanes, progress);
            }
            lanes.finish();
            repeated = lanes.repeated();
        }
        return new Replayed(
                entries,
                count(Operation.Kind.INSERT),
                count(Operation.Kind.UPDATE),
                count(Operation.Kind.DELETE),
                ended,
                before,
                leftOut,
                noops,
                repeated);
    }

    private long count(Operation.Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    private void replay(OplogLog log, Lanes lanes, LongConsumer progress) {
        for (Slice slice : log.span().slices()) {
            checkpoint.run();
            log.slices().fetch(slice.stored()).forEachDocument((bytes, offset, length) -> {
                OpTime at = OplogEntry.timeOf(bytes, offset, length);
                if (at.compareTo(until) <= 0) {
                    next(OplogEntry.copyOf(bytes, offset, length), lanes);
                }
            });
            progress.accept(slice.stored().bytesRaw());
        }
    }

    /** Logs overlap: of what came before, only transactions that have not ended can be new. */
    private void next(OplogEntry entry, Lanes lanes) {
        if (entry.at().compareTo(reached) > 0) {
            reached = entry.at();
            entries++;
            apply(entry, lanes);
        } else if (entry.isApplyOps() && entry.isUndecided()) {
            transactions.add(entry);
        }
    }

    private void apply(OplogEntry entry, Lanes lanes) {
        switch (entry.kind()) {
            case "n" -> noops++;
            case "c" -> command(entry, lanes);
            default -> operation(entry, entry.at(), lanes);
        }
    }

    private void command(OplogEntry entry, Lanes lanes) {
        switch (entry.command()) {
            case "applyOps" -> {
                if (entry.isUndecided()) {
                    transactions.add(entry);
                } else {
                    earlierParts(entry, lanes);
                    operations(entry, entry.at(), lanes);
                }
            }
            case "commitTransaction" -> earlierParts(entry, lanes);
            case "abortTransaction" -> transactions.abort(entry);
            default -> {
                if (!scope.isLeftOut(entry.namespace())) {
                    throw Divergence.unknown(entry);
                }
                leftOut++;
            }
        }
    }

    /** A transaction happens at its end, whole. */
    private void earlierParts(OplogEntry end, Lanes lanes) {
        ended++;
        for (OpTime part : transactions.end(end)) {
            operations(read(part), end.visibleAt(), lanes);
        }
    }

    private OplogEntry read(OpTime at) {
        return logs.stream().flatMap(log -> log.find(at).stream()).findFirst().orElseThrow();
    }

    private void operations(OplogEntry list, OpTime at, Lanes lanes) {
        for (BsonDocument operation : list.operations()) {
            operation(OplogEntry.copyOf(operation), at, lanes);
        }
    }

    private void operation(OplogEntry entry, OpTime at, Lanes lanes) {
        if (entry.kind().equals("n")) {
            noops++;
            return;
        }
        Optional<ReplayedCollection> collection = scope.find(entry);
        if (collection.isEmpty()) {
            requireLeftOut(entry, at);
            leftOut++;
            return;
        }
        if (at.compareTo(collection.get().moments().of(entry.id())) <= 0) {
            before++;
            return;
        }
        var operation = new Operation(collection.get(), Operation.Kind.of(entry), entry, at);
        counts.merge(operation.kind(), 1L, Long::sum);
        collection.get().expected().addAndGet(operation.kind().difference());
        lanes.add(operation);
    }

    private void requireLeftOut(OplogEntry entry, OpTime at) {
        List<String> known = List.of("i", "u", "d");
        if (!known.contains(entry.kind()) || !scope.isLeftOut(entry.namespace())) {
            throw Divergence.of(
                    "'%s' of %s".formatted(entry.kind(), entry.namespace()),
                    at,
                    "the backup knows no such collection, or this version no such operation");
        }
    }
}
