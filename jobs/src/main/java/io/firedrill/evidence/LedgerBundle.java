package io.firedrill.evidence;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A part of a ledger as one zip file that can be verified without Firedrill. Its records are those from the first of the
 * period to the last, and so are without a gap; what came before them is in the checkpoint that they follow on.
 */
public final class LedgerBundle {
    /** The same bytes of the same records, whenever it is made. */
    private static final LocalDateTime EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final Ledger ledger;
    private final LedgerFiles files;
    private final Period period;
    private final Optional<PrintedReport> printed;
    private final TreeMap<String, String> sums = new TreeMap<>();

    public LedgerBundle(Ledger ledger, Period period) {
        this(ledger, period, Optional.empty());
    }

    /** The same, with each report as a PDF beside its page. */
    public LedgerBundle(Ledger ledger, Period period, PrintedReport printed) {
        this(ledger, period, Optional.of(printed));
    }

    private LedgerBundle(Ledger ledger, Period period, Optional<PrintedReport> printed) {
        this.ledger = ledger;
        this.files = ledger.files();
        this.period = period;
        this.printed = printed;
    }

    /** Makes a PDF of the report of a run, the same bytes whenever it is made. */
    @FunctionalInterface
    public interface PrintedReport {
        byte[] of(RunRecord run, Optional<Checkpoint> checkpoint);
    }

    /** What went into a bundle: the numbers of its first and last record, and the newest checkpoint, as it is kept. */
    public record Content(String ledger, String period, long first, long last, int reports, String checkpoint) {}

    /** The numbers of the first and last record of the period. */
    private record Span(long first, long last) {}

    /** Writes the zip file, and closes nothing. */
    public Content write(OutputStream out) throws IOException {
        Span span = span();
        var zip = new ZipOutputStream(out);
        var keyIds = new TreeSet<String>();
        Optional<Checkpoint> newest = Optional.empty();
        if (span.first() > 1) {
            sealed(zip, span.first() - 1, keyIds);
        }
        int reports = 0;
        for (long seq = span.first(); seq <= span.last(); seq++) {
            LedgerEntry entry = ledger.entry(seq);
            put(zip, entry.key(), entry.bytes());
            keyIds.add(entry.keyId());
            if (entry.kind() == EntryKind.KEY_CHANGE) {
                keyIds.add(entry.text("/to"));
            }
            Optional<Checkpoint> checkpoint = sealed(zip, seq, keyIds);
            newest = checkpoint;
            reports += report(zip, entry, checkpoint);
        }
        for (String id : keyIds) {
            put(zip, files.publicKey(id).value(), key(id).pem());
        }
        var content = new Content(
                ledger.id(),
                period.name(),
                span.first(),
                span.last(),
                reports,
                newest.map(Checkpoint::copy).orElse(""));
        var table = new StringBuilder();
        new LedgerExport(ledger, period).csv(table);
        put(zip, "ledger.csv", table.toString());
        put(zip, "VERIFY.md", guide(content, keyIds));
        put(zip, "verify.sh", resource("verify.sh"));
        var lines = new StringBuilder();
        sums.forEach((name, sum) -> lines.append(sum).append("  ").append(name).append('\n'));
        put(zip, "SHA256SUMS", lines.toString());
        zip.finish();
        return content;
    }

    private Span span() {
        long[] span = {0, 0};
        try (var entries = ledger.entries()) {
            entries.filter(entry -> period.has(entry.at())).forEach(entry -> {
                span[0] = span[0] == 0 ? entry.seq() : span[0];
                span[1] = entry.seq();
            });
        }
        if (span[0] == 0) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "ledger %s holds no record of the period %s".formatted(ledger.id(), period.name()),
                    "Choose a period in which 'firedrill evidence list' shows one.");
        }
        return new Span(span[0], span[1]);
    }

    private Optional<Checkpoint> sealed(ZipOutputStream zip, long size, Set<String> keyIds) throws IOException {
        Optional<Checkpoint> checkpoint = ledger.checkpoint(size);
        if (checkpoint.isPresent()) {
            put(zip, files.checkpoint(size).value(), checkpoint.get().bytes());
            keyIds.add(checkpoint.get().envelope().keyId());
        }
        return checkpoint;
    }

    /** Made anew: whatever lies in the store as a report, only the record is evidence. */
    private int report(ZipOutputStream zip, LedgerEntry entry, Optional<Checkpoint> checkpoint) throws IOException {
        Optional<RunRecord> run = entry.run();
        if (run.isEmpty()) {
            return 0;
        }
        String page = checkpoint
                .map(over -> HtmlReport.render(run.get(), over))
                .orElseGet(() -> HtmlReport.render(run.get()));
        String name = "reports/%s/%012d".formatted(ledger.id(), entry.seq());
        put(zip, name + ".html", page);
        if (printed.isPresent()) {
            put(zip, name + ".pdf", printed.get().of(run.get(), checkpoint));
        }
        return 1;
    }

    private VerifyingKey key(String id) {
        return files.key(id)
                .orElseThrow(() -> Envelope.damaged(
                        files.publicKey(id).value(), "is missing, or is not the public key it is named after"));
    }

    private static String guide(Content content, Set<String> keyIds) throws IOException {
        return resource("VERIFY.md")
                .replace("@LEDGER@", content.ledger())
                .replace("@FIRST@", Long.toString(content.first()))
                .replace("@LAST@", Long.toString(content.last()))
                .replace("@NUMBER@", "%012d".formatted(content.first()))
                .replace("@PERIOD@", content.period())
                .replace("@COPY@", content.checkpoint())
                .replace("@KEYS@", String.join(" ", keyIds));
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = LedgerBundle.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void put(ZipOutputStream zip, String name, String text) throws IOException {
        put(zip, name, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Every name is made here of numbers, ids that were checked and hashes, so none leads out of where it is unpacked. */
    private void put(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        var entry = new ZipEntry(name);
        entry.setTimeLocal(EPOCH);
        zip.putNextEntry(entry);
        zip.write(bytes);
        zip.closeEntry();
        sums.put(name, Hashes.sha256Hex(bytes));
    }
}
