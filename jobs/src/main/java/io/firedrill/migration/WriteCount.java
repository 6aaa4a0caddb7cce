package io.firedrill.migration;

import java.util.List;

/**
 * How often a process wrote in one way.
 *
 * @param namespaces {@code database.collection}; two of renameCollection, none of a transaction's end
 * @param commands that were sent for the first time
 * @param statements in them
 * @param repeated commands that a driver sent again since it had no answer
 */
public record WriteCount(
        WriteVerb verb,
        List<String> namespaces,
        WriteKind kind,
        boolean inTransaction,
        long commands,
        long statements,
        long repeated) {
    public WriteCount {
        namespaces = List.copyOf(namespaces);
    }

    WriteCount plus(WriteCount other) {
        return new WriteCount(
                verb,
                namespaces,
                kind,
                inTransaction,
                commands + other.commands,
                statements + other.statements,
                repeated + other.repeated);
    }
}
