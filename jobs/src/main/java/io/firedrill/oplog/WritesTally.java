package io.firedrill.oplog;

import java.util.SortedMap;
import java.util.TreeMap;

/** What has been counted of one collection so far. */
final class WritesTally {
    private final SortedMap<String, Long> commands = new TreeMap<>();
    private long inserts;
    private long updates;
    private long deletes;
    private long bytes;
    private long documents;

    void write(OplogEntry operation, boolean another) {
        switch (Operation.Kind.of(operation)) {
            case INSERT -> inserts++;
            case UPDATE -> updates++;
            case DELETE -> deletes++;
        }
        bytes += operation.bytes();
        documents += another ? 1 : 0;
    }

    void command(String name, int size) {
        commands.merge(name, 1L, Long::sum);
        bytes += size;
    }

    CollectionWrites end(boolean whole) {
        return new CollectionWrites(inserts, updates, deletes, commands, bytes, documents, whole);
    }
}
