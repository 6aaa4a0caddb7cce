package io.firedrill.evidence;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a sign-off or a waiver rests on, as far as it can be verified: records, and that no owner judged their own work.
 *
 * @param owners of every task and their stand-ins; an earlier version did not name these
 */
record ReadinessClaim(List<Cited> records, List<String> owners, String ownReason) {
    static final ReadinessClaim NONE = new ReadinessClaim(List.of(), List.of(), "");

    /** A record by its number and its object's digest. */
    record Cited(long seq, String sha256) {}

    static ReadinessClaim of(LedgerEntry entry) {
        return switch (entry.kind()) {
            case SIGN_OFF -> {
                SignOff said = SignOff.of(entry);
                yield new ReadinessClaim(
                        entry.predicate()
                                .path("records")
                                .valueStream()
                                .map(record -> new Cited(
                                        record.path("seq").asLong(0),
                                        record.path("sha256").asString("")))
                                .toList(),
                        said.tasks().stream()
                                .flatMap(task -> Stream.of(task.owner(), task.backupOwner()))
                                .toList(),
                        said.ownReason());
            }
            case WAIVER -> {
                Waiver said = Waiver.of(entry);
                yield new ReadinessClaim(List.of(), List.of(said.owner(), said.backupOwner()), said.ownReason());
            }
            case RUN, KEY_CHANGE, APPROVAL, PUBLICATION, GATE -> NONE;
        };
    }
}
