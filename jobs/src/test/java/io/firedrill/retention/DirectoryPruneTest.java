package io.firedrill.retention;

import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** Prune on a directory. */
class DirectoryPruneTest implements PruneContract {
    @TempDir
    private Path directory;

    private int stores;

    @Override
    public ObjectStore store() {
        return ObjectStores.directory(directory.resolve("store-" + ++stores));
    }
}
