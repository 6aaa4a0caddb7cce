package io.firedrill.report;

import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.Units;
import io.firedrill.report.Block.Cell;
import io.firedrill.report.Block.Column;
import io.firedrill.report.Block.Grid;
import io.firedrill.report.Block.Heading;
import io.firedrill.report.Block.Words;
import io.firedrill.report.PeriodFacts.Backup;
import io.firedrill.report.PeriodFacts.Drill;
import io.firedrill.report.PeriodFacts.Headline;
import io.firedrill.report.PeriodFacts.Migration;
import io.firedrill.report.PeriodFacts.OfSource;
import io.firedrill.report.PeriodFacts.SignOff;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The tables of a period, the newest row first. */
final class PeriodTables {
    /** More of them nobody reads; CSV and JSON have all. */
    static final int ROWS_MAX = 200;

    private final PeriodFacts facts;
    private final Map<Long, SignOff> signOffs;

    PeriodTables(PeriodFacts facts) {
        this.facts = facts;
        this.signOffs = facts.signOffs().stream().collect(Collectors.toMap(SignOff::seq, each -> each));
    }

    /** A line for each, the worst first; none where there is one, whose verdict is the page's. */
    List<Block> sources() {
        if (!facts.hasSeveralSources()) {
            return List.of();
        }
        return List.of(
                new Heading("h-sources", "Each source by itself"),
                new Grid(
                        "",
                        List.of(
                                Column.text("Source", 1.8),
                                Column.text("Verdict", 5.4),
                                Column.number("Last verified point", 1.6),
                                Column.number("Drills passed", 1.2),
                                Column.number("Recovery time, worst", 1.5)),
                        facts.sources().stream().map(PeriodTables::source).toList()));
    }

    private static List<Cell> source(OfSource source) {
        Headline headline = source.headline();
        int good = headline.drillsByOutcome().getOrDefault(Outcome.PASSED, 0)
                + headline.drillsByOutcome().getOrDefault(Outcome.WARNED, 0);
        return List.of(
                Cell.of(Shown.text(source.name())),
                Cell.of(PeriodVerdict.tone(source.verdict()), source.verdict()).with(source.lead()),
                headline.lastProvenAgeSeconds() == null
                        ? Cell.of("none")
                        : Cell.of(Units.duration(headline.lastProvenAgeSeconds()))
                                .with("run " + headline.lastProvenBy()),
                Cell.of("%d of %d".formatted(good, headline.drills())),
                duration(headline.rto().worstSeconds())
                        .with(target(headline.rto().targetSeconds())));
    }

    /** What nobody has put on record is the one exception that only somebody who looks can tell, so it stands on top. */
    List<Block> unrecorded() {
        if (facts.unrecorded().isEmpty()) {
            return List.of();
        }
        var blocks = new ArrayList<Block>();
        blocks.add(new Heading("h-unrecorded", "Open exceptions: runs that were due, never began, and have no record"));
        blocks.addAll(table(
                List.of(Column.text("Due", 2), Column.text("What", 3), Column.text("What to do", 6)),
                facts.unrecorded(),
                each -> List.of(
                        Cell.of(PeriodPage.time(each.due())),
                        Cell.of(Sign.MISSED, Shown.text(each.kind())).with(of(each.source(), "")),
                        Cell.of(each.words()))));
        return blocks;
    }

    /** Small words under what is of a source, before which the source is named where there are several. */
    private String of(String source, String words) {
        String name = facts.hasSeveralSources() ? Shown.text(source.isEmpty() ? "of no source" : source) : "";
        return name.isEmpty() || words.isEmpty() ? name + words : name + ", " + words;
    }

    List<Block> recoveries() {
        var blocks = new ArrayList<Block>();
        if (!facts.drills().isEmpty()) {
            blocks.add(new Heading("h-drills", "Drills"));
            blocks.addAll(table(RECOVERY, facts.drills(), this::recovery));
        }
        if (!facts.restores().isEmpty()) {
            blocks.add(new Heading("h-restores", "Restores that were no drill"));
            blocks.addAll(table(RECOVERY, facts.restores(), this::recovery));
        }
        if (!facts.missed().isEmpty()) {
            blocks.add(new Heading("h-missed", "Runs that were due and never began"));
            blocks.addAll(table(
                    List.of(Column.number("Record", 1), Column.text("Due", 2.4), Column.text("What", 5)),
                    facts.missed(),
                    missed -> List.of(
                            number(missed.seq()),
                            Cell.of(PeriodPage.time(missed.due())),
                            Cell.of(Sign.MISSED, Shown.text(missed.kind())).with(of(missed.source(), "")))));
        }
        return blocks;
    }

