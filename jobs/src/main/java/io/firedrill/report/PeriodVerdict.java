package io.firedrill.report;

import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.RunKind;
import io.firedrill.report.PeriodFacts.Backup;
import io.firedrill.report.PeriodFacts.Headline;
import io.firedrill.report.PeriodFacts.SignOff;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a period comes to for one source: computed from its runs, never typed.
 *
 * @param lead what the word means here, and the exceptions by name
 * @param exceptions what is to be looked at, counted, the gravest first
 */
record PeriodVerdict(String word, String lead, List<String> exceptions) {
    static final String PROVEN = "PROVEN";
    static final String EXCEPTIONS = "PROVEN, WITH EXCEPTIONS";
    static final String PART = "PROVEN IN PART";
    static final String NOTHING = "NOTHING DRILLED";
    static final String REFUTED = "NOT PROVEN";

    private static final List<String> WORST = List.of(REFUTED, NOTHING, PART, EXCEPTIONS, PROVEN);

    /** What failed of these is told as well, by these names; a failed drill or backup is told by its own rules. */
    private static final Map<RunKind, String> OTHERS = new EnumMap<>(Map.of(
            RunKind.RESTORE, "failed restore",
            RunKind.VERIFY, "failed verification",
            RunKind.SEAL, "failed seal",
            RunKind.ARCHIVE, "failed archiver run"));

    PeriodVerdict {
        exceptions = List.copyOf(exceptions);
    }

    static PeriodVerdict of(Share share, Headline headline, List<Backup> backups) {
        List<String> exceptions = exceptions(share, headline, backups);
        List<Run> drills = share.drills();
        List<Run> judged = judged(drills);
        String newest = newestBackup(share, backups);
        if (drills.stream().allMatch(Run::isMissed)) {
            return told(NOTHING, nothing(headline.drills()) + newest, exceptions);
        }
        if (drills.stream().noneMatch(Run::isGood)) {
            return told(REFUTED, "No drill of this period showed that a backup comes back." + newest, exceptions);
        }
        if (!judged.isEmpty() && judged.getLast().outcome() == Outcome.FAILED) {
            return told(
                    REFUTED,
                    "The newest drill of this period failed. " + counted(headline, drills) + newest,
                    exceptions);
        }
        if (judged.isEmpty()) {
            return told(
                    PART,
                    "Only a part of a backup was drilled: nothing shows that the whole of one comes back. "
                            + counted(headline, drills)
                            + newest,
                    exceptions);
        }
        return told(exceptions.isEmpty() ? PROVEN : EXCEPTIONS, counted(headline, drills) + newest, exceptions);
    }

    private static PeriodVerdict told(String word, String lead, List<String> exceptions) {
        String also = exceptions.isEmpty() ? "" : " To be looked at: %s.".formatted(String.join(", ", exceptions));
        return new PeriodVerdict(word, lead + also, exceptions);
    }

    /** The worst is the smallest. */
    static int rank(String word) {
        return WORST.indexOf(word);
    }

    static Sign tone(String word) {
        return switch (word) {
            case PROVEN -> Sign.PASSED;
            case EXCEPTIONS, PART -> Sign.WARNED;
            case REFUTED -> Sign.FAILED;
            default -> Sign.INCONCLUSIVE;
        };
    }

    /** Those that said something about the data, in the order of their records: that a part came back says nothing of the rest. */
    private static List<Run> judged(List<Run> drills) {
        return drills.stream()
                .filter(run -> run.isProof() || run.outcome() == Outcome.FAILED)
                .sorted(Comparator.comparingLong(run -> run.record().seq()))
                .toList();
    }

    private static String nothing(int due) {
        String none = "and none ran: nothing shows that a backup comes back.";
        return switch (due) {
            case 0 -> "No drill was recorded in this period: nothing shows that a backup comes back.";
            case 1 -> "1 drill was due in this period, " + none;
            default -> "%d drills were due in this period, %s".formatted(due, none);
        };
    }

    private static String counted(Headline headline, List<Run> drills) {
        long good = drills.stream().filter(Run::isGood).count();
        long parts =
                drills.stream().filter(run -> run.isGood() && !run.isProof()).count();
        String part = parts == 0 ? "" : ", in %d of them of a part only".formatted(parts);
        return "In %d of %d drills what came back equalled what was there%s.".formatted(good, headline.drills(), part);
    }

    /** What became of the backup that was made, or should have been, last; empty if that is sealed and not refuted. */
    private static String newestBackup(Share share, List<Backup> backups) {
        Optional<Run> last = share.runs().stream().filter(Run::backsUp).reduce((_, newer) -> newer);
        boolean silent = share.unrecorded(RunKind.BACKUP).stream()
                .anyMatch(
                        slot -> last.isEmpty() || slot.due().isAfter(last.get().at()));
        if (silent || last.filter(Run::isMissed).isPresent()) {
            return " The backup that was due last never ran.";
        }
        if (last.filter(run -> !run.isGood()).isPresent()) {
            return " The newest backup run did not end well: %s."
                    .formatted(Sign.of(last.get().outcome()).words());
        }
        return backups.stream()
                .filter(backup ->
                        backup.seq() == last.map(run -> run.record().seq()).orElse(0L))
                .filter(backup -> backup.state().equals("REFUTED"))
                .map(backup -> " The newest backup was refuted by run %d.".formatted(backup.judgedBy()))
                .findFirst()
                .orElse("");
    }

    private static List<String> exceptions(Share share, Headline headline, List<Backup> backups) {
        var exceptions = new ArrayList<String>();
        add(exceptions, in(headline, Outcome.FAILED), "failed drill");
        for (String state : List.of("REFUTED", "FAILED", "ABORTED", "INCONCLUSIVE")) {
            long count = backups.stream()
                    .filter(backup -> backup.state().equals(state))
                    .count();
            add(exceptions, count, state.toLowerCase(Locale.ROOT) + " backup");
        }
        OTHERS.forEach((kind, name) -> add(
                exceptions,
                share.of(kind).filter(run -> run.outcome() == Outcome.FAILED).count(),
                name));
        add(exceptions, share.runs().stream().filter(Run::isMissed).count(), "missed slot");
        add(exceptions, share.unrecorded().size(), "missed slot", " without a record");
        add(exceptions, in(headline, Outcome.WARNED), "missed objective");
        add(exceptions, in(headline, Outcome.ABORTED), "aborted drill");
        add(exceptions, in(headline, Outcome.INCONCLUSIVE), "inconclusive drill");
        add(exceptions, headline.openRisks(), "accepted risk");
        add(exceptions, headline.signOffsByState().getOrDefault(SignOff.State.REJECTED, 0), "rejected run");
        add(exceptions, headline.signOffsByState().getOrDefault(SignOff.State.OVERDUE, 0), "overdue sign-off");
        return exceptions;
    }

    private static int in(Headline headline, Outcome outcome) {
        return headline.drillsByOutcome().getOrDefault(outcome, 0);
    }

    private static void add(List<String> to, long count, String what) {
        add(to, count, what, "");
    }

    private static void add(List<String> to, long count, String what, String more) {
        if (count > 0) {
            to.add("%d %s%s%s".formatted(count, what, count == 1 ? "" : "s", more));
        }
    }
}
