package io.firedrill.retention;

import io.firedrill.archive.BackupId;
import io.firedrill.archive.Notice;
import io.firedrill.retention.Decision.Fate;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Decides what stays and what goes: backups, policy and moment in, plan out. Touches nothing. */
public final class RetentionPlanner {
    /** The reason of a mark that somebody asked for by name: a later run of the policy lets it stand. */
    static final String ASKED = "asked for by its id";

    private final List<KnownBackup> backups;
    private final RetentionPolicy policy;
    private final Instant now;
    private final Optional<BackupId> newestSealed;
    private final Optional<BackupId> newestProven;

    public RetentionPlanner(List<KnownBackup> backups, RetentionPolicy policy, Instant now) {
        this.backups =
                backups.stream().sorted(Comparator.comparing(KnownBackup::id)).toList();
        this.policy = policy;
        this.now = now;
        this.newestSealed =
                newest(this.backups.stream().filter(KnownBackup::sealed).toList());
        this.newestProven = newest(this.backups.stream()
                .filter(backup -> backup.sealed() && backup.proven())
                .toList());
    }

    private static Optional<BackupId> newest(List<KnownBackup> backups) {
        return backups.isEmpty()
                ? Optional.empty()
                : Optional.of(backups.getLast().id());
    }

    /** What the policy says of every backup. */
    public RetentionPlan byPolicy() {
        Map<BackupId, List<String>> kept = keptByPolicy();
        return plan(
                false, backups.stream().map(backup -> byPolicy(backup, kept)).toList());
    }

    /** What becomes of single backups, whatever the policy says of them; all others are left alone. */
    public RetentionPlan asked(Set<BackupId> asked) {
        return plan(
                true,
                backups.stream()
                        .map(backup -> asked.contains(backup.id())
                                ? byRequest(backup)
                                : new Decision(backup, Fate.KEEP, List.of("not asked for")))
                        .toList());
    }

    private RetentionPlan plan(boolean asked, List<Decision> decisions) {
        return new RetentionPlan(decisions, asked, policy.grace(), now);
    }

    private Decision byRequest(KnownBackup backup) {
        List<String> mustStay = mustStay(backup);
        if (isNewestProven(backup)) {
            mustStay.add("the last proven backup");
        }
        return mustStay.isEmpty()
                ? new Decision(backup, Fate.DELETE, List.of(ASKED))
                : new Decision(backup, Fate.REFUSE, mustStay);
    }

    private Decision byPolicy(KnownBackup backup, Map<BackupId, List<String>> kept) {
        List<String> stays = mustStay(backup);
        Optional<String> end = backup.sealed() ? endOfSealed(backup) : endOfUnsealed(backup);
        boolean asked = end.filter(ASKED::equals).isPresent();
        if (!asked) {
            stays.addAll(kept.getOrDefault(backup.id(), List.of()));
        }
        if (end.isEmpty()) {
            stays.add("unfinished, and may go on");
        }
        if (!stays.isEmpty()) {
            return new Decision(backup, Fate.KEEP, stays);
        }
        return isNewestProven(backup)
                ? new Decision(backup, Fate.REFUSE, List.of("the last proven backup"))
                : new Decision(backup, Fate.DELETE, List.of(end.orElseThrow()));
    }

    private static Optional<String> endOfSealed(KnownBackup backup) {
        return Optional.of(isAskedFor(backup) ? ASKED : "no rule keeps it");
    }

    /** A mark on what is young and unsealed tells of a deletion that was cut off when the manifest was gone. */
    private Optional<String> endOfUnsealed(KnownBackup backup) {
        if (isAskedFor(backup)) {
            return Optional.of(ASKED);
        }
        boolean old = age(backup).compareTo(policy.leftoverAge()) > 0;
        return old || backup.mark().isPresent() ? Optional.of("never sealed, and cannot go on") : Optional.empty();
    }

    private static boolean isAskedFor(KnownBackup backup) {
        return backup.mark().map(Notice::reason).filter(ASKED::equals).isPresent();
    }

    /** What neither a policy nor a person may delete. */
    private List<String> mustStay(KnownBackup backup) {
        List<String> reasons = new ArrayList<>();
        backup.hold().ifPresent(hold -> reasons.add("held: " + hold.reason()));
        if (newestSealed.filter(backup.id()::equals).isPresent()) {
            reasons.add("the newest sealed backup");
        }
        backup.doubt().ifPresent(reasons::add);
        return reasons;
    }

    private boolean isNewestProven(KnownBackup backup) {
        return newestProven.filter(backup.id()::equals).isPresent();
    }

    private Map<BackupId, List<String>> keptByPolicy() {
        Map<BackupId, List<String>> kept = new TreeMap<>();
        List<KnownBackup> newestFirst =
                backups.stream().filter(KnownBackup::sealed).toList().reversed();
        newestFirst.stream().limit(policy.last()).forEach(backup -> keep(kept, backup, "last"));
        newestFirst.stream()
                .filter(backup -> age(backup).compareTo(policy.minimumAge()) < 0)
                .forEach(backup -> keep(kept, backup, "too young to go"));
        for (Tier tier : Tier.values()) {
            keep(kept, newestFirst, tier);
        }
        return kept;
    }

    /** Of each period the newest backup stands for it. */
    private void keep(Map<BackupId, List<String>> kept, List<KnownBackup> newestFirst, Tier tier) {
        Keep keep = policy.of(tier);
        int index = -1;
        Optional<LocalDateTime> before = Optional.empty();
        for (KnownBackup backup : newestFirst) {
            Optional<LocalDateTime> period = Optional.of(tier.periodOf(backup.moment()));
            if (period.equals(before)) {
                continue;
            }
            before = period;
            index++;
            if (keep.covers(index, age(backup))) {
                keep(kept, backup, tier.word());
            }
        }
    }

    private static void keep(Map<BackupId, List<String>> kept, KnownBackup backup, String reason) {
        kept.computeIfAbsent(backup.id(), none -> new ArrayList<>()).add(reason);
    }

    /** A backup from the future, by a clock that was wrong, counts as new. */
    private Duration age(KnownBackup backup) {
        return Duration.between(backup.moment(), now);
    }
}
