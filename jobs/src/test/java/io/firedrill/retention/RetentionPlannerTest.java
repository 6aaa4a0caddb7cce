package io.firedrill.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.BackupId;
import io.firedrill.archive.Notice;
import io.firedrill.failure.FailureKind;
import io.firedrill.retention.Decision.Fate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionPlannerTest {
    /** A Wednesday. */
    private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");

    /** Policies are written as words; backups as times, with what is said about them in letters behind a slash. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // By number, whenever they were made.
                "last=2                | 11-22T00:00, 11-23T00:00, 11-24T00:00 | 11-22T00:00",
                "last=9                | 11-22T00:00, 11-23T00:00              | -",
                // Of an hour, a day, a week, a month the last one stays.
                "hourly=2              | 11-25T09:00, 11-25T10:00, 11-25T10:59, 11-25T11:00 | 11-25T09:00, 11-25T10:00",
                "hourly=2              | 11-25T09:59, 11-25T10:00, 11-25T11:00 | 11-25T09:59",
                "daily=2               | 11-23T23:59, 11-24T00:00, 11-24T23:59, 11-25T00:00 | 11-23T23:59, 11-24T00:00",
                "weekly=2              | 11-15T23:59, 11-16T00:00, 11-22T23:59, 11-23T00:00 | 11-15T23:59, 11-16T00:00",
                "monthly=2             | 09-30T23:59, 10-01T00:00, 10-31T23:59, 11-01T00:00 | 09-30T23:59, 10-01T00:00",
                // A period without a backup takes none of the count.
                "daily=2               | 11-01T00:00, 11-10T00:00, 11-20T00:00 | 11-01T00:00",
                // By age: exactly as old is still young enough.
                "daily=2d              | 11-23T11:59, 11-23T12:00, 11-24T12:00 | 11-23T11:59",
                "hourly=2h             | 11-25T09:00, 11-25T10:00, 11-25T11:00 | 11-25T09:00",
                // Tiers together: what one keeps, stays.
                "hourly=1 monthly=2    | 10-01T00:00, 10-31T00:00, 11-24T00:00, 11-25T11:00 | 10-01T00:00, 11-24T00:00",
                "last=1 weekly=1       | 11-23T00:00, 11-24T00:00, 11-25T00:00 | 11-23T00:00, 11-24T00:00",
                // Nothing younger than the minimum age goes; at that age it may.
                "last=1 age=1d         | 11-24T11:59, 11-24T12:00, 11-24T12:01, 11-25T11:00 | 11-24T11:59, 11-24T12:00",
                // Ties within one second are broken by the id, in the order in which backups are found.
                "daily=1               | 11-24T10:00, 11-24T10:00, 11-24T10:00 | 11-24T10:00, 11-24T10:00",
                // The newest sealed backup stays whatever else; unsealed ones count for nothing.
                "daily=1h              | 11-23T00:00, 11-24T00:00 | 11-23T00:00",
                "last=1                | 11-23T00:00, 11-24T00:00, 11-25T11:00/u | 11-23T00:00",
                // Held ones stay.
                "last=1                | 11-22T00:00/h, 11-23T00:00, 11-24T00:00 | 11-23T00:00",
                // Leftovers go when they are older than the bound; what was half deleted goes on to go.
                "last=9                | 11-23T11:59/u, 11-23T12:00/u, 11-25T00:00 | 11-23T11:59",
                "last=9                | 11-25T10:00/um, 11-25T11:00 | 11-25T10:00",
                "last=9                | 11-20T10:00/uh, 11-25T11:00 | -",
                // Asked for by name before: goes even if the policy would keep it; a hold is stronger.
                "last=9                | 11-24T10:00/a, 11-25T11:00 | 11-24T10:00",
                "last=9                | 11-24T10:00/ah, 11-25T11:00 | -",
                // Marked by the policy before: the policy decides anew.
                "last=9                | 11-24T10:00/m, 11-25T11:00 | -",
                // An older proven backup may go as long as a newer proven one stays.
                "last=2                | 11-22T00:00/p, 11-23T00:00/p, 11-24T00:00 | 11-22T00:00",
                // What may be proven, for all anybody can read, stays.
                "last=1                | 11-21T00:00, 11-22T00:00/?, 11-23T00:00, 11-24T00:00/p | 11-21T00:00, 11-23T00:00",
                // A clock that was ahead.
                "last=1                | 11-24T00:00, 12-24T00:00 | 11-24T00:00"
            })
    void thePolicyDecides(String policy, String backups, String deleted) {
        RetentionPlan plan = new RetentionPlanner(backups(backups), policy(policy), NOW).byPolicy();
        assertThat(plan.refusal()).isEmpty();
        assertThat(plan.with(Fate.DELETE).stream().map(RetentionPlannerTest::time))
                .containsExactlyElementsOf(deleted.equals("-") ? List.of() : List.of(deleted.split(", ", -1)));
        assertThat(plan.decisions())
                .allSatisfy(decision -> assertThat(decision.why()).isNotEmpty());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "11-22T00:00/p, 11-23T00:00, 11-24T00:00 | the last proven backup",
                "11-21T00:00/p, 11-22T00:00/p, 11-23T00:00, 11-24T00:00 | the last proven backup"
            })
    void aPolicyThatWouldDeleteTheLastProvenBackupIsRefused(String backups, String reason) {
        RetentionPlan plan = new RetentionPlanner(backups(backups), policy("last=1"), NOW).byPolicy();
        assertThat(plan.refusal()).hasValueSatisfying(failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.TARGET_REFUSED);
            assertThat(failure.text()).contains(reason, "20261122T000000Z").doesNotContain("20261121");
            assertThat(failure.hint()).contains("firedrill drill");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "11-22T00:00/p, 11-24T00:00   | REFUSE",
                "11-22T00:00/h, 11-24T00:00   | REFUSE",
                "11-22T00:00                  | REFUSE",
                "11-22T00:00/?, 11-24T00:00/p | REFUSE",
                "11-22T00:00, 11-24T00:00     | DELETE",
                "11-22T00:00/p, 11-24T00:00/p | DELETE",
                "11-22T00:00/u, 11-24T00:00   | DELETE"
            })
    void whatIsAskedForGoesUnlessItMustStay(String backups, Fate fate) {
        List<KnownBackup> known = backups(backups);
        RetentionPlan plan = new RetentionPlanner(known, policy("last=9"), NOW)
                .asked(Set.of(known.getFirst().id()));
        assertThat(plan.decisions().getFirst().fate()).isEqualTo(fate);
        assertThat(plan.refusal().isPresent()).isEqualTo(fate == Fate.REFUSE);
        assertThat(plan.decisions().stream().skip(1)).allMatch(decision -> decision.fate() == Fate.KEEP);
    }

    @Test
    void theGracePeriodIsOverToTheSecond() {
        List<KnownBackup> backups = new ArrayList<>();
        for (long seconds : List.of(86_399, 86_400, 86_401)) {
            var mark = new Notice(true, NOW.minusSeconds(seconds), "jane", "no rule keeps it");
            backups.add(new KnownBackup(
                    BackupId.of(NOW.minus(Duration.ofDays(9)), (int) seconds),
                    true,
                    false,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(mark)));
        }
        backups.addAll(backups("11-25T00:00"));
        var policy = new RetentionPolicy(1, Map.of(), Duration.ZERO, Duration.ofDays(2), Duration.ofDays(1));
        RetentionPlan plan = new RetentionPlanner(backups, policy, NOW).byPolicy();
        assertThat(plan.due())
                .containsExactly(backups.get(1).id(), backups.get(2).id());
    }

    /** Whatever the policy: the newest and the held stay, nothing young goes, and what one period keeps a longer count keeps too. */
    @RepeatedTest(50)
    void noPolicyBreaksTheRules(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        var random = new Random(seed);
        List<KnownBackup> backups = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            Optional<Notice> hold =
                    random.nextInt(8) == 0 ? Optional.of(new Notice(true, NOW, "jane", "case 7")) : Optional.empty();
            backups.add(new KnownBackup(
                    BackupId.of(NOW.minusSeconds(random.nextInt(90 * 86_400)), i),
                    true,
                    false,
                    Optional.empty(),
                    hold,
                    Optional.empty()));
        }
        int count = 1 + random.nextInt(5);
        Tier tier = List.of(Tier.values()).get(random.nextInt(4));
        Set<BackupId> few = deleted(backups, tier, count);
        Set<BackupId> more = deleted(backups, tier, count + 1);
        var newest = new TreeSet<>(backups.stream().map(KnownBackup::id).toList()).last();
        assertThat(few).as("seed %d", seed).containsAll(more).doesNotContain(newest);
        assertThat(backups.stream().filter(backup -> backup.hold().isPresent()).map(KnownBackup::id))
                .as("seed %d", seed)
                .doesNotContainAnyElementsOf(few);
        assertThat(few).as("seed %d", seed).allMatch(id -> id.moment().isBefore(NOW.minus(Duration.ofDays(1))));
    }

    private static Set<BackupId> deleted(List<KnownBackup> backups, Tier tier, int count) {
        var policy = new RetentionPolicy(
                0, Map.of(tier, Keep.newest(count)), Duration.ofDays(1), Duration.ofDays(2), Duration.ofDays(1));
        RetentionPlan plan = new RetentionPlanner(backups, policy, NOW).byPolicy();
        return new TreeSet<>(plan.with(Fate.DELETE).stream().map(Decision::id).toList());
    }

    private static String time(Decision decision) {
        return decision.backup().moment().toString().substring(5, 16);
    }

    /** Letters: u unsealed, p proven, ? perhaps proven, h held, m marked by the policy, a marked because somebody asked. */
    private static List<KnownBackup> backups(String text) {
        List<KnownBackup> backups = new ArrayList<>();
        for (String word : text.strip().split(", ", -1)) {
            String[] parts = (word.strip() + "/").split("/", -1);
            String letters = parts[1];
            var id = BackupId.of(Instant.parse("2026-" + parts[0] + ":00Z"), backups.size());
            Optional<String> mark = letters.contains("a")
                    ? Optional.of(RetentionPlanner.ASKED)
                    : letters.contains("m") ? Optional.of("no rule keeps it") : Optional.empty();
            backups.add(new KnownBackup(
                    id,
                    !letters.contains("u"),
                    letters.contains("p"),
                    letters.contains("?") ? Optional.of("may be the last proven backup") : Optional.empty(),
                    letters.contains("h") ? Optional.of(new Notice(true, NOW, "jane", "case 7")) : Optional.empty(),
                    mark.map(reason -> new Notice(true, NOW, "jane", reason))));
        }
        return backups;
    }

    private static RetentionPolicy policy(String text) {
        int last = 0;
        Duration age = Duration.ZERO;
        var tiers = new java.util.EnumMap<Tier, Keep>(Tier.class);
        for (String word : text.strip().split(" ", -1)) {
            String[] parts = word.split("=", -1);
            boolean count = parts[1].matches("\\d+");
            switch (parts[0]) {
                case "last" -> last = Integer.parseInt(parts[1]);
                case "age" -> age = duration(parts[1]);
                default ->
                    tiers.put(
                            Arrays.stream(Tier.values())
                                    .filter(tier -> tier.word().equals(parts[0]))
                                    .findFirst()
                                    .orElseThrow(),
                            count ? Keep.newest(Integer.parseInt(parts[1])) : Keep.within(duration(parts[1])));
            }
        }
        return new RetentionPolicy(last, tiers, age, Duration.ofDays(2), Duration.ofDays(1));
    }

    private static Duration duration(String text) {
        return Duration.parse(text.endsWith("d") ? "P" + text : "PT" + text);
    }
}
