package io.firedrill.runner;

import io.firedrill.evidence.LedgerVerdict;
import java.io.PrintStream;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/** Writes what the commands about evidence came to, for a person. */
final class EvidenceLines {
    private static final int FAULTS_MAX = 20;

    private final PrintStream out;
    private final UnaryOperator<String> state;
    private final BiConsumer<String, String> line;

    EvidenceLines(PrintStream out, UnaryOperator<String> state, BiConsumer<String, String> line) {
        this.out = out;
        this.state = state;
        this.line = line;
    }

    void print(EvidenceResult result) {
        switch (result) {
            case EvidenceResult.Listing listing -> listing(listing);
            case EvidenceResult.Shown shown -> shown(shown);
            case EvidenceResult.Verified verified -> verified(verified);
            case EvidenceResult.Bundled bundled -> bundled(bundled);
            case EvidenceResult.Reported reported -> reported(reported);
            case EvidenceResult.Added added -> added(added);
            case EvidenceResult.GateImported gate -> gate(gate);
            case EvidenceResult.KeyWritten written -> written(written);
            case EvidenceResult.Keys keys -> keys(keys);
            case EvidenceResult.Reconciled reconciled -> reconciled(reconciled);
        }
    }

    private void listing(EvidenceResult.Listing listing) {
        if (listing.records().isEmpty()) {
            out.println("No such record in ledger " + listing.ledger() + ".");
            return;
        }
        String row = "%8s  %-20s  %-14s  %-20s  %8s  %-26s  %-14s  %-6s  %s";
        out.println(row.formatted("SEQ", "TIME", "KIND", "VERDICT", "RTO", "BACKUP", "OPERATOR", "SIGNED", "APPROVALS")
                .stripTrailing());
        for (EvidenceResult.Line each : listing.records()) {
            String rto = each.rtoSeconds() == null ? "" : Figures.seconds(each.rtoSeconds());
            out.println(row.formatted(
                            each.seq(),
                            Figures.time(each.at()),
                            each.kind(),
                            printable(each.verdict()),
                            rto,
                            printable(each.backupId()),
                            printable(each.operator()),
                            each.signed() ? "yes" : "NO",
                            printable(each.approvals()))
                    .stripTrailing());
        }
        if (listing.more()) {
            out.println("There are more: see --limit.");
        }
    }

    private void shown(EvidenceResult.Shown shown) {
        EvidenceResult.Line record = shown.line();
        JsonNode stated = shown.statement().path("predicate");
        out.println(state.apply(printable(record.verdict())) + "  record " + record.seq() + ", " + record.kind());
        out.println();
        said("When", Figures.time(record.at()));
        said("Operator", record.operator());
        said("RTO", record.rtoSeconds() == null ? "" : Figures.seconds(record.rtoSeconds()));
        said("Backup", record.backupId());
        said(
                "Checks",
                stated.has("verification")
                        ? "%d passed, %d failed, %d skipped"
                                .formatted(
                                        stated.at("/verification/passed").asLong(0),
                                        stated.at("/verification/failed").asLong(0),
                                        stated.at("/verification/skipped").asLong(0))
                        : "");
        said("Message", stated.at("/result/message").asString(""));
        said("Comment", stated.path("comment").asString(""));
        shown.approvals().forEach(word -> said("Approval", word.words() + comment(word.comment())));
        said("Subject", subjects(shown.statement()));
        out.println();
        said("Record", shown.record());
        said("Record id", stated.at("/identity/recordId").asString(""));
        said("SHA-256", shown.sha256());
        said("Before", stated.at("/identity/prev").asString(""));
        said("Signed", (shown.signed() ? "yes, with " : state.apply("FAILED") + ", not with ") + shown.keyId());
        said("Checkpoint", shown.sealed().isEmpty() ? "none yet" : shown.sealed());
    }

    private static String comment(String comment) {
        return comment.isEmpty() ? "" : ": " + comment;
    }

    private static String subjects(JsonNode statement) {
        List<String> names = statement
                .path("subject")
                .valueStream()
                .map(subject -> subject.path("name").asString(""))
                .toList();
        return String.join(", ", names);
    }

    private void verified(EvidenceResult.Verified verified) {
        out.println(state.apply(verified.verdict()) + "  ledger " + verified.ledger() + ", "
                + Figures.count(verified.size(), "record"));
        out.println();
        for (LedgerVerdict.Area area : verified.areas()) {
            out.println("  %-12s %s of %s"
                    .formatted(area.name(), Figures.count(area.sound()), Figures.count(area.population())));
        }
        verified.population()
                .forEach(count -> out.println("  %-12s %s of %s%s"
                        .formatted(
                                count.kind(),
                                Figures.count(count.met() + count.underWay()),
                                Figures.count(count.expected() - count.due(), "scheduled run"),
                                count.source().isEmpty() ? "" : " of " + printable(count.source()))));
        out.println();
        said("Trust", verified.trust());
        said("Period", verified.period().equals("always") ? "" : verified.period() + ", for artefacts and approvals");
        said("Root", verified.root().isEmpty() ? "unknown" : verified.size() + ":" + verified.root());
        verified.notes().forEach(note -> said("Note", note));
        missed(verified.missed());
        List<LedgerVerdict.Fault> faults = verified.faults();
        faults.stream().limit(FAULTS_MAX).forEach(fault -> said("Fault", fault.object() + " " + fault.problem()));
        if (faults.size() > FAULTS_MAX) {
            said("", "and " + Figures.count(faults.size() - FAULTS_MAX) + " more: see --output json");
        }
    }

