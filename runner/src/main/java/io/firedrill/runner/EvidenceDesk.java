package io.firedrill.runner;

import io.firedrill.evidence.Approval;
import io.firedrill.evidence.Approvals;
import io.firedrill.evidence.Checkpoint;
import io.firedrill.evidence.EntryKind;
import io.firedrill.evidence.GateResult;
import io.firedrill.evidence.KeptCheckpoint;
import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.LedgerBundle;
import io.firedrill.evidence.LedgerEntry;
import io.firedrill.evidence.LedgerExport;
import io.firedrill.evidence.LedgerVerification;
import io.firedrill.evidence.LedgerWriter;
import io.firedrill.evidence.Period;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.RunRecord;
import io.firedrill.evidence.SigningKey;
import io.firedrill.evidence.VerifyingKey;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.report.RunReport;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What people do with a ledger: look at it, verify it, take it along, approve runs, and change its key. */
final class EvidenceDesk {
    private final Workspace workspace;
    private final Ledger ledger;
    private final Notices notices;

    EvidenceDesk(Workspace workspace, Notices notices) {
        this.workspace = workspace;
        this.ledger = workspace.ledger();
        this.notices = notices;
    }

    /** Which records to list; kind is empty for all of them. */
    record Wanted(Optional<String> kind, Period since, Period until, int limit) {
        private boolean has(LedgerEntry entry) {
            return kind.map(entry.word()::equals).orElse(true)
                    && !entry.at().isBefore(since.from())
                    && entry.at().isBefore(until.until());
        }
    }

    EvidenceResult.Listing list(Wanted wanted) {
        var approvals = new Approvals();
        var lines = new ArrayList<EvidenceResult.Line>();
        // An approval is younger than its run, so it has been seen by the time the run comes.
        try (Stream<LedgerEntry> entries = ledger.newestEntries()) {
            entries.peek(approvals::add)
                    .filter(wanted::has)
                    .limit(wanted.limit() + 1L)
                    .forEach(entry -> lines.add(line(entry, approvals)));
        }
        boolean more = lines.size() > wanted.limit();
        return new EvidenceResult.Listing(ledger.id(), more ? lines.subList(0, wanted.limit()) : lines, more);
    }

    private EvidenceResult.Line line(LedgerEntry entry, Approvals approvals) {
        Optional<RunRecord> run = entry.run();
        JsonNode stated = entry.statement().path("predicate");
        @Nullable
        Double rto = run.filter(record -> record.rtoSeconds().isPresent())
                .map(record -> record.rtoSeconds().getAsDouble())
                .orElse(null);
        return new EvidenceResult.Line(
                entry.seq(),
                entry.at(),
                entry.word(),
                run.map(RunRecord::verdict).orElseGet(() -> said(entry.kind(), stated)),
                rto,
                run.flatMap(RunRecord::backupId).orElse(""),
                entry.operator(),
                ledger.isSigned(entry),
                approvals.words(entry.seq()));
    }

    /** What a record that is no run comes to. */
    private static String said(EntryKind kind, JsonNode stated) {
        return switch (kind) {
            case RUN -> "";
            case KEY_CHANGE -> "to " + stated.path("to").asString("");
            case APPROVAL ->
                "%s run %d"
                        .formatted(
                                stated.path("decision").asString(""),
                                stated.at("/record/seq").asLong(0));
            case SIGN_OFF -> "signed off " + stated.path("section").asString("");
            case WAIVER ->
                "waived %s until %s"
                        .formatted(
                                stated.at("/task/id").asString(""),
                                stated.path("until").asString(""));
            case GATE ->
                "%s %s"
                        .formatted(
                                stated.path("gate").asString(""),
                                stated.path("outcome").asString(""));
            case PUBLICATION -> "%d tasks".formatted(stated.path("tasks").size());
        };
    }

    EvidenceResult.Shown show(LedgerEntry entry) {
        var approvals = new Approvals();
        try (Stream<LedgerEntry> entries = ledger.entries()) {
            entries.forEach(approvals::add);
        }
        EvidenceResult.Line line = line(entry, approvals);
        return new EvidenceResult.Shown(
                entry.key(),
                entry.sha256(),
                entry.keyId(),
                line.signed(),
                ledger.checkpoint(entry.seq()).map(Checkpoint::copy).orElse(""),
                line,
                approvals.of(entry.seq()),
                entry.statement());
    }

