package io.firedrill.runner;

import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes results for a person: the verdict first, then the figures, then where to read more. */
final class TextPrinter implements Printer {
    private static final int BAR_COLUMNS = 20;
    private static final int LABEL_COLUMNS = 12;
    private static final int NAMES_MAX = 10;

    private final PrintStream out;
    private final Paint paint;
    private final ObjectiveLines objectives;

    TextPrinter(PrintStream out, Paint paint) {
        this.out = out;
        this.paint = paint;
        this.objectives = new ObjectiveLines(paint);
    }

    @Override
    public void backup(BackupRequest request, BackupResult result) {
        String note = request.dryRun() ? " would be made; nothing was written" : "";
        verdict(result.state(), "backup " + result.backupId() + note);
        blank();
        String collections = Figures.count(result.collections(), "collection");
        if (request.dryRun()) {
            // A plan has bounds; how many documents lie between them is known when they have been read.
            line("Data", collections + ", " + Figures.count(result.segments(), "segment"));
        } else {
            line(
                    "Data",
                    Figures.count(result.documents(), "document") + " in " + collections + ", "
                            + Figures.bytes(result.bytesRaw()));
            line("Shows", point(result.consistencyPoint()));
            line(
                    "Stored",
                    Figures.bytes(result.bytesStored()) + ", " + Figures.bytes(result.bytesUploaded()) + " of it new; "
                            + Figures.count(result.segmentsReused()) + " of "
                            + Figures.count(result.segments(), "segment") + " already there");
            String read = result.unread().text(result.bytesRaw(), result.segments());
            line("Read", result.unread().refuted() ? paint.bad(read) : read);
            line(
                    "Took",
                    Figures.seconds(result.seconds()) + ", " + Figures.rate(result.bytesRaw(), result.seconds())
                            + resumed(result.resumed()));
        }
        line("Left out", result.excluded().isEmpty() ? "nothing" : String.join(", ", result.excluded()));
        evidence(result.record(), result.report());
    }

    @Override
    public void seal(SealResult result) {
        String source = "source " + result.source();
        verdict(
                result.dryRun() ? "planned" : "sealed",
                result.dryRun() ? source + " would be sealed; nothing was written" : source);
        blank();
        String data =
                Figures.count(result.collections(), "collection") + " and views, " + Figures.bytes(result.bytesRead());
        if (result.dryRun()) {
            line("Data", data);
        } else {
            line("Shows", point(result.sealedAt()));
            line(
                    "Data",
                    Figures.count(result.documents(), "document") + " in " + data + ", as "
                            + Figures.count(result.digests(), "digest"));
            line(
                    "Cost",
                    Figures.seconds(result.seconds()) + ", " + Figures.rate(result.bytesRead(), result.seconds())
                            + "; meanwhile " + Figures.count(result.cost().writes(), "operation") + " wrote, "
                            + String.format(
                                    Locale.ROOT, "%.1f ms each", result.cost().writeMillis()));
        }
        line("Read from", result.cost().readFrom());
        line(
                "Not sealed",
                result.notSealed().isEmpty()
                        ? "nothing"
                        : some(result.notSealed().stream()
                                .map(each -> each.namespace() + " (" + each.reason() + ")")
                                .toList()));
        line("Seal", result.object());
        evidence(result.record(), result.report());
    }

    static String point(ConsistencyPoint point) {
        return Figures.time(Instant.ofEpochSecond(point.t())) + " (cluster time " + point.t() + "," + point.i() + ")";
    }

    @Override
    public void restore(RestoreRequest request, RestoreResult result) {
        String data = Figures.count(result.documents(), "document") + " in "
                + Figures.count(result.collections(), "collection");
        if (request.dryRun()) {
            verdict(result.outcome(), "backup " + result.backupId() + " would be restored; nothing was written");
            blank();
            line("Data", data);
            scope(result.scope());
            moment(result.point());
            return;
        }
        verdict(word(result), "backup " + result.backupId());
        line("RTO", objectives.rto(result.rto()) + resumed(result.resumed()));
        line("RPO", objectives.rpo(result.rpo()));
        blank();
        phases(result.phases());
        line("Data", data);
        scope(result.scope());
        moment(result.point());
        String digests = Figures.count(result.digestsEqual()) + " of "
                + Figures.count(result.digestsCompared(), "digest") + " equal";
        line("Proof", result.refuted() ? paint.bad(digests) : digests);
        line("Not tested", result.notTested().isEmpty() ? "nothing" : String.join("; ", result.notTested()));
        line("Run", result.runId());
        evidence(result.record(), result.report());
    }

