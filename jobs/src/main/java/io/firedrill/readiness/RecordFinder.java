package io.firedrill.readiness;

import io.firedrill.evidence.Approvals;
import io.firedrill.evidence.BackupProof;
import io.firedrill.evidence.GateResult;
import io.firedrill.evidence.Proof;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunTrace;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Finds what a ledger holds for a selector: the newest record that says anything about what it asks for. If that one speaks
 * against it, nothing older holds; else it has to be young enough.
 */
final class RecordFinder {
    /** Clocks of two machines may differ by this much; a record that is from further ahead is none to rely on. */
    private static final Duration SLACK = Duration.ofMinutes(5);

    private static final Set<RunKind> MAKE_BACKUPS = EnumSet.of(RunKind.BACKUP, RunKind.COMPACT);

    private final LedgerFacts ledger;
    private final ObjectStore store;
    private final Instant now;

    RecordFinder(LedgerFacts ledger, ObjectStore store, Instant now) {
        this.ledger = ledger;
        this.store = store;
        this.now = now;
    }

    /**
     * How a record is weighed.
     *
     * @param about whether it is one of those that the selector asks about
     * @param good whether it is what the selector asks for
     * @param against whether it says that what the selector asks for is not so; one that is neither says nothing
     * @param moment from which on it ages
     */
    private record Scale(
            Predicate<SeenRun> about,
            Predicate<SeenRun> good,
            Predicate<SeenRun> against,
            Function<SeenRun, Instant> moment) {}

    Finding find(Selector.Run wanted) {
        var scale = new Scale(
                run -> run.kind() == wanted.kind(),
                run -> run.passed()
                        && (!run.partial() || wanted.partAllowed())
                        && (!wanted.rtoMet() || run.rtoMet())
                        && (!wanted.rpoMet() || run.rpoMet()),
                run -> run.failed() || (run.good() && !run.passed()) || isRejected(run),
                SeenRun::finishedAt);
        return newest(wanted, scale, Optional.of(wanted.within()));
    }

    /** Whether it still lies in the store is looked at as well: what retention deleted restores nothing. */
    Finding find(Selector.Backup wanted) {
        var scale = new Scale(
                run -> MAKE_BACKUPS.contains(run.kind()),
                run -> run.passed() && isStored(run),
                run -> run.passed() && isStored(run) && refutation(run).isPresent(),
                run -> run.consistencyTime().orElse(Instant.EPOCH));
        return newest(wanted, scale, Optional.of(wanted.within()));
    }

    /** A rehearsal that failed before it knew the database may have been of any. */
    Finding find(Selector.MigrationReceipt wanted) {
        var scale = new Scale(
                run -> run.kind() == RunKind.REHEARSAL
                        && (wanted.database().isEmpty()
                                || run.database().map(wanted.database()::equals).orElse(true)),
                run -> run.passed() && run.receipt(),
                run -> run.failed() || isRejected(run),
                SeenRun::finishedAt);
        return newest(wanted, scale, Optional.of(wanted.within()));
    }

    Finding find(Selector.Approved wanted) {
        var scale = new Scale(
                run -> run.kind() == wanted.kind(),
                run -> run.good() && (!run.partial() || wanted.partAllowed()) && isApproved(run, wanted.role()),
                run -> run.failed() || isRejected(run),
                SeenRun::finishedAt);
        return newest(wanted, scale, wanted.within());
    }

    /** The newest word on a gate counts, and ages from when its oldest report was written. */
    Finding find(Selector.Gate wanted) {
        if (!ledger.problem().isEmpty()) {
            return Finding.missing(wanted, ledger.problem());
        }
        return ledger.gate(wanted.name())
                .map(gated -> judged(wanted, gated))
                .orElseGet(() -> Finding.missing(wanted, "no record says what it came to"));
    }

