package io.firedrill.migration;

import io.firedrill.migration.WriteCommand.Attempt;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Counts writes. Memory grows with the collections and sessions that are written by, not with the writes. Thread-safe. */
final class WriteTally {
    private final ToolNamespaces tool;
    private final LongSupplier nanoTime;
    private final Map<Way, WriteCount> counts = new LinkedHashMap<>();
    private final OpenTransactions transactions = new OpenTransactions();
    private final Map<String, Long> attempts = new LinkedHashMap<>();
    private long data;
    private long rows;
    private OptionalLong firstData = OptionalLong.empty();
    private OptionalLong lastRow = OptionalLong.empty();

    private record Way(WriteVerb verb, List<String> namespaces, WriteKind kind, boolean inTransaction) {}

    /**
     * @param number among those of its kind, from 1; 0 for bookkeeping, and for what was sent again
     */
    record Counted(WriteKind kind, long number) {}

    WriteTally(ToolNamespaces tool, LongSupplier nanoTime) {
        this.tool = tool;
        this.nanoTime = nanoTime;
    }

    synchronized Counted count(WriteCommand write) {
        WriteKind kind = transactions.kindOf(write, tool.kindOf(write));
        boolean repeated = isRepeated(write);
        var way = new Way(write.verb(), write.namespaces(), kind, write.inTransaction());
        var once = new WriteCount(
                way.verb(),
                way.namespaces(),
                kind,
                way.inTransaction(),
                repeated ? 0 : 1,
                repeated ? 0 : write.statements(),
                repeated ? 1 : 0);
        counts.merge(way, once, WriteCount::plus);
        return new Counted(kind, repeated ? 0 : numbered(kind));
    }

    private long numbered(WriteKind kind) {
        long now = nanoTime.getAsLong();
        return switch (kind) {
            case DATA -> {
                firstData = firstData.isPresent() ? firstData : OptionalLong.of(now);
                yield ++data;
            }
            case ROW -> {
                lastRow = OptionalLong.of(now);
                yield ++rows;
            }
            case BOOKS -> 0;
        };
    }

    /**
     * A driver sends a write again with the number it had. In a transaction all have one number, and only its end is sent
     * again; that of another session is never the same.
     */
    private boolean isRepeated(WriteCommand write) {
        if (write.attempt().isEmpty() || (write.inTransaction() && !write.verb().endsTransaction())) {
            return false;
        }
        Attempt attempt = write.attempt().get();
        String sender = write.inTransaction() ? write.verb() + attempt.session() : attempt.session();
        @Nullable Long before = attempts.put(sender, attempt.number());
        return before != null && before == attempt.number();
    }

    synchronized WritesSeen seen() {
        return new WritesSeen(data, rows, new ArrayList<>(counts.values()), firstData, lastRow);
    }
}