    private void missed(List<EvidenceResult.MissedRun> missed) {
        missed.stream()
                .limit(FAULTS_MAX)
                .forEach(each -> said(
                        "Missed", each.words() + (each.record().isEmpty() ? ", not recorded" : ": " + each.record())));
        if (missed.size() > FAULTS_MAX) {
            said("", "and " + Figures.count(missed.size() - FAULTS_MAX) + " more: see --output json");
        }
    }

    private void reconciled(EvidenceResult.Reconciled reconciled) {
        String written = reconciled.dryRun() ? "dry run  ledger %s; nothing was written" : "reconciled  ledger %s";
        out.println(written.formatted(reconciled.ledger()));
        out.println();
        reconciled
                .aborted()
                .forEach(run -> said(
                        "Aborted",
                        "%s %s, begun %s%s"
                                .formatted(run.kind(), run.runId(), Figures.time(run.startedAt()), at(run.record()))));
        reconciled.missed().forEach(each -> said("Missed", each.words() + at(each.record())));
        List<String> schedule = reconciled.schedule();
        if (schedule != null) {
            said("Schedule", schedule.isEmpty() ? "nothing is scheduled any more" : String.join("; ", schedule));
        }
        said("Open", reconciled.open().isEmpty() ? "" : String.join(", ", reconciled.open()));
        said("Nothing", reconciled.isNothing() ? "to record: what was due began, and what began has its record" : "");
    }

    private static String at(String record) {
        return record.isEmpty() ? "" : ": " + record;
    }

    private void bundled(EvidenceResult.Bundled bundled) {
        out.println(
                "bundled  records %d to %d of ledger %s".formatted(bundled.first(), bundled.last(), bundled.ledger()));
        out.println();
        said("File", bundled.file());
        said("Reports", Figures.count(bundled.reports()));
        said("Checkpoint", bundled.newestCheckpoint().isEmpty() ? "none yet" : bundled.newestCheckpoint());
        said("Next", "give the auditor the file, and by another way the checkpoint and the key ids");
    }

    private void reported(EvidenceResult.Reported reported) {
        out.println(state.apply(reported.verdict()) + "  " + printable(reported.of()) + ", "
                + Figures.count(reported.runs(), "run") + " of ledger " + reported.ledger());
        out.println();
        said("Means", reported.lead());
        said("Verified", "%d:%s".formatted(reported.size(), reported.root()));
        said(reported.dryRun() ? "Would go to" : "Written to", reported.directory());
        reported.files().forEach(file -> said("", "%-11s  %s".formatted(file.name(), Figures.bytes(file.bytes()))));
    }

    private void added(EvidenceResult.Added added) {
        out.println("recorded  " + printable(added.what()));
        said("Record", added.record());
        said("Signed", "with " + added.keyId());
        if (added.kind().equals("key-change")) {
            said(
                    "Next",
                    "set " + Setting.EVIDENCE_KEY.key()
                            + " to the new file wherever runs start; keep the old public key");
            said(
                    "Open runs",
                    added.openRuns() == 0
                            ? ""
                            : Figures.count(added.openRuns())
                                    + ": what still runs with the old key cannot leave a record and ends with 50");
        }
    }

    private void gate(EvidenceResult.GateImported gate) {
        out.println(state.apply(gate.verdict()) + "  gate " + gate.gate()
                + (gate.dryRun() ? "; dry run, nothing was recorded" : ""));
        gate.reports().forEach(report -> said(report.format(), report.name() + ": " + report.says()));
        gate.demands().forEach(demand -> said("Asked", demand));
        gate.reasons().forEach(reason -> said("Because", reason));
        said("Record", gate.record());
        said("Signed", gate.keyId().isEmpty() ? "" : "with " + gate.keyId());
    }

    private void written(EvidenceResult.KeyWritten written) {
        out.println("written");
        out.println();
        written.files().forEach(file -> out.println("  " + file));
        out.println();
        said("Key id", written.keyId());
        said(
                "Next",
                written.files().size() > 1
                        ? "give the private file to whoever signs as %s, and the public one to whoever verifies"
                                .formatted(Setting.EVIDENCE_KEY.key())
                        : "compare the id with what its holder told you, and set %s to the file"
                                .formatted(Setting.EVIDENCE_ROOTS.key()));
    }

    private void keys(EvidenceResult.Keys keys) {
        out.println(keys.keys().isEmpty() ? "ledger " + keys.ledger() + " has no keys yet" : "ledger " + keys.ledger());
        keys.keys()
                .forEach(key -> out.println("  %s  %-8s  %s signed"
                        .formatted(key.keyId(), key.use(), Figures.count(key.records(), "record"))));
    }

    private void said(String label, String text) {
        line.accept(label, printable(text));
    }

    /** What records hold came from outside: nothing in it may move the cursor of who reads it. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