    private void moment(RestoreResult.@Nullable Point point) {
        if (point == null) {
            return;
        }
        String chosen = point.chosen().isEmpty() ? "" : ", " + point.chosen();
        line("Asked for", point.asked() + chosen);
        String entries =
                point.entries() == 0 ? "" : "; " + Figures.count(point.entries()) + " entries after the backup";
        line("Moment", Figures.time(point.reachedAt()) + " (cluster time " + point.reached() + ")" + entries);
        line("Proven by", point.proof());
    }

    /** Proven is said only of data of which every digest was compared and equal, however long it took. */
    private static String word(RestoreResult result) {
        if (result.refuted()) {
            return "REFUTED";
        }
        boolean good = result.outcome().equals("PASSED") || result.outcome().equals("WARNED");
        String proven = result.scope().partial() ? "PROVEN IN PART" : "PROVEN";
        return good && result.digestsCompared() > 0 ? proven : result.outcome();
    }

    /** What a person left out or renamed; all of it stands in the record. */
    private void scope(RestoreScope scope) {
        if (scope.partial()) {
            line("Left out", some(scope.leftOut()));
        }
        line(
                "Renamed",
                some(scope.renamed().entrySet().stream()
                        .map(each -> each.getKey() + " to " + each.getValue())
                        .toList()));
    }

