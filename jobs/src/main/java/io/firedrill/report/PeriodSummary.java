package io.firedrill.report;

import io.firedrill.report.PeriodFacts.Headline;
import io.firedrill.report.PeriodFacts.OfSource;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Brings what several sources come to into one line each, where the worst decides and nothing is mixed. */
final class PeriodSummary {
    private PeriodSummary() {}

    /** @param worstFirst two at least */
    static String lead(List<OfSource> worstFirst) {
        OfSource worst = worstFirst.getFirst();
        long alike = worstFirst.stream()
                .filter(each -> each.verdict().equals(worst.verdict()))
                .count();
        String first = alike == 1
                ? "The worst of %d sources decides: %s is %s."
                        .formatted(worstFirst.size(), Shown.text(worst.name()), worst.verdict())
                : "%d of %d sources are %s; the first of them is %s."
                        .formatted(alike, worstFirst.size(), worst.verdict(), Shown.text(worst.name()));
        return first + " " + worst.lead();
    }

    static List<String> exceptions(List<OfSource> worstFirst) {
        return worstFirst.stream()
                .flatMap(each -> each.exceptions().stream().map(what -> each.name() + ": " + what))
                .toList();
    }

    /**
     * The source whose last verified recovery point is the oldest, and those that have none before all others.
     *
     * @param counts of all runs together, each once
     */
    static Headline headline(List<OfSource> sources, Headline counts) {
        List<Headline> each = sources.stream().map(OfSource::headline).toList();
        Headline oldest = each.stream()
                .max(Comparator.comparing(
                        Headline::lastProvenAgeSeconds, Comparator.nullsLast(Comparator.naturalOrder())))
                .orElseThrow();
        return new Headline(
                oldest.lastProvenAgeSeconds(),
                oldest.lastProvenBackup(),
                oldest.lastProvenBy(),
                counts.drills(),
                counts.drillsByOutcome(),
                Spread.across(each.stream().map(Headline::rto).toList()),
                Spread.across(each.stream().map(Headline::rpo).toList()),
                counts.openRisks(),
                counts.signOffsByState());
    }

    /** The one that leads to a breach first. */
    static Forecast forecast(List<OfSource> worstFirst) {
        return worstFirst.stream()
                .filter(each -> each.forecast().days() != null)
                .min(Comparator.comparingDouble(each -> days(each.forecast())))
                .map(each -> new Forecast(
                        each.forecast().runs(),
                        each.forecast().days(),
                        "%s: %s".formatted(each.name(), each.forecast().words())))
                .orElseGet(() -> new Forecast(0, null, "no estimate for any of the sources."));
    }

    private static double days(Forecast forecast) {
        @Nullable Double days = forecast.days();
        return days == null ? Double.MAX_VALUE : days;
    }
}
