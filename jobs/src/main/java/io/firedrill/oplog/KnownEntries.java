package io.firedrill.oplog;

import java.util.Optional;
import java.util.Set;
import org.bson.BsonDocument;

/** What entries a replay knows: what is none of these must not be left out, since it could mean anything. */
final class KnownEntries {
    private static final Set<String> KINDS = Set.of("i", "u", "d", "n", "c");
    private static final Set<String> COMMANDS = Set.of(
            "applyOps",
            "commitTransaction",
            "abortTransaction",
            "create",
            "drop",
            "dropDatabase",
            "renameCollection",
            "collMod",
            "emptycapped",
            "createIndexes",
            "startIndexBuild",
            "commitIndexBuild",
            "abortIndexBuild",
            "dropIndexes",
            "dbCheck");

    private KnownEntries() {}

    /** An entry that is not known, or the operation within one. */
    static Optional<OplogEntry> unknown(OplogEntry entry) {
        if (!KINDS.contains(entry.kind())) {
            return Optional.of(entry);
        }
        if (!entry.kind().equals("c")) {
            return Optional.empty();
        }
        if (!COMMANDS.contains(entry.command())) {
            return Optional.of(entry);
        }
        return entry.isApplyOps() ? unknownWithin(entry) : Optional.empty();
    }

    private static Optional<OplogEntry> unknownWithin(OplogEntry list) {
        for (BsonDocument operation : list.operations()) {
            Optional<OplogEntry> unknown = unknown(OplogEntry.copyOf(operation));
            if (unknown.isPresent()) {
                return unknown;
            }
        }
        return Optional.empty();
    }
}
