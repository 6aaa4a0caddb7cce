package io.firedrill.runner;

import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.evidence.RehearsalFacts.OfProperty;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the papers for a release are made from: what a rehearsal found, and how the tool is told where to work.
 *
 * @param record the receipt's key in the store
 * @param restoreSeconds that restoring the backup and proving the copy took
 * @param takeover what was seen of a successor after a crash; empty where it was not seen
 * @param commands that come after it
 * @param before the id of the change that comes right before the first pending one; empty where there is none
 */
record RehearsedRelease(
        RehearsalFacts rehearsal,
        String runId,
        String record,
        String backupId,
        Optional<Instant> backupTime,
        double restoreSeconds,
        Optional<String> takeover,
        Lock lock,
        ReleaseCommands commands,
        Optional<String> before) {
    /**
     * How the tool keeps two runners apart.
     *
     * @param collection empty where the tool has no lock
     * @param lease after which a lock that nobody renewed is stale; empty where it never is
     * @param renewed whether its holder renews it while it works
     */
    record Lock(Optional<String> collection, Optional<Duration> lease, boolean renewed) {}

    /** How one gets back behind a change. */
    enum WayBack {
        TOOL,
        RESTORE,
        WAIVED;

        boolean isTool() {
            return this == TOOL;
        }
    }

    List<OfChange> changes() {
        return rehearsal.changes();
    }

    static Optional<OfProperty> property(OfChange change, String name) {
        return change.properties().stream()
                .filter(each -> each.property().equals(name))
                .findFirst();
    }

    static String detail(OfChange change, String name) {
        return property(change, name).map(OfProperty::detail).orElse("nothing is known of it");
    }

    static WayBack wayBack(OfChange change) {
        if (change.grade("ROLLBACK") == Grade.PROVEN) {
            return WayBack.TOOL;
        }
        return reason(change).isPresent() ? WayBack.WAIVED : WayBack.RESTORE;
    }

    /** Why somebody said that a change needs no rollback. */
    static Optional<String> reason(OfChange change) {
        return property(change, "ROLLBACK")
                .filter(each -> each.grade() == Grade.NOT_TESTED)
                .map(OfProperty::detail)
                .filter(detail -> detail.contains(AcceptedFailures.REASON))
                .map(detail ->
                        detail.substring(detail.indexOf(AcceptedFailures.REASON) + AcceptedFailures.REASON.length()));
    }

    /** The newest change behind which only a restore leads back. */
    Optional<OfChange> pointOfNoReturn() {
        return changes().reversed().stream()
                .filter(change -> !wayBack(change).isTool())
                .findFirst();
    }

    /** The id of the change before this one, which stays when this one and all after it are taken back. */
    Optional<String> before(OfChange change) {
        int index = changes().indexOf(change);
        return index == 0 ? before : Optional.of(changes().get(index - 1).id());
    }
}
