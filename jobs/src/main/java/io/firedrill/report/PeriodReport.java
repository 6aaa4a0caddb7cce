package io.firedrill.report;

import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.LedgerExport;
import io.firedrill.evidence.LedgerVerdict;
import io.firedrill.evidence.Period;
import io.firedrill.evidence.Slot;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the records of a ledger say of a period: as a page for people, in HTML and PDF, and as CSV and JSON for programs. All
 * of them are made of the same facts, and the same ledger gives the same bytes once the period is over.
 */
public final class PeriodReport {
    private static final int SCHEMA_VERSION = 1;

    private final LedgerExport export;
    private final PeriodFacts facts;
    private final Page page;

    private PeriodReport(LedgerExport export, PeriodFacts facts, Page page) {
        this.export = export;
        this.facts = facts;
        this.page = page;
    }

    /**
     * What was verified.
     *
     * @param root over the records, in hex
     * @param trust in which key, and why
     * @param unrecorded what was missed by the schedules that records hold, and has no record; of this period at least
     */
    public record Verified(long size, String root, String trust, List<Slot.Name> unrecorded) {
        public Verified {
            unrecorded = List.copyOf(unrecorded);
        }

        public static Verified of(LedgerVerdict verdict) {
            return new Verified(
                    verdict.size(),
                    verdict.root(),
                    verdict.trust(),
                    verdict.population().unrecorded().stream()
                            .map(judged -> judged.slot().name())
                            .toList());
        }
    }

    /**
     * Reads a ledger that was found sound; records that came after are left out.
     *
     * @param signOffDays a run that nobody has signed off for longer is overdue
     */
    public static PeriodReport of(Ledger ledger, Period period, Verified verified, Instant now, int signOffDays) {
        Gathered gathered = Gathered.of(ledger, period, verified.size(), verified.unrecorded());
        var source = new PeriodFacts.Source(
                ledger.id(),
                verified.size(),
                verified.root(),
                verified.trust(),
                List.copyOf(gathered.keyIds),
                "recordedAt, or dueAt of a missed run, from %s until before %s"
                        .formatted(period.from(), period.until()),
                gathered.runs.size() + gathered.unrecorded.size());
        PeriodFacts facts = new PeriodReader(gathered, PeriodFacts.Span.of(period, now), signOffDays).read(source);
        return new PeriodReport(
                new LedgerExport(ledger, period, verified.size(), gathered.unrecorded),
                facts,
                PeriodPage.of(facts, gathered.shares()));
    }

    /** How many runs the period has, those that were due and never began among them. */
    public int runs() {
        return facts.ledger().rows();
    }

    public String verdict() {
        return facts.verdict();
    }

    public String lead() {
        return facts.lead();
    }

    /** In seconds; empty if no backup ever came back. */
    public Optional<Double> lastProvenAge() {
        @Nullable Double age = facts.headline().lastProvenAgeSeconds();
        return Optional.ofNullable(age);
    }

    public String html() {
        return HtmlPage.render(page);
    }

    public byte[] pdf() {
        return PdfPage.render(page);
    }

    /** One row for each run, of whatever kind. */
    public String csv() {
        var text = new StringBuilder();
        export.csv(text);
        return text.toString();
    }

    /** The facts, and the rows of the table under {@code runs}. */
    public ObjectNode json() {
        ObjectNode document = JsonMapper.shared().createObjectNode().put("schemaVersion", SCHEMA_VERSION);
        document.setAll((ObjectNode) JsonMapper.shared().valueToTree(facts));
        document.set("runs", export.json().path("runs"));
        return document;
    }
}
