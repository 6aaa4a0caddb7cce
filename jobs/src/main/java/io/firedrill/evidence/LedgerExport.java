package io.firedrill.evidence;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes runs as a table, one row each; columns are only ever added, at the end. */
public final class LedgerExport {
    /** A column's name, and where its value lies in what is stated of the run. */
    private record Column(String name, String pointer) {}

    private static final List<Column> STATED = List.of(
            new Column("seq", "/identity/seq"),
            new Column("recordId", "/identity/recordId"),
            new Column("kind", "/run/kind"),
            new Column("mode", "/run/mode"),
            new Column("runId", "/run/runId"),
            new Column("operator", "/who/operator"),
            new Column("version", "/who/executor/version"),
            new Column("startedAt", "/when/startedAt"),
            new Column("finishedAt", "/when/finishedAt"),
            new Column("recordedAt", "/when/recordedAt"),
            new Column("elapsedSeconds", "/when/elapsedSeconds"),
            new Column("outcome", "/result/outcome"),
            new Column("verdict", "/result/verdict"),
            new Column("rtoSeconds", "/measurement/rto/actualSeconds"),
            new Column("rtoTargetSeconds", "/objectives/rtoSeconds"),
            new Column("rtoMet", "/result/rtoMet"),
            new Column("rpoSeconds", "/measurement/rpo/actualSeconds"),
            new Column("rpoTargetSeconds", "/objectives/rpoSeconds"),
            new Column("rpoMet", "/result/rpoMet"),
            new Column("backupId", "/backup/backupId"),
            new Column("manifestSha256", "/backup/manifestSha256"),
            new Column("source", "/environment/source/replicaSet"),
            new Column("target", "/environment/target/replicaSet"),
            new Column("partial", "/scope/partial"),
            new Column("collections", "/scope/collections"),
            new Column("documents", "/scope/documents"),
            new Column("bytesRaw", "/scope/bytesRaw"),
            new Column("checksPassed", "/verification/passed"),
            new Column("checksFailed", "/verification/failed"),
            new Column("checksSkipped", "/verification/skipped"),
            new Column("exitCode", "/result/exitCode"),
            new Column("failureClass", "/result/failureClass"),
            new Column("message", "/result/message"));

    private static final String RATE = "recoveredBytesPerSecond";

    private static final List<String> ADDED =
            List.of("approvals", "keyId", "sha256", "sourceName", "dueAt", "dueKind", RATE);

    private final Ledger ledger;
    private final Period period;
    private final long size;
    private final List<Slot.Name> unrecorded;

    public LedgerExport(Ledger ledger, Period period) {
        this(ledger, period, Long.MAX_VALUE);
    }

    /** Of no more than the first so many records: those that were verified, say. */
    public LedgerExport(Ledger ledger, Period period, long size) {
        this(ledger, period, size, List.of());
    }

    /**
     * The same.
     *
     * @param unrecorded what was missed and has no record: a row for each, after those of the records
     */
    public LedgerExport(Ledger ledger, Period period, long size, List<Slot.Name> unrecorded) {
        this.ledger = ledger;
        this.period = period;
        this.size = size;
        this.unrecorded = List.copyOf(unrecorded);
    }

    /** As RFC 4180 has it. A text that a spreadsheet would take for a formula gets an apostrophe before it. */
    public void csv(Appendable out) {
        Approvals approvals = approvals();
        String[] header =
                Stream.concat(STATED.stream().map(Column::name), ADDED.stream()).toArray(String[]::new);
        var format = CSVFormat.RFC4180.builder().setHeader(header).get();
        try {
            var printer = new CSVPrinter(out, format);
            try (Stream<RunRecord> runs = runs()) {
                for (RunRecord run : (Iterable<RunRecord>) runs::iterator) {
                    printer.printRecord(row(run, approvals).values().stream().map(LedgerExport::cell));
                }
            }
            for (Slot.Name slot : unrecorded) {
                printer.printRecord(row(slot).values().stream().map(LedgerExport::cell));
            }
            printer.flush();
        } catch (IOException thrown) {
            throw new UncheckedIOException(thrown);
        }
    }

    /** As a document with one object a run, whose fields are the columns of the table. */
    public ObjectNode json() {
        Approvals approvals = approvals();
        ObjectNode document =
                Json.object().put("schemaVersion", 1).put("ledger", ledger.id()).put("period", period.name());
        var rows = document.putArray("runs");
        try (Stream<RunRecord> runs = runs()) {
            runs.forEach(run -> rows.add(row(run, approvals)));
        }
        unrecorded.forEach(slot -> rows.add(row(slot)));
        return document;
    }

    private Stream<RunRecord> runs() {
        return ledger.entries(size).flatMap(entry -> entry.run().stream()).filter(run -> period.has(run.dated()));
    }

    private Approvals approvals() {
        var approvals = new Approvals();
        try (Stream<LedgerEntry> entries = ledger.entries(size)) {
            entries.forEach(approvals::add);
        }
        return approvals;
    }

    private static ObjectNode row(RunRecord run, Approvals approvals) {
        JsonNode stated = run.json();
        ObjectNode row = Json.object();
        for (Column column : STATED) {
            JsonNode value = stated.at(column.pointer());
            if (value.isMissingNode()) {
                row.putNull(column.name());
            } else {
                row.set(column.name(), value);
            }
        }
        row.put("approvals", approvals.words(run.seq()))
                .put("keyId", run.entry().keyId())
                .put("sha256", run.sha256())
                .put("sourceName", RunTrace.sourceOf(run));
        JsonNode slot = stated.path("slot");
        row.put("dueAt", slot.path("due").stringValue(null))
                .put("dueKind", slot.path("kind").stringValue(null))
                .putNull(RATE);
        run.bytesPerSecond().ifPresent(rate -> row.put(RATE, rate));
        return row;
    }

    /** Of what no record tells there is nothing to cite. */
    private static ObjectNode row(Slot.Name slot) {
        ObjectNode row = Json.object();
        Stream.concat(STATED.stream().map(Column::name), ADDED.stream()).forEach(row::putNull);
        return row.put("kind", RunKind.MISSED.word())
                .put("outcome", Outcome.MISSED.name())
                .put("verdict", Outcome.MISSED.name())
                .put("message", slot.unrecorded())
                .put("sourceName", slot.source())
                .put("dueAt", slot.due().toString())
                .put("dueKind", slot.kind().word());
    }

    private static String cell(JsonNode value) {
        if (value.isNull()) {
            return "";
        }
        return value.isString() ? CsvCell.of(value.asString()) : value.asString();
    }
}
