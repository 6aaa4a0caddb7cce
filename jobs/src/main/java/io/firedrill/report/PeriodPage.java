package io.firedrill.report;

import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.Units;
import io.firedrill.report.Block.Figure;
import io.firedrill.report.Block.Heading;
import io.firedrill.report.Block.Words;
import io.firedrill.report.PeriodFacts.SignOff;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lays the facts of a period out for people: the verdict and its numbers first, then pictures, then tables. */
final class PeriodPage {
    static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final PeriodFacts facts;
    private final List<Block> blocks = new ArrayList<>();

    private PeriodPage(PeriodFacts facts) {
        this.facts = facts;
    }

    /**
     * @param shares whose drills charts are drawn of
     */
    static Page of(PeriodFacts facts, List<Share> shares) {
        var page = new PeriodPage(facts);
        var tables = new PeriodTables(facts);
        page.figures();
        page.blocks.addAll(tables.sources());
        page.blocks.addAll(tables.unrecorded());
        page.blocks.addAll(new PeriodCharts(facts, shares).blocks());
        page.blocks.addAll(tables.recoveries());
        page.blocks.addAll(tables.backups());
        page.blocks.addAll(tables.migrations());
        page.blocks.addAll(tables.exceptions());
        page.blocks.addAll(tables.signOffs());
        page.blocks.addAll(page.source());
        return new Page(
                "Report of a period",
                page.when(),
                PeriodVerdict.tone(facts.verdict()),
                facts.verdict(),
                facts.lead(),
                "",
                page.blocks,
                page.foot());
    }

    private String when() {
        String name = Shown.text(facts.period().name());
        boolean over = facts.period().asOf().equals(facts.period().until());
        return over
                ? name
                : "%s, as of %s UTC".formatted(name, TIME.format(facts.period().asOf()));
    }

    private void figures() {
        PeriodFacts.Headline headline = facts.headline();
        int good = in(Outcome.PASSED) + in(Outcome.WARNED);
        var figures = new ArrayList<Figure>();
        @Nullable Double age = headline.lastProvenAgeSeconds();
        figures.add(new Figure(
                "Age of the last verified recovery point",
                age == null ? "none" : Units.duration(age),
                age == null
                        ? (facts.hasSeveralSources() ? "of one source at least, " : "")
                                + "no backup has passed a restore drill"
                        : "of backup %s, by run %d"
                                .formatted(Shown.text(headline.lastProvenBackup()), headline.lastProvenBy()),
                age == null ? Ink.BAD : Ink.TEXT));
        figures.add(new Figure(
                "Drills passed",
                "%d of %d".formatted(good, headline.drills()),
                outcomes(),
                good < headline.drills()
                        ? Ink.BAD
                        : headline.drills() == 0 ? Ink.CALM : parts() > 0 ? Ink.WARN : Ink.GOOD));
        figures.add(spread("Recovery time, worst", headline.rto()));
        figures.add(spread("Age of recovery point, worst", headline.rpo()));
        Map<SignOff.State, Integer> signed = headline.signOffsByState();
        figures.add(new Figure(
                "Backups made",
                Integer.toString(facts.backups().size()),
                "%d proven by a recovery"
                        .formatted(facts.backups().stream()
                                .filter(backup -> backup.state().equals("PROVEN"))
                                .count()),
                Ink.TEXT));
        figures.add(new Figure(
                "Migration runs",
                Integer.toString(facts.migrations().size()),
                "rehearsals, applies, rollbacks",
                Ink.TEXT));
        figures.add(new Figure(
                "Open risks",
                Integer.toString(headline.openRisks()),
                "accepted, with a reason",
                headline.openRisks() > 0 ? Ink.WARN : Ink.TEXT));
        int overdue = signed.getOrDefault(SignOff.State.OVERDUE, 0);
        int rejected = signed.getOrDefault(SignOff.State.REJECTED, 0);
        figures.add(new Figure(
                "Signed off",
                "%d of %d"
                        .formatted(
                                signed.getOrDefault(SignOff.State.APPROVED, 0),
                                facts.signOffs().size()),
                "%d rejected, %d waiting, %d overdue"
                        .formatted(rejected, signed.getOrDefault(SignOff.State.WAITING, 0), overdue),
                overdue + rejected > 0 ? Ink.WARN : Ink.TEXT));
        blocks.add(new Block.Figures(figures));
    }

