package io.firedrill.oplog;

import io.firedrill.mongo.Deployment;
import io.firedrill.mongo.DocumentConsumer;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import io.firedrill.mongo.OplogScan;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bson.BsonDocument;
import org.jspecify.annotations.Nullable;

/** Counts what entries of an oplog write. Where the parts of a transaction lie is remembered; they are read again when it ends. */
final class WritesCounting implements DocumentConsumer {
    private static final String CONFIG = "config.";

    /** The keys by which the members of a set sign their cluster time. */
    private static final String SIGNING_KEYS = "admin.system.keys";

    private final Deployment deployment;
    private final OpTime after;
    private final Set<Namespace> own;
    private final Transactions open = new Transactions();
    private final SortedMap<Namespace, WritesTally> tallies = new TreeMap<>();
    private final TouchedIds ids = new TouchedIds();
    private final Set<Namespace> ofEntry = new HashSet<>();
    private Set<Namespace> together = Set.of();
    private long entriesOfData;
    private long transactions;
    private long bytes;
    private @Nullable OpTime first;
    private @Nullable OpTime last;

    /**
     * @param after entries up to this moment are parts of transactions at most
     */
    WritesCounting(Deployment deployment, OpTime after, Set<Namespace> own) {
        this.deployment = deployment;
        this.after = after;
        this.own = Set.copyOf(own);
    }

    @Override
    public void accept(byte[] raw, int offset, int length) {
        OplogEntry entry = OplogEntry.within(raw, offset, length);
        if (entry.isApplyOps() && entry.isUndecided()) {
            open.add(entry);
        } else if (entry.isTransactionEnd() && entry.command().equals("abortTransaction")) {
            open.abort(entry);
        } else if (entry.at().compareTo(after) > 0) {
            count(entry);
        }
    }

    private void count(OplogEntry entry) {
        ofEntry.clear();
        boolean counts = false;
        if (entry.isApplyOps() || entry.isTransactionEnd()) {
            for (OpTime part : open.end(entry)) {
                counts |= part(part);
            }
            counts |= entry.isApplyOps() && list(entry);
            transactions += counts ? 1 : 0;
        } else {
            counts = operation(entry);
        }
        if (counts) {
            bytes += entry.bytes();
            first = first == null ? entry.at() : first;
            last = entry.at();
        }
        if (!own.containsAll(ofEntry)) {
            entriesOfData++;
            together = Set.copyOf(ofEntry);
        }
    }

    /** Reads a part of a transaction again, now that it is known to count. */
    private boolean part(OpTime at) {
        var counts = new boolean[1];
        new OplogScan(at, at).read(deployment, (raw, offset, length) -> {
            counts[0] = list(OplogEntry.within(raw, offset, length));
            bytes += counts[0] ? length : 0;
        });
        return counts[0];
    }

    /** Operations within a list; one of them may be a list again. */
    private boolean list(OplogEntry entry) {
        boolean counts = false;
        for (BsonDocument each : entry.operations()) {
            OplogEntry operation = OplogEntry.within(each);
            counts |= operation.isApplyOps() ? list(operation) : operation(operation);
        }
        return counts;
    }

    /** Whether it counts. */
    private boolean operation(OplogEntry operation) {
        return switch (operation.kind()) {
            case "n" -> false;
            case "c" -> command(operation);
            default -> write(operation);
        };
    }

    private boolean write(OplogEntry operation) {
        String name = operation.namespace();
        if (isHousekeeping(name)) {
            return false;
        }
        Namespace namespace = Namespace.parse(name);
        tally(namespace).write(operation, ids.isNew(namespace, operation.id()));
        return true;
    }

    private boolean command(OplogEntry command) {
        List<Namespace> about = about(command);
        // A rename is about two collections, and written once.
        int size = command.bytes();
        for (Namespace each : about) {
            if (isHousekeeping(each.toString())) {
                return false;
            }
            tally(each).command(command.command(), size);
            size = 0;
        }
        return true;
    }

    private static List<Namespace> about(OplogEntry command) {
        BsonDocument body = command.object();
        String name = command.command();
        String database = Namespace.parse(command.namespace()).database();
        if (!body.isString(name)) {
            return List.of(new Namespace(database, "$cmd"));
        }
        String subject = body.getString(name).getValue();
        return name.equals("renameCollection")
                ? List.of(
                        Namespace.parse(subject),
                        Namespace.parse(body.getString("to").getValue()))
                : List.of(new Namespace(database, subject));
    }

    private static boolean isHousekeeping(String namespace) {
        return namespace.startsWith(CONFIG) || namespace.equals(SIGNING_KEYS);
    }

    private WritesTally tally(Namespace namespace) {
        ofEntry.add(namespace);
        return tallies.computeIfAbsent(namespace, none -> new WritesTally());
    }

    OplogWrites end() {
        return new OplogWrites(
                writes(false),
                writes(true),
                transactions,
                entriesOfData == 1 ? together : Set.of(),
                bytes,
                Optional.ofNullable(first),
                Optional.ofNullable(last));
    }

    private SortedMap<Namespace, CollectionWrites> writes(boolean ofOwn) {
        var writes = new TreeMap<Namespace, CollectionWrites>();
        tallies.forEach((namespace, tally) -> {
            if (own.contains(namespace) == ofOwn) {
                writes.put(namespace, tally.end(ids.isWhole(namespace)));
            }
        });
        return writes;
    }
}
