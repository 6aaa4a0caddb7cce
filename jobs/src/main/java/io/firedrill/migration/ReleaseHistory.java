package io.firedrill.migration;

import io.firedrill.evidence.ReleaseFacts;
import io.firedrill.evidence.ReleaseFacts.OfChange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What releases have done by their records, and what the last one of a change has left half done. */
public final class ReleaseHistory {
    private final List<Attempt> attempts;

    /**
     * One release.
     *
     * @param applying or else taking back
     * @param repaired the ids of changes of which its operator said that nothing half done was left
     * @param host where it ran; empty where that is not known
     */
    public record Attempt(String runId, boolean applying, ReleaseFacts facts, Set<String> repaired, String host) {
        public Attempt {
            repaired = Set.copyOf(repaired);
        }

        /** One of which nobody knows where it ran. */
        public Attempt(String runId, boolean applying, ReleaseFacts facts, Set<String> repaired) {
            this(runId, applying, facts, repaired, "");
        }
    }

    /** A change that one release began and did not bring to its end, as far as the tool's rows tell now. */
    public record HalfDone(Attempt by, OfChange change) {
        /** For people: what was being done, and how it stands. */
        public String text() {
            return by.applying()
                    ? "'%s' was begun by run %s and is not applied: what it wrote may be there"
                            .formatted(change.name(), by.runId())
                    : "'%s' was being taken back by run %s, which broke off: part of that may be done, and its row still says that it is applied"
                            .formatted(change.name(), by.runId());
        }

        /**
         * Since when all that its process wrote is there, by the clock of the database. One that ended by itself was over before
         * the note after it. For one that was killed the server may have gone on after that note, and of a run that died nobody
         * knows when its tool did: these may have been at work for as long as a change might take, then or now.
         */
        Instant over(Duration limit) {
            Optional<Instant> noted = Optional.of(by.facts().endPoint())
                    .filter(point -> !point.isEmpty())
                    .map(HalfDone::secondAfter);
            if (noted.isPresent() && hasEndedByItself()) {
                return noted.get();
            }
            Duration longest = by.facts()
                    .limitSeconds()
                    .map(Duration::ofSeconds)
                    .filter(then -> then.compareTo(limit) > 0)
                    .orElse(limit);
            return noted.orElseGet(() -> secondAfter(change.restorePoint())).plus(longest);
        }

        private boolean hasEndedByItself() {
            return change.exitCode()
                    .filter(code -> code < ChildProcess.SIGNAL_BASE)
                    .isPresent();
        }

        /** A backup tells its moment to the second, so one of the same second may have been before. */
        private static Instant secondAfter(String point) {
            return Instant.ofEpochSecond(Long.parseLong(point.substring(0, point.indexOf(','))) + 1);
        }

        /** The command that goes back to the moment before it. */
        public String restore() {
            return "'firedrill restore --at %s'".formatted(change.restorePoint());
        }
    }

    /**
     * @param attempts of one replica set, the newest first
     */
    public ReleaseHistory(List<Attempt> attempts) {
        this.attempts = List.copyOf(attempts);
    }

    /** Those of one database by one tool. */
    public ReleaseHistory of(String tool, String database) {
        return new ReleaseHistory(attempts.stream()
                .filter(each -> each.facts().database().equals(database)
                        && each.facts().tool().equals(tool))
                .toList());
    }

    /** Whose tool was started, and of whose end nothing was heard. */
    public List<HalfDone> unended() {
        return attempts.stream()
                .flatMap(attempt -> attempt.facts().changes().stream()
                        .filter(change ->
                                !change.process().isEmpty() && change.state().isEmpty())
                        .map(change -> new HalfDone(attempt, change)))
                .toList();
    }

    /** What was applied to its end, the newest first. */
    List<OfChange> applied() {
        return attempts.stream()
                .filter(Attempt::applying)
                .flatMap(each -> each.facts().changes().stream())
                .filter(OfChange::done)
                .toList();
    }

    /** Whether an apply by a receipt has begun a change. */
    public boolean isBegun(String receipt) {
        return attempts.stream()
                .anyMatch(each -> each.applying()
                        && each.facts().receipt().equals(receipt)
                        && each.facts().changes().stream().anyMatch(OfChange::begun));
    }

    /** Before a change's last apply; where that went on with attempts that had broken off, before the first of them. */
    public Optional<String> restorePoint(Change change) {
        List<OfChange> begun = attempts.stream()
                .filter(Attempt::applying)
                .flatMap(each -> each.facts().changes().stream())
                .filter(each -> each.begun() && isOf(each, change))
                .toList();
        Optional<String> point = Optional.empty();
        for (OfChange attempt : begun) {
            if (point.isPresent() && attempt.done()) {
                break;
            }
            point = Optional.of(attempt.restorePoint());
        }
        return point;
    }

    /**
     * What is half done, the newest first: of each change only its newest release counts, whichever way that went, and not
     * where a later one was told that it is repaired.
     */
    public List<HalfDone> halfDone(Standing standing) {
        Set<String> seen = new HashSet<>();
        Set<String> repaired = new HashSet<>();
        var found = new ArrayList<HalfDone>();
        for (Attempt attempt : attempts) {
            for (OfChange change : attempt.facts().changes().reversed()) {
                boolean newest = change.begun() && seen.add(change.name());
                if (newest && !change.done() && !repaired.contains(change.id()) && stands(attempt, change, standing)) {
                    found.add(new HalfDone(attempt, change));
                }
            }
            repaired.addAll(attempt.repaired());
        }
        return found;
    }

    /** The same, and each change that is half done says so. */
    public Standing explained(Standing standing, Predicate<Change> allOrNothing) {
        List<HalfDone> half = halfDone(standing);
        return new Standing(
                standing.changes().stream()
                        .map(each -> half.stream()
                                .filter(one -> isOf(one.change(), each.change()))
                                .filter(one -> !one.by().applying() || !allOrNothing.test(each.change()))
                                .findFirst()
                                .map(one -> each.noted(
                                        "%s; %s goes back to the moment before".formatted(one.text(), one.restore())))
                                .orElse(each))
                        .toList(),
                standing.lock());
    }

    /** Whether the rows do not say either that it came to its end: a tool writes its row last. Of what always runs they say nothing. */
    private static boolean stands(Attempt attempt, OfChange change, Standing standing) {
        Stream<JudgedChange> known = standing.changes().stream().filter(each -> isOf(change, each.change()));
        return attempt.applying()
                ? known.noneMatch(each -> each.state().isApplied() && !each.willRun())
                : known.anyMatch(each -> each.state() == ChangeState.FAILED
                        || !each.willRun()
                        || each.state().isApplied());
    }

    private static boolean isOf(OfChange told, Change change) {
        return told.id().equals(change.id()) && told.author().equals(change.author());
    }
}