    private static final List<Column> RECOVERY = List.of(
            Column.number("Run", 0.7),
            Column.text("Recorded", 2),
            Column.text("Verdict", 2.5),
            Column.text("Backup", 3),
            Column.number("Recovery time", 1.5),
            Column.number("Recovery point", 1.5),
            Column.number("Checks", 0.9),
            Column.text("Sign-off", 1.7));

    private List<Cell> recovery(Drill drill) {
        return List.of(
                number(drill.seq()),
                Cell.of(PeriodPage.time(drill.at())).with(Shown.text(drill.operator())),
                Cell.of(sign(drill), Shown.text(drill.verdict())).with(Shown.text(drill.message())),
                Cell.of(Shown.text(drill.backupId())).with(of(drill.source(), amount(drill))),
                duration(drill.rtoSeconds()).with(target(drill.rtoTargetSeconds())),
                duration(drill.rpoSeconds()).with(target(drill.rpoTargetSeconds())),
                Cell.of("%d / %d".formatted(drill.checksPassed(), drill.checks())),
                signOff(drill.seq()));
    }

    /** "1.2 GiB, 83.2 MB/s". */
    private static String amount(Drill drill) {
        @Nullable Double rate = drill.bytesPerSecond();
        return size(drill.bytes())
                + (rate == null ? "" : ", " + Units.rate(rate))
                + (drill.partial() ? ", in part" : "");
    }

    static Sign sign(Drill drill) {
        boolean good = drill.outcome() == Outcome.PASSED || drill.outcome() == Outcome.WARNED;
        return good && drill.partial() ? Sign.PART : Sign.of(drill.outcome());
    }

    private Cell signOff(long seq) {
        @Nullable SignOff known = signOffs.get(seq);
        return known == null ? Cell.of("") : state(known);
    }

    List<Block> backups() {
        if (facts.backups().isEmpty()) {
            return List.of();
        }
        var blocks = new ArrayList<Block>();
        blocks.add(new Heading("h-backups", "Backups"));
        blocks.addAll(table(
                List.of(
                        Column.number("Run", 0.8),
                        Column.text("Recorded", 2),
                        Column.text("Backup", 3.2),
                        Column.text("State", 3),
                        Column.number("Documents", 1.6),
                        Column.number("Size", 1.3),
                        Column.number("Stored", 1.3)),
                facts.backups(),
                this::backup));
        return blocks;
    }

    private List<Cell> backup(Backup backup) {
        String by = backup.judgedBy() == null ? "" : " by run " + backup.judgedBy();
        Cell state =
                switch (backup.state()) {
                    case "PROVEN" -> Cell.of(Sign.PASSED, "proven" + by);
                    case "REFUTED" -> Cell.of(Sign.FAILED, "refuted" + by);
                    case "PARTLY" -> Cell.of(Sign.PART, "only a part came back" + by);
                    case "NOT_DRILLED" -> Cell.of(Sign.INCONCLUSIVE, "not drilled yet");
                    default -> {
                        Sign sign = Sign.valueOf(backup.state());
                        yield Cell.of(sign, "none was made: " + sign.words());
                    }
                };
        String gone = backup.deletedBy() == null ? "" : "deleted by run " + backup.deletedBy();
        return List.of(
                number(backup.seq()),
                Cell.of(PeriodPage.time(backup.at())),
                Cell.of(Shown.text(backup.backupId())).with(of(backup.source(), "")),
                state.with(gone),
                Cell.of(Units.count(backup.documents())),
                Cell.of(size(backup.bytes())),
                Cell.of(size(backup.bytesStored())));
    }

    List<Block> migrations() {
        if (facts.migrations().isEmpty()) {
            return List.of();
        }
        var blocks = new ArrayList<Block>();
        blocks.add(new Heading("h-migrations", "Migrations"));
        blocks.addAll(table(
                List.of(
                        Column.number("Run", 0.8),
                        Column.text("Recorded", 2),
                        Column.text("What", 2),
                        Column.text("Verdict", 2),
                        Column.text("Artefact", 3.4),
                        Column.number("Changes", 1.4),
                        Column.number("Took", 1.2),
                        Column.text("Sign-off", 1.8)),
                facts.migrations(),
                this::migration));
        return blocks;
    }

