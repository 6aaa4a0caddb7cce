package io.firedrill.oplog;

import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bson.BsonDocument;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * What an oplog tells that a replay of it passes over: a copy that was replayed does not show it, and who takes the copy for
 * the source has to know.
 */
public final class PassedOver {
    private static final BsonString VERSION = new BsonString("featureCompatibilityVersion");

    private final Map<BsonValue, OpTime> prepared = new HashMap<>();
    private Optional<OpTime> access = Optional.empty();
    private Optional<OpTime> version = Optional.empty();

    PassedOver() {}

    /** What a backup's own oplog tells after a moment. */
    public static PassedOver of(OplogLog log, OpTime after) {
        var passed = new PassedOver();
        log.span()
                .slices()
                .forEach(slice -> log.slices().fetch(slice.stored()).forEachDocument((bytes, offset, length) -> {
                    OplogEntry entry = OplogEntry.copyOf(bytes, offset, length);
                    if (entry.at().compareTo(after) > 0) {
                        passed.add(entry);
                    }
                }));
        return passed;
    }

    /** When users or roles were last changed, if they were. */
    public Optional<OpTime> access() {
        return access;
    }

    /** When the feature compatibility version was last changed, if it was. */
    public Optional<OpTime> version() {
        return version;
    }

    /** The begin of a prepared transaction that is not decided in the end, if there is one. */
    public Optional<OpTime> prepared() {
        return prepared.values().stream().min(OpTime::compareTo);
    }

    void add(OplogEntry entry) {
        if (entry.isTransactionEnd()) {
            prepared.remove(entry.transaction());
        } else if (entry.isApplyOps() && entry.object().containsKey("prepare")) {
            prepared.put(entry.transaction(), entry.at());
        }
        look(entry, entry.at());
    }

    private void look(OplogEntry entry, OpTime at) {
        if (entry.isApplyOps()) {
            for (BsonDocument operation : entry.operations()) {
                look(OplogEntry.copyOf(operation), at);
            }
        } else if (Set.of("i", "u", "d").contains(entry.kind())) {
            write(entry, at);
        } else if (entry.isCommand() && isOfAccess(entry)) {
            access = Optional.of(at);
        }
    }

    private void write(OplogEntry entry, OpTime at) {
        if (isAccess(entry.namespace())) {
            access = Optional.of(at);
        } else if (entry.namespace().equals("admin.system.version") && VERSION.equals(entry.id())) {
            version = Optional.of(at);
        }
    }

    /** A command names its collection without the database, but for a rename, which names both in full. */
    private static boolean isOfAccess(OplogEntry entry) {
        if (!Namespace.parse(entry.namespace()).database().equals("admin")) {
            return false;
        }
        return entry.command().equals("dropDatabase")
                || entry.object().values().stream()
                        .filter(BsonValue::isString)
                        .map(value -> value.asString().getValue())
                        .anyMatch(name -> isAccess(name) || isAccess("admin." + name));
    }

    private static boolean isAccess(String namespace) {
        return namespace.equals(Namespace.USERS.toString()) || namespace.equals(Namespace.ROLES.toString());
    }
}
