package io.firedrill.oplog;

import io.firedrill.archive.OplogSpan.Slice;
import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.OpTime;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
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
    private long changes;
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
        return into(target, new Lanes(target, laneCount), progress);
    }

    /**
     * Applies everything up to the moment asked for, or what is missing where an earlier attempt was cut off.
     *
     * @param watermarks say how far it came
     */
    public Replayed into(Deployment target, int laneCount, Watermarks watermarks, LongConsumer progress) {
        return into(target, Lanes.resumed(target, laneCount, watermarks), progress);
    }

    private Replayed into(Deployment target, Lanes opened, LongConsumer progress) {
        long repeated;
        try (Lanes lanes = opened) {
            var definitions = new Definitions(scope, target, lanes::outside);
            for (OplogLog log : logs) {
                replay(log, entry -> apply(entry, lanes, definitions), progress);
            }
            lanes.flush();
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
                changes,
                repeated);
    }

    private long count(Operation.Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    private void replay(OplogLog log, Consumer<OplogEntry> apply, LongConsumer progress) {
        for (Slice slice : log.span().slices()) {
            checkpoint.run();
            log.slices().fetch(slice.stored()).forEachDocument((bytes, offset, length) -> {
                OpTime at = OplogEntry.timeOf(bytes, offset, length);
                if (at.compareTo(log.span().from()) <= 0) {
                    remember(OplogEntry.copyOf(bytes, offset, length));
                } else if (at.compareTo(until) <= 0) {
                    next(OplogEntry.copyOf(bytes, offset, length), apply);
                }
            });
            progress.accept(slice.stored().bytesRaw());
        }
    }

    /** What came up to a log's begin is in the copy, or counts as part of a transaction that ends later. */
    private void remember(OplogEntry entry) {
        if (entry.isApplyOps() && entry.isUndecided()) {
            transactions.add(entry);
        } else if (entry.isApplyOps() || entry.isTransactionEnd()) {
            transactions.abort(entry);
        }
    }

    /** Logs overlap: of what came before, only transactions that have not ended can be new. */
    private void next(OplogEntry entry, Consumer<OplogEntry> apply) {
        if (entry.at().compareTo(reached) > 0) {
            reached = entry.at();
            entries++;
            apply.accept(entry);
        } else if (entry.isApplyOps() && entry.isUndecided()) {
            transactions.add(entry);
        }
    }

    private void apply(OplogEntry entry, Lanes lanes, Definitions definitions) {
        switch (entry.kind()) {
            case "n" -> noops++;
            case "c" -> command(entry, lanes, definitions);
            default -> operation(entry, entry.at(), lanes, definitions);
        }
    }

    private void command(OplogEntry entry, Lanes lanes, Definitions definitions) {
        switch (entry.command()) {
            case "applyOps" -> {
                if (entry.isUndecided()) {
                    transactions.add(entry);
                } else {
                    earlierParts(entry, lanes, definitions);
                    operations(entry, entry.at(), lanes, definitions);
                }
            }
            case "commitTransaction" -> earlierParts(entry, lanes, definitions);
            case "abortTransaction" -> transactions.abort(entry);
            default -> count(definitions.command(entry, entry.at()));
        }
    }

    /** A transaction happens at its end, whole. */
    private void earlierParts(OplogEntry end, Lanes lanes, Definitions definitions) {
        ended++;
        for (OpTime part : transactions.end(end)) {
            operations(read(part), end.visibleAt(), lanes, definitions);
        }
    }

    private void count(Definitions.Effect effect) {
        switch (effect) {
            case DONE -> changes++;
            case BEFORE -> before++;
            case LEFT_OUT -> leftOut++;
            case NONE -> noops++;
        }
    }

    private OplogEntry read(OpTime at) {
        return logs.stream().flatMap(log -> log.find(at).stream()).findFirst().orElseThrow();
    }

    private void operations(OplogEntry list, OpTime at, Lanes lanes, Definitions definitions) {
        for (BsonDocument operation : list.operations()) {
            operation(OplogEntry.copyOf(operation), at, lanes, definitions);
        }
    }

    private void operation(OplogEntry entry, OpTime at, Lanes lanes, Definitions definitions) {
        switch (entry.kind()) {
            case "n" -> noops++;
            case "c" -> count(definitions.command(entry, at));
            case "i", "u", "d" -> write(entry, at, lanes, definitions);
            default -> throw Divergence.unknown(entry, at);
        }
    }

    private void write(OplogEntry entry, OpTime at, Lanes lanes, Definitions definitions) {
        Optional<ReplayedCollection> collection = scope.find(entry);
        if (collection.isEmpty()) {
            count(definitions.write(entry, at));
            return;
        }
        var operation = new Operation(collection.get(), Operation.Kind.of(entry), entry, at);
        if (operation.isShown()) {
            before++;
            return;
        }
        counts.merge(operation.kind(), 1L, Long::sum);
        collection.get().expected().addAndGet(operation.kind().difference());
        lanes.add(operation);
    }
}
