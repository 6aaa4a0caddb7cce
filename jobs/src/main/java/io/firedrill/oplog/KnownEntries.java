package io.firedrill.oplog;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.Namespace;
import io.firedrill.mongo.OpTime;
import java.util.Optional;
import java.util.Set;

/** What entries a replay knows: what is none of these must not be left out, since it could mean anything. */
final class KnownEntries {
    private static final Set<String> COMMANDS = Set.of(
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
        if (entry.isApplyOps()) {
            return entry.operations().stream()
                    .map(OplogEntry::within)
                    .filter(operation -> !isKnown(operation))
                    .findFirst();
        }
        return entry.isTransactionEnd() || isKnown(entry) ? Optional.empty() : Optional.of(entry);
    }

    /** No list holds another one, nor the end of a transaction. */
    private static boolean isKnown(OplogEntry entry) {
        return switch (entry.kind()) {
            case "n", "i", "d" -> true;
            case "u" -> !entry.namespace().endsWith(".system.views") || isKnownOfView(entry);
            case "c" -> isKnownCommand(entry);
            default -> false;
        };
    }

    /** A server writes the whole of a view anew. */
    private static boolean isKnownOfView(OplogEntry update) {
        return isLeftOut(update) || !update.object().containsKey("$v");
    }

    private static boolean isKnownCommand(OplogEntry entry) {
        if (!entry.command().equals("collMod")) {
            return COMMANDS.contains(entry.command());
        }
        return isLeftOut(entry) || CollectionOptions.unknown(entry.object()).isEmpty();
    }

    /** What is never part of a backup may be altered in any way. */
    private static boolean isLeftOut(OplogEntry entry) {
        return ReplayScope.INTERNAL.contains(Namespace.parse(entry.namespace()).database());
    }

    /** Throws where an entry that is to be replayed is not known. */
    static void require(OplogEntry entry) {
        unknown(entry).ifPresent(unknown -> {
            throw refused(
                    entry.at(),
                    RedactedEntry.of(unknown),
                    "Restore with a newer Firedrill, or to before:%s.".formatted(entry.at()));
        });
    }

    /**
     * What is thrown where one is not known.
     *
     * @param what it is, without what may be data
     */
    static Failure refused(OpTime at, String what, String hint) {
        return new Failure(
                FailureKind.FORMAT_TOO_NEW,
                "the archived oplog holds at %s what this version does not know how to replay: %s".formatted(at, what),
                hint);
    }
}
