package io.firedrill.migration;

import java.util.List;
import java.util.Optional;

/**
 * One change as the code has it.
 *
 * @param author empty where the tool knows none; a Mongock change is known by its id and its author
 * @param order as it was written
 * @param where the class or file
 * @param runAlways whether the tool runs it each time
 * @param transactional empty where the tool does not say
 * @param codeHash SHA-256 of its code without debug information, all that it reaches included; empty where it is not known
 */
public record Change(
        String id,
        String author,
        String order,
        String where,
        boolean runAlways,
        Optional<Boolean> transactional,
        Rollback rollback,
        Optional<String> codeHash,
        List<Finding> findings) {
    public Change {
        findings = List.copyOf(findings);
    }

    /** The same where nobody can take it back. */
    Change withoutRollback() {
        return new Change(id, author, order, where, runAlways, transactional, Rollback.NONE, codeHash, findings);
    }

    /** One of which only a name is known, from a row or a command's output. */
    static Change named(String id, String author, String order, String where) {
        return new Change(
                id, author, order, where, false, Optional.empty(), Rollback.UNKNOWN, Optional.empty(), List.of());
    }
}