    private static String some(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(NAMES_MAX, names.size())));
        return names.size() > NAMES_MAX
                ? first + " and " + Figures.count(names.size() - NAMES_MAX) + " more, see the record"
                : first;
    }

    @Override
    public void verify(VerifyResult result) {
        boolean sound = result.outcome().equals("PASSED") && result.damaged().isEmpty();
        verdict(sound ? "SOUND" : result.outcome(), "backup " + result.backupId());
        blank();
        line(
                "Objects",
                Figures.count(result.objectsSound()) + " of " + Figures.count(result.objectsChecked()) + " sound");
        line(
                "Read",
                Figures.bytes(result.bytesRead()) + " in " + Figures.seconds(result.seconds()) + ", "
                        + Figures.rate(result.bytesRead(), result.seconds()));
        result.damaged().forEach(object -> line("Damaged", paint.bad(object)));
        line("Run", result.runId());
        evidence(result.record(), result.report());
    }

    @Override
    public void prune(PruneResult result) {
        String would = result.dryRun() ? " would be" : "";
        verdict(
                result.dryRun() ? "dry run" : "pruned",
                Figures.count(result.deleted().size(), "backup") + would + " deleted, "
                        + Figures.count(result.marked().size()) + would + " marked"
                        + (result.dryRun() ? "; nothing was" : ""));
        blank();
        for (PruneResult.Line each : result.backups()) {
            Instant after = each.deletedAfter();
            String when = after == null ? "" : "; deleted after " + Figures.time(after);
            out.println("  " + each.backupId() + "  " + fate(each.fate()) + "  " + each.reason() + when);
        }
        blank();
        line("Unmarked", String.join(", ", result.unmarked()));
        result.uncounted().forEach(each -> line("Not proof", each));
        if (!result.dryRun()) {
            line(
                    "Segments",
                    Figures.count(result.segmentsDeleted()) + " deleted, " + Figures.bytes(result.bytesDeleted()));
            line("Orphans", Figures.count(result.orphansNoted()) + " without a backup, deleted later unless taken up");
        }
        line(
                "Oplog",
                Figures.count(result.oplogSlicesDeleted(), "slice") + would + " deleted, "
                        + Figures.bytes(result.oplogBytesDeleted()));
        line("Seals", Figures.count(result.sealsDeleted()) + would + " deleted");
        if (result.slicesUnlinkedDeleted() + result.slicesUnlinkedNoted() > 0) {
            line(
                    "Unlinked",
                    Figures.count(result.slicesUnlinkedDeleted(), "slice") + " without a link deleted, "
                            + Figures.count(result.slicesUnlinkedNoted()) + " seen, deleted later unless linked");
        }
        if (!result.refused().isEmpty()) {
            line(
                    "Refused",
                    paint.doubtful(Figures.count(result.refused().size(), "deletion")
                            + " refused by the store, which is its right under Object Lock; tried again next time"));
            result.refused().forEach(each -> line("", "  " + each.key() + ": " + each.answer()));
        }
        evidence(result.record(), result.report());
    }

    private String fate(String fate) {
        String word = "%-6s".formatted(fate.toUpperCase(Locale.ROOT));
        return fate.equals("refuse") ? paint.bad(word) : word;
    }

    @Override
    public void hold(HoldResult result) {
        verdict(
                result.held() ? "held" : "released",
                "backup " + result.backupId()
                        + (result.held() ? " is kept from every deletion" : " may be deleted again"));
        line("Reason", result.reason());
        line("Record", result.record());
    }

    @Override
    public void keysCreated(KeyFiles.Created created) {
        new KeyLines(out, this::line).print(created);
    }

    @Override
    public void keys(KeysResult result) {
        new KeyLines(out, this::line).print(result);
    }

    @Override
    public void archive(ArchiveResult result) {
        new ArchiveLines(this::line).print(result);
    }

    @Override
    public void worker(WorkerResult result) {
        line("Worker", result.worker());
        line(
                "Units",
                "%s, %s failed; %s in %s"
                        .formatted(
                                Figures.count(result.units()),
                                Figures.count(result.failed()),
                                Figures.bytes(result.bytes()),
                                Figures.seconds(result.seconds())));
    }

    @Override
    public void oplog(OplogShowResult result) {
        new OplogLines(out).print(result);
    }

    @Override
    public void rehearsal(RehearseResult result) {
        verdict(result.outcome(), RehearsalLines.headline(result));
        blank();
        new RehearsalLines(out, paint, this::line).print(result);
    }

    @Override
    public void release(ReleaseResult result) {
        verdict(result.outcome(), ReleaseLines.headline(result));
        blank();
        new ReleaseLines(out, paint, this::line).print(result);
    }

    @Override
    public void compact(CompactResult result) {
        verdict(result.state(), CompactLines.headline(result));
        blank();
        new CompactLines(this::line).print(result);
    }

    @Override
    public void status(StatusResult result) {
        verdict(result.state(), result.verdict());
        blank();
        new StatusLines(this::line, paint, this::state, objectives::rto).print(result);
    }

    /** For programs too: this format is what reads it. */
    @Override
    public void metrics(MetricsResult result) {
        out.print(result.text());
    }

    @Override
    public void backups(List<BackupLine> backups) {
        new BackupTable(out, this::state).print(backups);
    }

    @Override
    public void clean(CleanResult result) {
        String dropped = Figures.count(result.databasesDropped().size(), "database");
        verdict(
                result.dryRun() ? "dry run" : "clean",
                result.dryRun()
                        ? dropped + " would be dropped from " + result.target() + "; nothing was"
                        : dropped + " dropped from " + result.target());
        line("Databases", result.databasesDropped().isEmpty() ? "none" : String.join(", ", result.databasesDropped()));
        line("Record", result.record());
    }

    @Override
    public void evidence(EvidenceResult result) {
        new EvidenceLines(out, this::state, this::line).print(result);
    }

    @Override
    public void settings(Map<Setting, Given> given) {
        given.values().forEach(each -> out.println(each.setting().key() + ": " + each.shown()));
    }

    @Override
    public void settingsWithOrigins(Map<Setting, Given> given) {
        given.values().forEach(each -> {
            String origin = each.text() == null ? "" : "  " + paint.faint("# " + each.origin());
            out.println(each.setting().key() + ": " + each.shown() + origin);
        });
    }

    private void phases(List<PhaseLine> phases) {
        double longest = phases.stream().mapToDouble(PhaseLine::seconds).max().orElse(0);
        for (PhaseLine phase : phases) {
            double share = longest > 0 ? phase.seconds() / longest : 0;
            out.printf(
                    Locale.ROOT,
                    "  %-10s%8s  %s%n",
                    phase.name(),
                    Figures.seconds(phase.seconds()),
                    Figures.bar(share, BAR_COLUMNS, out.charset()));
        }
        blank();
    }

    private void verdict(String word, String rest) {
        out.println(state(word) + "  " + rest);
    }

    /** Green is for what was proven; what was only written is no reason to sleep well. */
    private String state(String word) {
        String upper = word.toUpperCase(Locale.ROOT);
        return switch (upper) {
            case "PROVEN", "PASSED", "SOUND", "CLEAN", "OK" -> paint.good(upper);
            case "REFUTED", "DAMAGED", "FAILED", "FAULTY", "FAILING", "MISSED" -> paint.bad(upper);
            default -> paint.doubtful(upper);
        };
    }

    private static String resumed(boolean resumed) {
        return resumed ? " (went on after an interruption)" : "";
    }

    private void evidence(String record, String report) {
        line("Record", record);
        line("Report", report);
    }

    private void line(String label, String text) {
        if (text.isEmpty()) {
            return;
        }
        out.println(label + " ".repeat(LABEL_COLUMNS - label.length()) + text);
    }

    private void blank() {
        out.println();
    }
}