    /** The record of this number or id. */
    LedgerEntry find(String which) {
        try (Stream<LedgerEntry> entries = ledger.newestEntries()) {
            return entries.filter(entry -> which.equals(Long.toString(entry.seq())) || which.equals(entry.recordId()))
                    .findFirst()
                    .orElseThrow(() -> new Failure(
                            FailureKind.CONFIGURATION_INVALID,
                            "there is no record '%s' in ledger %s".formatted(which, ledger.id()),
                            "Give a number that 'firedrill evidence list' shows, or a record's id."));
        }
    }

    /**
     * @param kept checkpoints as they were typed, or files that hold some
     * @param copy whether this is a copy of a store's evidence, which has no artefacts and most likely one ledger
     */
    EvidenceResult.Verified verify(Period period, List<Path> roots, List<String> kept, boolean copy) {
        return EvidenceResult.Verified.of(
                verification(period, roots, kept, copy).verify());
    }

    /** What would verify it. */
    LedgerVerification verification(Period period, List<Path> roots, List<String> kept, boolean copy) {
        Ledger verified = copy ? onlyOne() : ledger;
        var verification = new LedgerVerification(verified)
                .in(period)
                .trusting(EvidenceKeys.readPublic(
                        roots.isEmpty() ? workspace.settings().evidence().roots() : roots))
                .against(kept.stream()
                        .flatMap(one -> checkpoints(one, verified.id()))
                        .toList());
        if (copy) {
            verification.withoutArtefacts();
        }
        workspace.witness().ifPresent(verification::witnessedBy);
        return verification.expecting(new UnixCron(), workspace.settings().schedule());
    }

    EvidenceResult.Reconciled reconcile(boolean dryRun) {
        return new Reconciling(workspace, ledger, notices).reconcile(dryRun);
    }

    private Ledger onlyOne() {
        List<Ledger> all = Ledger.all(workspace.store(), workspace.clocks());
        return all.size() == 1 ? all.getFirst() : ledger;
    }

