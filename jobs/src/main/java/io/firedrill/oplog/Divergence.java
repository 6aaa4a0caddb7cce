package io.firedrill.oplog;

import io.firedrill.archive.RedactedId;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.mongo.OpTime;

/** The target is not what the oplog says it was: the replay stops, and names the entry. */
final class Divergence {
    private Divergence() {}

    static Failure of(Operation operation, String why) {
        return of(
                "%s of a document of %s (_id %s)"
                        .formatted(
                                operation.kind().word(),
                                operation.collection().namespace(),
                                RedactedId.of(operation.entry().id())),
                operation.at(),
                why);
    }

    static Failure of(String what, OpTime at, String why) {
        return new Failure(
                FailureKind.VERIFICATION_FAILED,
                "the replay stopped at the oplog entry of %s, %s: %s".formatted(at, what, why),
                "Do not use this copy: something else wrote into staging, or the backup is not what it says. Clean staging, restore again, and then another backup.");
    }

    /** An entry that is not known, as it is: to leave it out could mean anything. */
    static Failure unknown(OplogEntry entry, OpTime at) {
        return of(RedactedEntry.of(entry), at, "this version does not know how to replay it");
    }
}
