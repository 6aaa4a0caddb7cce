package io.firedrill.backup;

import io.firedrill.mongo.CatalogReader;
import io.firedrill.mongo.Namespace;
import java.util.Set;

/** What of a source a backup covers, and why it does not cover the rest. */
public record Coverage(Set<String> exclude) {
    private static final Set<String> INTERNAL = Set.of("config", "local", CatalogReader.OWN_DATABASE);

    public Coverage {
        exclude = Set.copyOf(exclude);
    }

    /** Whether the operator left it out. A time series and its buckets are one thing, whichever of the names is given. */
    boolean isExcluded(Namespace namespace) {
        return exclude.contains(namespace.toString())
                || exclude.contains(namespace.owner().toString())
                || exclude.contains(namespace.buckets().toString());
    }

    /** Whether a change of it is a change of what is backed up. Definitions of views are, though no one reads them here. */
    boolean covers(Namespace namespace) {
        if (INTERNAL.contains(namespace.database()) || isExcluded(namespace)) {
            return false;
        }
        return !namespace.database().equals("admin") || namespace.isAccess();
    }
}