    private int in(Outcome outcome) {
        return facts.headline().drillsByOutcome().getOrDefault(outcome, 0);
    }

    /** How many drills passed of a part only. */
    private long parts() {
        return facts.drills().stream()
                .filter(drill -> PeriodTables.sign(drill) == Sign.PART)
                .count();
    }

    /** The others, by name. */
    private String outcomes() {
        String others = facts.headline().drillsByOutcome().entrySet().stream()
                .filter(each -> each.getValue() > 0 && each.getKey() != Outcome.PASSED)
                .map(each -> each.getValue() + " " + Sign.of(each.getKey()).words())
                .collect(Collectors.joining(", "));
        if (facts.headline().drills() == 0) {
            return "no drill was recorded";
        }
        String parts = parts() == 0 ? "" : "%d of a part only".formatted(parts());
        if (!others.isEmpty() || !parts.isEmpty()) {
            return others.isEmpty() || parts.isEmpty() ? others + parts : others + ", " + parts;
        }
        return "what came back equalled what was there";
    }

    private static Figure spread(String name, Spread spread) {
        @Nullable Double worst = spread.worstSeconds();
        @Nullable Double p50 = spread.p50Seconds();
        @Nullable Double target = spread.targetSeconds();
        if (worst == null) {
            return new Figure(name, "none", "no drill was measured", Ink.CALM);
        }
        String against = spread.judged() == 0
                ? "no target was set"
                : "target %smet in %d of %d"
                        .formatted(target == null ? "" : Units.brief(target) + " ", spread.met(), spread.judged());
        return new Figure(
                name,
                Units.duration(worst),
                p50 == null ? against : "p50 %s, %s".formatted(Units.duration(p50), against),
                spread.met() < spread.judged() ? Ink.WARN : spread.judged() > 0 ? Ink.GOOD : Ink.TEXT);
    }

    private List<Block> source() {
        PeriodFacts.Source source = facts.ledger();
        var pairs = new ArrayList<Block.Pair>();
        pairs.add(new Block.Pair("Ledger", Shown.text(source.id())));
        pairs.add(new Block.Pair("Records verified", Units.count(source.size())));
        pairs.add(new Block.Pair("Root over all of them", source.root()));
        pairs.add(new Block.Pair("Trust", Shown.text(source.trust())));
        pairs.add(new Block.Pair(
                "Keys that signed in the period",
                source.keyIds().isEmpty() ? "none" : String.join(", ", source.keyIds())));
        pairs.add(new Block.Pair("Runs of the period", source.query()));
        pairs.add(new Block.Pair("Rows", Units.count(source.rows())));
        return List.of(
                new Heading("h-source", "What this report is made of"),
                new Words(
                        "Of nothing but signed records of the ledger, which was verified as a whole before the first of them was read. "
                                + "A run belongs to the period in which its record was written, and one that was missed to that in which it was due."),
                new Block.Pairs(pairs));
    }

    private String foot() {
        PeriodFacts.Source source = facts.ledger();
        return "Ledger %s, %s records, root %s. Signed with %s. %s: %s rows."
                .formatted(
                        Shown.text(source.id()),
                        Units.count(source.size()),
                        source.root(),
                        source.keyIds().isEmpty() ? "no key in this period" : String.join(", ", source.keyIds()),
                        source.query(),
                        Units.count(source.rows()));
    }

    static String time(Instant moment) {
        return TIME.format(moment);
    }
}
