package io.firedrill.migration;

import java.util.List;
import java.util.Optional;

/**
 * A command that writes, as a process sent it. What it writes is not kept.
 *
 * @param namespaces that it writes to, each as {@code database.collection}; of dropDatabase the database alone; none where it ends
 *     a transaction
 * @param acknowledged whether the server answers it
 * @param attempt what the driver numbers it with, so that the server knows it again when it is sent again
 */
record WriteCommand(
        WriteVerb verb,
        List<String> namespaces,
        int statements,
        boolean inTransaction,
        boolean acknowledged,
        Optional<Attempt> attempt) {

    /**
     * @param session what the driver calls it, in hexadecimal
     * @param number the driver's {@code txnNumber}
     */
    record Attempt(String session, long number) {}

    WriteCommand {
        namespaces = List.copyOf(namespaces);
    }
}
