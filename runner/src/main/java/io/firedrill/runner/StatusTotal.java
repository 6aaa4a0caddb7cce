package io.firedrill.runner;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts together what was found of each source, for the whole store.
 *
 * @param sources in any order
 * @param results of the same, the one to look at first in front
 */
record StatusTotal(
        StatusVerdict verdict,
        List<SourceStatus> sources,
        List<StatusResult.OfSource> results,
        StatusSchedule schedule) {
    private static final String DONE = "Nothing to do until the next backup.";

    StatusResult result(int openRuns) {
        StatusResult.OfSource first = results.getFirst();
        return new StatusResult(
                sentence(),
                first.lastBackup(),
                first.lastProven(),
                first.lastDrill(),
                lock(),
                openRuns,
                nextStep(),
                ids(SourceStatus::held),
                ids(SourceStatus::marked),
                first.newestSeal(),
                all(SourceStatus::doubts).toList(),
                all(SourceStatus::archives).toList(),
                verdict.state().name(),
                verdict.reasons(),
                first.recoverable(),
                schedule.due(),
                schedule.missed().stream().map(EvidenceResult.MissedRun::of).toList(),
                results);
    }

    private <T> Stream<T> all(Function<SourceStatus, List<T>> of) {
        return sources.stream().flatMap(source -> of.apply(source).stream());
    }

    private List<String> ids(Function<SourceStatus, List<String>> of) {
        return all(of).sorted(Comparator.reverseOrder()).toList();
    }

    private @Nullable String lock() {
        String held = results.stream()
                .filter(each -> each.lockHolder() != null)
                .map(each ->
                        (results.size() == 1 ? "" : each.source() + ": ") + Objects.requireNonNull(each.lockHolder()))
                .collect(Collectors.joining("; "));
        return held.isEmpty() ? null : held;
    }

    /** The worst of it in a line; where all is well, what that rests on. */
    private String sentence() {
        List<StatusResult.Reason> reasons = verdict.reasons();
        if (!reasons.isEmpty()) {
            String more = reasons.size() == 1 ? "" : " (and %d more, below)".formatted(reasons.size() - 1);
            return reasons.getFirst().why() + more;
        }
        List<String> unproven = unproven();
        if (unproven.isEmpty()) {
            return results.size() == 1
                    ? "the newest backup is proven"
                    : "the newest backup of each of %d sources is proven".formatted(results.size());
        }
        String of = results.size() == 1 ? "" : " of " + String.join(", ", unproven);
        return "the newest backup%s is sealed but not proven; an older one is".formatted(of);
    }

    private String nextStep() {
        return verdict.reasons().stream()
                .findFirst()
                .map(StatusResult.Reason::step)
                .orElse(unproven().isEmpty() ? DONE : StatusWeighing.DRILL);
    }

    private List<String> unproven() {
        return results.stream()
                .filter(each ->
                        each.lastBackup() == null || !each.lastBackup().state().equals(BackupLine.PROVEN))
                .map(StatusResult.OfSource::source)
                .toList();
    }
}
