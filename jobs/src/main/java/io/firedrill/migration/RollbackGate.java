package io.firedrill.migration;

import io.firedrill.evidence.Receipt;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.Measures;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.failure.Failure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Decides, before the first write, whether changes may be taken back by their own rollback: where a rehearsal has proven it
 * for this very code. Every refusal is a {@code TARGET_REFUSED} that names the moment to restore to.
 */
public final class RollbackGate {
    private final ReleaseTarget target;
    private final ReleaseLimits limits;
    private final List<Receipt> receipts;

    /** What to take back, and the rehearsal that proved that it can be. */
    public record Admitted(Change change, OfChange rehearsed, String receipt) {}

    /**
     * @param limits of which only the time and what was repaired count: a proof of a rollback has no age
     * @param receipts of a verified ledger, the newest first
     */
    public RollbackGate(ReleaseTarget target, ReleaseLimits limits, List<Receipt> receipts) {
        this.target = target;
        this.limits = limits;
        this.receipts = List.copyOf(receipts);
    }

    /**
     * @param to the change that stays; empty: the last one is taken back
     * @return what to take back, the newest first
     */
    public List<Admitted> admit(Optional<String> to) {
        new HalfDoneGate(target, limits).requireWhole();
        List<Change> wanted = wanted(to);
        target.standing().changes().stream()
                .filter(each -> each.state().isDrift() && each.state() != ChangeState.OUT_OF_ORDER && !isRepaired(each))
                .findFirst()
                .ifPresent(each -> {
                    throw refused(
                            "code and database have gone different ways: %s %s"
                                    .formatted(each.change().id(), each.state()),
                            wanted.getLast());
                });
        Refusal.requireUnlocked(target);
        var admitted = new ArrayList<Admitted>();
        for (Change change : wanted) {
            admitted.add(admit(change, wanted.getLast()));
        }
        return admitted;
    }

    /** Its rollback failed, and somebody says that it may be tried again. */
    private boolean isRepaired(JudgedChange change) {
        return change.state() == ChangeState.FAILED
                && !change.willRun()
                && limits.repaired().contains(change.change().id());
    }

    /** In the order in which they were applied, by the tool's rows; where these tell no difference, in that of the code. */
    private List<Change> wanted(Optional<String> to) {
        List<Change> applied = target.standing().changes().stream()
                .filter(each -> each.state().isApplied() || isRepaired(each))
                .sorted(Comparator.comparing((JudgedChange each) ->
                        each.recorded().flatMap(RecordedRow::at).orElse(Instant.EPOCH)))
                .map(JudgedChange::change)
                .toList();
        Refusal.require(!applied.isEmpty(), "no change is applied", "There is nothing to take back.");
        if (to.isEmpty()) {
            return List.of(applied.getLast());
        }
        List<Integer> named = IntStream.range(0, applied.size())
                .filter(i -> applied.get(i).id().equals(to.get()))
                .boxed()
                .toList();
        Refusal.require(
                named.size() == 1,
                "%s of the applied changes are '%s'".formatted(named.isEmpty() ? "none" : named.size(), to.get()),
                "--to names the last change that stays; 'firedrill migrations list' shows the ids.");
        List<Change> after =
                applied.subList(named.getFirst() + 1, applied.size()).reversed();
        Refusal.require(
                !after.isEmpty(),
                "nothing was applied after '%s'".formatted(to.get()),
                "There is nothing to take back.");
        return after;
    }

    private Admitted admit(Change change, Change oldest) {
        for (Receipt receipt : receipts) {
            Optional<OfChange> told = receipt.facts().changes().stream()
                    .filter(each -> Refusal.isSame(change, each))
                    .filter(each -> each.grade(Property.ROLLBACK.name()) != Grade.NOT_TESTED)
                    .findFirst()
                    .filter(_ -> isOfThis(receipt));
            if (told.isPresent()) {
                receipt.rejection().ifPresent(words -> {
                    throw refused("rehearsal %s was %s".formatted(receipt.runId(), words), oldest);
                });
                if (told.get().grade(Property.ROLLBACK.name()) != Grade.PROVEN) {
                    throw refused(
                            "rehearsal %s found that the rollback of '%s' does not restore what was there before"
                                    .formatted(receipt.runId(), change.id()),
                            oldest);
                }
                Refusal.requireSameServer(target, receipt.serverVersion(), receipt.runId());
                Refusal.requireInTime(
                        change.id(),
                        told.get().measures().flatMap(Measures::rollbackSeconds),
                        limits.timeLimit(),
                        receipt.runId());
                return new Admitted(change, told.get(), receipt.runId());
            }
        }
        throw refused("no rehearsal has proven the rollback of '%s' as it is now".formatted(change.id()), oldest);
    }

    private boolean isOfThis(Receipt receipt) {
        return receipt.facts().tool().equals(target.artefact().tool())
                && receipt.facts()
                        .toolVersion()
                        .equals(target.artefact().version().orElse(""))
                && receipt.facts().database().equals(target.database())
                && receipt.facts().toolOptions().equals(target.artefact().options())
                && receipt.replicaSetId().equals(target.identity().replicaSetId());
    }

    private Failure refused(String message, Change oldest) {
        return Refusal.of(
                message,
                target.history()
                        .restorePoint(oldest)
                        .map(at ->
                                ("The way back is a restore to the moment before '%s' was applied, which loses what was written since:"
                                                + " 'firedrill restore --at %s'.")
                                        .formatted(oldest.id(), at))
                        .orElse(
                                "The way back is a restore; no apply of '%s' is recorded: 'firedrill oplog show' finds its moment."
                                        .formatted(oldest.id())));
    }
}