    private Finding judged(Selector.Gate wanted, LedgerFacts.Gated gated) {
        GateResult said = gated.said();
        Proof proof = gated.proof();
        if (!said.passed()) {
            return Finding.missing(
                    wanted,
                    "record %d: it did not pass (%s); nothing older counts"
                            .formatted(proof.seq(), said.reasons().getFirst()));
        }
        if (said.measuredAt().isAfter(now.plus(SLACK))) {
            return Finding.missing(
                    wanted, "record %d is of %s, which is yet to come".formatted(proof.seq(), said.measuredAt()));
        }
        Optional<String> lacking = wanted.asked().lacking(said);
        if (lacking.isPresent()) {
            return Finding.missing(wanted, tooLittle(gated, lacking.get()));
        }
        return aged(
                wanted,
                new Proof(wanted.words(), proof.name(), proof.sha256(), proof.seq()),
                said.measuredAt(),
                Optional.of(wanted.within()));
    }

    private static String tooLittle(LedgerFacts.Gated gated, String asked) {
        return "record %d: it passed, but '%s' was not demanded of its reports (%s); nothing older counts"
                .formatted(gated.proof().seq(), asked, gated.said().asked());
    }

    private boolean isApproved(SeenRun run, String role) {
        return ledger.saidOf(run).stream()
                .anyMatch(word -> word.approved() && (role.isEmpty() || role.equals(word.role())));
    }

    private boolean isRejected(SeenRun run) {
        return run.good() && ledger.rejection(run).isPresent();
    }

    private boolean isStored(SeenRun run) {
        return run.manifest().flatMap(key -> store.head(ObjectKey.of(key))).isPresent();
    }

    private Optional<RunTrace> refutation(SeenRun backup) {
        return backup.backupId()
                .map(ledger::proofOf)
                .filter(BackupProof::isRefuted)
                .flatMap(BackupProof::by);
    }

    private Finding newest(Selector wanted, Scale scale, Optional<Duration> within) {
        if (!ledger.problem().isEmpty()) {
            return Finding.missing(wanted, ledger.problem());
        }
        return ledger.runs()
                .filter(scale.about())
                .filter(run -> scale.against().test(run) || (scale.good().test(run) && !isAhead(scale, run)))
                .findFirst()
                .map(run -> scale.against().test(run)
                        ? Finding.missing(wanted, "record %d %s; nothing older counts".formatted(run.seq(), fate(run)))
                        : aged(wanted, run.proof(wanted), scale.moment().apply(run), within))
                .orElseGet(() -> Finding.missing(wanted, nothing(scale)));
    }

    private boolean isAhead(Scale scale, SeenRun run) {
        return scale.moment().apply(run).isAfter(now.plus(SLACK));
    }

    /** Why there is none: somebody who sees the newest of its kind knows where to go on. */
    private String nothing(Scale scale) {
        return ledger.runs()
                .filter(scale.about())
                .filter(run -> !isAhead(scale, run))
                .findFirst()
                .map(run -> "no %s is what is asked for; the newest, record %d, %s"
                        .formatted(run.kind().word(), run.seq(), fate(run)))
                .orElse("no record says so");
    }

    private String fate(SeenRun run) {
        boolean sealed = MAKE_BACKUPS.contains(run.kind()) && run.passed();
        if (sealed && !isStored(run)) {
            return "is of one that is not in the store any more";
        }
        if (sealed && refutation(run).isPresent()) {
            RunTrace by = refutation(run).get();
            return "is of backup %s, which did not come back in the %s of record %d"
                    .formatted(run.backupId().orElse(""), by.kind().word(), by.seq());
        }
        return ledger.rejection(run)
                .map(Approvals.Said::words)
                .map(words -> "was " + words)
                .orElseGet(() -> "came to " + run.outcome() + (run.partial() ? " in part" : ""));
    }

    private Finding aged(Selector wanted, Proof proof, Instant at, Optional<Duration> within) {
        Optional<Instant> until = within.map(at::plus);
        if (until.filter(now::isAfter).isPresent()) {
            return Finding.stale(
                    wanted, "record %d is of %s, which is too old since %s".formatted(proof.seq(), at, until.get()));
        }
        return Finding.holds(wanted, proof, until);
    }
}