    private List<Cell> migration(Migration run) {
        String what = run.kind().replace("migrations-", "");
        String undone = run.notDone() == 0 ? "" : "%d not as wanted".formatted(run.notDone());
        return List.of(
                number(run.seq()),
                Cell.of(PeriodPage.time(run.at())).with(Shown.text(run.operator())),
                Cell.of(Shown.text(what)).with(Shown.text(run.database())),
                Cell.of(Sign.of(run.outcome()), Shown.text(run.verdict())),
                Cell.of(Shown.text(run.artefact())).with(Shown.text(run.tool())),
                Cell.of(Integer.toString(run.changes())).with(undone),
                Cell.of(Units.duration(run.seconds())),
                signOff(run.seq()));
    }

    List<Block> exceptions() {
        var blocks = new ArrayList<Block>();
        blocks.add(new Heading("h-risks", "Accepted risks"));
        if (facts.acceptedRisks().isEmpty()) {
            blocks.add(new Words("No risk of a migration is accepted and open."));
        } else {
            blocks.addAll(table(
                    List.of(
                            Column.number("Run", 0.7),
                            Column.text("Since", 1.8),
                            Column.text("Change", 3),
                            Column.text("What does not hold", 2),
                            Column.text("Reason", 4)),
                    facts.acceptedRisks(),
                    risk -> List.of(
                            number(risk.seq()),
                            Cell.of(PeriodPage.time(risk.since())).with(Shown.text(risk.operator())),
                            Cell.of(Shown.text(risk.change())).with(Shown.text(risk.database())),
                            Cell.of(Shown.text(risk.property().replace('_', ' ').toLowerCase(Locale.ROOT))),
                            Cell.of(Shown.text(risk.reason())))));
        }
        if (!facts.leftOut().isEmpty()) {
            blocks.add(new Words("Left out of drills on purpose:"));
            blocks.addAll(table(
                    List.of(Column.text("Namespace", 3), Column.text("Reason", 6), Column.number("Drills", 1)),
                    facts.leftOut(),
                    each -> Cell.row(
                            Shown.text(each.namespace()), Shown.text(each.reason()), Integer.toString(each.drills()))));
        }
        return blocks;
    }

    List<Block> signOffs() {
        if (facts.signOffs().isEmpty()) {
            return List.of();
        }
        var blocks = new ArrayList<Block>();
        blocks.add(new Heading("h-signed", "Sign-offs"));
        blocks.add(
                new Words(
                        "Drills, restores, and migrations that were applied or taken back are signed off by somebody else than their operator. One rejection outweighs any approval."));
        blocks.addAll(table(
                List.of(
                        Column.number("Run", 0.7),
                        Column.text("Recorded", 2),
                        Column.text("What", 2.2),
                        Column.text("State", 2),
                        Column.text("By", 3),
                        Column.text("Comment", 3.4)),
                facts.signOffs(),
                each -> List.of(
                        number(each.seq()),
                        Cell.of(PeriodPage.time(each.at())),
                        Cell.of(Shown.text(each.kind())),
                        state(each),
                        Cell.of(Shown.text(each.words())),
                        Cell.of(Shown.text(each.comment())))));
        return blocks;
    }

    private static Cell state(SignOff each) {
        String days = each.waitingDays() == 1 ? "1 day" : each.waitingDays() + " days";
        return switch (each.state()) {
            case APPROVED -> Cell.of(Sign.PASSED, "approved");
            case REJECTED -> Cell.of(Sign.FAILED, "rejected");
            case WAITING -> Cell.of(Sign.INCONCLUSIVE, "waiting").with(days);
            case OVERDUE -> Cell.of(Sign.WARNED, "overdue").with(days);
        };
    }

    private static <T> List<Block> table(List<Column> columns, List<T> rows, Function<T, List<Cell>> cells) {
        List<T> newest = rows.reversed().stream().limit(ROWS_MAX).toList();
        var blocks = new ArrayList<Block>();
        blocks.add(new Grid("", columns, newest.stream().map(cells).toList()));
        if (rows.size() > ROWS_MAX) {
            blocks.add(new Words(
                    "The newest %d of %d; runs.csv and report.json have them all.".formatted(ROWS_MAX, rows.size())));
        }
        return blocks;
    }

    private static Cell number(long seq) {
        return Cell.of(Long.toString(seq));
    }

    private static Cell duration(@Nullable Double seconds) {
        return Cell.of(seconds == null ? "\u2013" : Units.duration(seconds));
    }

    private static String target(@Nullable Double seconds) {
        return seconds == null ? "" : "target " + Units.brief(seconds);
    }

    private static String size(long bytes) {
        return bytes == 0 ? "" : Units.bytes(bytes);
    }
}