    /** A copy as it was typed, or all that a file holds. */
    private static Stream<KeptCheckpoint> checkpoints(String copy, String ledgerId) {
        if (copy.matches("\\d+:[0-9a-f]{64}")) {
            return KeptCheckpoint.parse(copy, "--checkpoint", ledgerId).stream();
        }
        try {
            return KeptCheckpoint.parse(Files.readString(Path.of(copy)), copy, ledgerId).stream();
        } catch (IOException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the checkpoint %s cannot be read (%s)"
                            .formatted(copy, thrown.getClass().getSimpleName()),
                    "Give SIZE:ROOT as a run printed it, or a file that holds it.");
        }
    }

    LedgerExport export(Period period) {
        return new LedgerExport(ledger, period);
    }

    EvidenceResult.Bundled bundle(Period period, Path file) {
        LedgerBundle.Content content;
        try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)) {
            content = new LedgerBundle(ledger, period, (run, checkpoint) -> new RunReport(run, checkpoint).pdf())
                    .write(out);
        } catch (IOException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the bundle %s cannot be written (%s)"
                            .formatted(file, thrown.getClass().getSimpleName()),
                    "Name a file that is not there yet, in a directory that can be written to.",
                    thrown);
        } catch (RuntimeException thrown) {
            discard(file, thrown);
            throw thrown;
        }
        return new EvidenceResult.Bundled(
                file.toString(),
                content.ledger(),
                content.period(),
                content.first(),
                content.last(),
                content.reports(),
                content.checkpoint());
    }

    /** A bundle that was begun is none. */
    private static void discard(Path file, RuntimeException why) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException kept) {
            why.addSuppressed(kept);
        }
    }

    /** Records what a gate of a build came to; with the ledger's own key, since it is a machine that says it. */
    EvidenceResult.GateImported record(GateImport gate) {
        LedgerWriter writer = workspace.evidence(notices);
        GateResult said =
                gate.result(workspace.settings().operator(), workspace.clocks().now());
        return gate.imported(added(writer.append(said), "gate " + said.gate()));
    }

    EvidenceResult.Added approve(String which, boolean approved, String role, String comment, @Nullable Path keyFile) {
        SigningKey key = personalKey(keyFile);
        String approver = workspace.settings().operator();
        var approval = new Approval(find(which), approved, approver, role, comment);
        approval.requireFourEyes(key);
        return added(
                workspace.writer(ledger, key).append(approval),
                "run %d %s by %s".formatted(approval.record().seq(), approved ? "approved" : "rejected", approver));
    }

    /** The key of whoever says something: the file given, else the one that the settings name. */
    SigningKey personalKey(@Nullable Path keyFile) {
        @Nullable Path file = keyFile == null ? workspace.settings().evidence().key() : keyFile;
        if (file == null) {
            throw new Failure(
                    FailureKind.KEY_MISSING,
                    "no key to sign this with was given",
                    "Give a key of your own with --key; 'firedrill evidence keys create' makes one.");
        }
        return EvidenceKeys.read(file);
    }

    EvidenceResult.Added rotate(Path to) {
        SigningKey next = EvidenceKeys.read(to);
        if (ledger.keyInForce().isEmpty()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "ledger %s is empty, so no key signs it yet".formatted(ledger.id()),
                    "Set " + Setting.EVIDENCE_KEY.waysToGive() + ", and the first run signs with it.");
        }
        LedgerWriter writer = workspace.evidence(notices);
        if (ledger.keyInForce().equals(Optional.of(next.id()))) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "%s is the key that signs the ledger already".formatted(to),
                    "Make another one with 'firedrill evidence keys create'.");
        }
        return added(
                writer.changeKey(next.publicKey(), workspace.settings().operator()),
                "the next record is signed with " + next.id());
    }

    /** Tells what was added, and the checkpoint over it. */
    EvidenceResult.Added added(LedgerWriter.Appended appended, String what) {
        notices.checkpoint(appended.checkpoint());
        LedgerEntry entry = appended.entry();
        int open = RunLog.open(workspace.store(), workspace.clocks()).size();
        return new EvidenceResult.Added(entry.key(), entry.word(), what, entry.keyId(), open);
    }

    EvidenceResult.Keys keys() {
        Map<String, Long> signed = new HashMap<>();
        Set<String> approvers = new HashSet<>();
        try (Stream<LedgerEntry> entries = ledger.entries()) {
            entries.forEach(entry -> {
                signed.merge(entry.keyId(), 1L, Long::sum);
                if (entry.kind().isPersonal()) {
                    approvers.add(entry.keyId());
                }
            });
        }
        String inForce = ledger.keyInForce().orElse("");
        return new EvidenceResult.Keys(
                ledger.id(),
                ledger.keys().stream()
                        .map(VerifyingKey::id)
                        .map(id -> new EvidenceResult.Key(
                                id, use(id, inForce, approvers, signed), signed.getOrDefault(id, 0L)))
                        .toList());
    }

    private static String use(String id, String inForce, Set<String> approvers, Map<String, Long> signed) {
        if (id.equals(inForce)) {
            return "in force";
        }
        if (approvers.contains(id)) {
            return "approver";
        }
        return signed.containsKey(id) ? "before" : "unused";
    }

    /** Writes a public key of the ledger to a file, from where it can be pinned. */
    EvidenceResult.KeyWritten pin(String keyId, Path file) {
        VerifyingKey key = ledger.keys().stream()
                .filter(known -> known.id().equals(keyId))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "there is no key '%s' in ledger %s".formatted(keyId, ledger.id()),
                        "Give an id that 'firedrill evidence keys list' shows and that its holder told you."));
        try {
            KeyFiles.write(file, key.pem(), "rw-r--r--");
        } catch (IOException thrown) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "the key file %s cannot be written (%s)"
                            .formatted(file, thrown.getClass().getSimpleName()),
                    "Name a file that is not there yet.",
                    thrown);
        }
        return new EvidenceResult.KeyWritten(List.of(file.toString()), keyId);
    }
}
