package io.firedrill.report;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How a measure lay over those of several runs in which everything came back, in seconds. That a part came back sooner tells nothing.
 *
 * @param count of the runs in which it was measured
 * @param p50Seconds half of the runs took no longer (nearest rank); null for several sources
 * @param targetSeconds of the newest run that had one; for several sources null unless it is the same for all
 * @param met how many of those that had a target met it
 * @param judged how many had a target
 */
record Spread(
        int count,
        @Nullable Double p50Seconds,
        @Nullable Double worstSeconds,
        @Nullable Double targetSeconds,
        int met,
        int judged) {
    /** Of several sources: the worst of all, how many met their target, and nothing that would mix them. */
    static Spread across(List<Spread> each) {
        List<Double> worst = each.stream()
                .flatMap(spread -> Stream.ofNullable(spread.worstSeconds))
                .sorted()
                .toList();
        List<Double> targets = each.stream()
                .flatMap(spread -> Stream.ofNullable(spread.targetSeconds))
                .distinct()
                .toList();
        return new Spread(
                each.stream().mapToInt(Spread::count).sum(),
                null,
                worst.isEmpty() ? null : worst.getLast(),
                targets.size() == 1 ? targets.getFirst() : null,
                each.stream().mapToInt(Spread::met).sum(),
                each.stream().mapToInt(Spread::judged).sum());
    }

    static Spread of(List<Run> runs, Function<Run, Optional<Double>> measure, Function<Run, Optional<Double>> target) {
        List<Run> good = runs.stream().filter(Run::isProof).toList();
        List<Double> sorted = good.stream()
                .flatMap(run -> measure.apply(run).stream())
                .sorted()
                .toList();
        List<Run> judged = good.stream()
                .filter(run ->
                        measure.apply(run).isPresent() && target.apply(run).isPresent())
                .toList();
        long met = judged.stream()
                .filter(run ->
                        measure.apply(run).orElseThrow() <= target.apply(run).orElseThrow())
                .count();
        return new Spread(
                sorted.size(),
                sorted.isEmpty() ? null : sorted.get((sorted.size() - 1) / 2),
                sorted.isEmpty() ? null : sorted.getLast(),
                runs.stream()
                        .flatMap(run -> target.apply(run).stream())
                        .reduce((_, newer) -> newer)
                        .orElse(null),
                Math.toIntExact(met),
                judged.size());
    }
}
