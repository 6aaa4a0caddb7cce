package io.firedrill.retention;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.archive.BackupId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Looks, after a sweep, whether everything that the remaining backups refer to is in the store. */
public final class Intactness {
    private final BackupCatalog catalog;

    public Intactness(BackupCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * What was found.
     *
     * @param missing keys of objects
     */
    public record Found(int backups, long segments, List<String> missing) {}

    public Found look() {
        List<BackupId> sealed = catalog.ids().stream().filter(catalog::isSealed).toList();
        Set<String> referenced = new References(catalog).of(sealed);
        Set<String> missing = new TreeSet<>(referenced);
        missing.removeAll(catalog.objects().segments().keySet());
        return new Found(
                sealed.size(),
                referenced.size(),
                missing.stream()
                        .map(sha256 -> catalog.objects().segment(sha256).value())
                        .toList());
    }
}
