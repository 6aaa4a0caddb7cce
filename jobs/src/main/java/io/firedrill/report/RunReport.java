package io.firedrill.report;

import io.firedrill.evidence.Checkpoint;
import io.firedrill.evidence.HtmlReport;
import io.firedrill.evidence.RunRecord;
import java.util.Map;
import java.util.Optional;

/** What one record says of its run, as the page that is stored beside it, and the same as PDF. */
public final class RunReport {
    private final RunRecord record;
    private final Optional<Checkpoint> checkpoint;
    private final Map<String, Object> values;

    /**
     * @param checkpoint the one over the record, if it was written
     */
    public RunReport(RunRecord record, Optional<Checkpoint> checkpoint) {
        this.record = record;
        this.checkpoint = checkpoint;
        this.values = HtmlReport.values(record);
    }

    /** The verdict in a sentence. */
    public String lead() {
        return String.valueOf(values.get("lead"));
    }

    public String html() {
        return checkpoint.map(over -> HtmlReport.render(record, over)).orElseGet(() -> HtmlReport.render(record));
    }

    public byte[] pdf() {
        return PdfPage.render(new RunPage(values, Sign.of(record.outcome()), checkpoint.map(Checkpoint::copy)).page());
    }
}
