package io.firedrill.migration;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells a tool's bookkeeping from the data that it changes.
 *
 * @param namespaces of all its own collections
 * @param changelog the one with a row for each change
 */
record ToolNamespaces(Set<String> namespaces, String changelog) {
    ToolNamespaces {
        namespaces = Set.copyOf(namespaces);
    }

    static ToolNamespaces of(Bookkeeping tool, String database) {
        return new ToolNamespaces(
                tool.collections().stream().map(each -> database + "." + each).collect(Collectors.toSet()),
                database + "." + tool.changelog());
    }

    /** Whether it takes, renews or gives back the tool's lock. */
    boolean isLock(WriteCommand write) {
        return kindOf(write) == WriteKind.BOOKS && write.verb().changesDocuments();
    }

    WriteKind kindOf(WriteCommand write) {
        List<String> written = write.namespaces();
        if (written.isEmpty() || !namespaces.containsAll(written)) {
            return WriteKind.DATA;
        }
        return write.verb().changesDocuments() && written.contains(changelog) ? WriteKind.ROW : WriteKind.BOOKS;
    }
}
