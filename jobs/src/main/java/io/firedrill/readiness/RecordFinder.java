package io.firedrill.readiness;

import io.firedrill.evidence.Approvals;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.RunKind;
import io.firedrill.storage.ObjectKey;
import io.firedrill.storage.ObjectStore;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/** Finds what a ledger holds for a selector: the newest record that is what it asks for, if that is young enough. */
final class RecordFinder {
    /** Clocks of two machines may differ by this much; a record that is from further ahead is none to rely on. */
    private static final Duration SLACK = Duration.ofMinutes(5);

    private static final Set<RunKind> MAKE_BACKUPS = EnumSet.of(RunKind.BACKUP, RunKind.COMPACT);
    private static final Set<Outcome> GOOD = EnumSet.of(Outcome.PASSED, Outcome.WARNED);

    private final LedgerFacts ledger;
    private final ObjectStore store;
    private final Instant now;

    RecordFinder(LedgerFacts ledger, ObjectStore store, Instant now) {
        this.ledger = ledger;
        this.store = store;
        this.now = now;
    }

    Finding find(Selector.Run wanted) {
        return newest(
                wanted,
                run -> run.kind() == wanted.kind()
                        && run.passed()
                        && (!wanted.rtoMet() || run.rtoMet())
                        && (!wanted.rpoMet() || run.rpoMet()),
                SeenRun::finishedAt,
                Optional.of(wanted.within()));
    }

    /** Whether it still lies in the store is looked at as well: what retention deleted restores nothing. */
    Finding find(Selector.Backup wanted) {
        return newest(
                wanted,
                run -> MAKE_BACKUPS.contains(run.kind()) && run.passed() && isStored(run),
                run -> run.consistencyTime().orElse(Instant.EPOCH),
                Optional.of(wanted.within()));
    }

    Finding find(Selector.MigrationReceipt wanted) {
        return newest(
                wanted,
                run -> run.passed()
                        && run.rehearsed()
                                .filter(of -> wanted.database().isEmpty()
                                        || wanted.database().equals(of))
                                .isPresent(),
                SeenRun::finishedAt,
                Optional.of(wanted.within()));
    }

    Finding find(Selector.Approved wanted) {
        return newest(
                wanted,
                run -> run.kind() == wanted.kind() && GOOD.contains(run.outcome()) && isApproved(run, wanted.role()),
                SeenRun::finishedAt,
                wanted.within());
    }

    private boolean isApproved(SeenRun run, String role) {
        List<Approvals.Said> said = ledger.saidOf(run);
        return said.stream().allMatch(Approvals.Said::approved)
                && said.stream().anyMatch(word -> role.isEmpty() || role.equals(word.role()));
    }

    private boolean isStored(SeenRun run) {
        return run.manifest().flatMap(key -> store.head(ObjectKey.of(key))).isPresent();
    }

    private Finding newest(
            Selector wanted, Predicate<SeenRun> good, Function<SeenRun, Instant> moment, Optional<Duration> within) {
        if (!ledger.problem().isEmpty()) {
            return Finding.missing(wanted, ledger.problem());
        }
        return ledger.runs()
                .filter(good)
                .filter(run -> !moment.apply(run).isAfter(now.plus(SLACK)))
                .findFirst()
                .map(run -> aged(wanted, run, moment.apply(run), within))
                .orElseGet(() -> Finding.missing(wanted, nothing(wanted)));
    }

    /** Why there is none: somebody who sees the newest of its kind knows where to go on. */
    private String nothing(Selector wanted) {
        return ledger.runs()
                .filter(run -> run.kind() == kind(wanted))
                .findFirst()
                .map(run -> "no %s is what is asked for; the newest, record %d, %s"
                        .formatted(run.kind().word(), run.seq(), fate(run)))
                .orElse("no record says so");
    }

    private String fate(SeenRun run) {
        if (MAKE_BACKUPS.contains(run.kind()) && run.passed() && !isStored(run)) {
            return "is of one that is not in the store any more";
        }
        return "came to " + run.outcome() + (run.partial() ? " in part" : "");
    }

    private static RunKind kind(Selector wanted) {
        return switch (wanted) {
            case Selector.Run run -> run.kind();
            case Selector.Approved approved -> approved.kind();
            case Selector.Backup _ -> RunKind.BACKUP;
            case Selector.MigrationReceipt _ -> RunKind.REHEARSAL;
            case Selector.File _, Selector.Url _, Selector.Command _ ->
                throw new IllegalArgumentException("no record is looked for: " + wanted.words());
        };
    }

    private Finding aged(Selector wanted, SeenRun run, Instant at, Optional<Duration> within) {
        Optional<Instant> until = within.map(at::plus);
        if (until.filter(now::isAfter).isPresent()) {
            return Finding.stale(
                    wanted, "record %d is of %s, which is too old since %s".formatted(run.seq(), at, until.get()));
        }
        return Finding.holds(wanted, run.proof(wanted), until);
    }
}
