package io.firedrill.job;

import io.firedrill.evidence.Check;
import io.firedrill.evidence.RehearsalFacts;
import io.firedrill.evidence.RehearsalFacts.Grade;
import io.firedrill.evidence.RehearsalFacts.OfChange;
import io.firedrill.evidence.RehearsalFacts.OfProperty;
import io.firedrill.evidence.RehearsalFacts.OplogRoom;
import io.firedrill.migration.Property;
import io.firedrill.migration.Rehearsal;
import io.firedrill.migration.RehearsalOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.SimpleJobBuilder;

/**
 * Rehearse: restore into a server of our own, prove the copy, then run what is pending on it, take it back, apply it again,
 * run it twice; judge what was seen.
 */
public final class RehearsalJobConfig {
    /** What makes no check, and has to be told all the same. */
    private static final Map<Grade, String> UNJUDGED = Map.of(Grade.NOT_TESTED, "", Grade.ACCEPTED, ", which failed");

    /** The first step after the copy is proven. */
    public static final String STAGE = "stage";

    /** The note of how long after a crash another runner was at work. */
    public static final String TAKEOVER = "takeover";

    private final Steps steps;
    private final StepRun run;
    private final RestoreJobConfig restore;
    private final Depth depth;
    private final Lazy<Rehearsal> rehearsal;
    private Optional<OplogRoom> room = Optional.empty();
    private UnaryOperator<RehearsalFacts> estimate = UnaryOperator.identity();

    /** How much is tested. */
    public enum Depth {
        /** No run is disturbed. */
        QUICK,
        FULL,
        /** One cut of one change, and nothing else. */
        CUT;

        public static Depth of(RehearsalOptions options) {
            return options.only().isPresent() ? CUT : options.full() ? FULL : QUICK;
        }
    }

    /**
     * @param restore into the copy
     * @param depth how much is tested
     * @param rehearsal on the copy, made when it is there
     */
    public RehearsalJobConfig(
            Steps steps, StepRun run, RestoreJobConfig restore, Depth depth, Supplier<Rehearsal> rehearsal) {
        this.steps = steps;
        this.run = run;
        this.restore = restore;
        this.depth = depth;
        this.rehearsal = new Lazy<>(rehearsal);
    }

    /** Tells what changes would take up of the source's oplog. */
    public RehearsalJobConfig besideOplog(Optional<OplogRoom> known) {
        room = known;
        return this;
    }

    /** Tells how long changes will take where they are meant to run. */
    public RehearsalJobConfig estimated(UnaryOperator<RehearsalFacts> reckoning) {
        estimate = reckoning;
        return this;
    }

    /** The copy is never called ready: what has expired since must not go from it while digests are compared. */
    public Job job() {
        SimpleJobBuilder applied = restore.toProven("rehearse", () -> {})
                .next(steps.after(STAGE, () -> noted(_ -> {})))
                .next(steps.after("apply", () -> noted(Rehearsal::apply)));
        return (depth == Depth.CUT ? applied.next(steps.after("cut", () -> noted(Rehearsal::cut))) : whole(applied))
                .next(steps.after("verdict", this::judge))
                .build();
    }

    private SimpleJobBuilder whole(SimpleJobBuilder applied) {
        SimpleJobBuilder told = applied.next(steps.after("roll back", () -> noted(Rehearsal::rollBack)))
                .next(steps.after("rerun", () -> noted(Rehearsal::rerun)));
        return depth == Depth.FULL ? told.next(steps.after("disturb", () -> noted(Rehearsal::disturb))) : told;
    }

    private void noted(Consumer<Rehearsal> step) {
        step.accept(rehearsal.get());
        run.log().rehearsal(facts());
    }

    private RehearsalFacts facts() {
        return estimate.apply(rehearsal.get().facts().with(room));
    }

    private void judge() {
        noted(Rehearsal::close);
        RehearsalFacts facts = facts();
        rehearsal
                .get()
                .takeover()
                .ifPresent(seen -> run.log()
                        .note(
                                TAKEOVER,
                                "%.1f s after a crash another runner was at work"
                                        .formatted(seen.toMillis() / 1_000.0)));
        if (room.isEmpty()) {
            run.log().notTested("how much of the source's oplog a change takes up: no oplog archive tells its size");
        }
        run.log().notTested("that documents expire: the copy's TTL monitor is off");
        if (facts.changes().isEmpty()) {
            run.log().notTested("any migration: none is pending");
        }
        for (Property property : Property.values()) {
            List<OfChange> tested = facts.changes().stream()
                    .filter(change -> !UNJUDGED.containsKey(change.grade(property.name())))
                    .toList();
            if (!tested.isEmpty()) {
                run.log().check(check(property, tested));
            }
            UNJUDGED.forEach((grade, words) -> unjudged(property, grade, words, facts));
        }
    }

    private static Check check(Property property, List<OfChange> tested) {
        List<OfChange> failed = tested.stream()
                .filter(change -> change.grade(property.name()) == Grade.FAILED)
                .toList();
        String expected = "%d of %d changes".formatted(tested.size(), tested.size());
        long proven = (long) tested.size() - failed.size();
        if (failed.isEmpty()) {
            return Check.passed(property.name(), property.promise(), expected, expected, tested.size(), tested.size());
        }
        return Check.failed(
                property.name(),
                property.promise(),
                expected,
                "%d of %d changes".formatted(proven, tested.size()),
                proven,
                tested.size(),
                failed.stream().map(OfChange::name).collect(Collectors.joining(", ")));
    }

    /** One line for each reason: fifteen changes have few. */
    private void unjudged(Property property, Grade unjudged, String words, RehearsalFacts facts) {
        facts.changes().stream()
                .flatMap(change -> change.properties().stream()
                        .filter(each -> each.property().equals(property.name()) && each.grade() == unjudged))
                .collect(Collectors.groupingBy(OfProperty::detail, Collectors.counting()))
                .forEach((why, count) ->
                        run.log().notTested("%s of %d changes%s: %s".formatted(property, count, words, why)));
    }
}
