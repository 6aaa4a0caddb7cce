package io.firedrill.runner;

import io.firedrill.evidence.Declaration;
import io.firedrill.evidence.Ledger;
import io.firedrill.evidence.LedgerVerification;
import io.firedrill.evidence.LedgerWriter;
import io.firedrill.evidence.Publication;
import io.firedrill.evidence.SignOff;
import io.firedrill.evidence.SigningKey;
import io.firedrill.evidence.Waiver;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureKind;
import io.firedrill.readiness.Assessor;
import io.firedrill.readiness.Board;
import io.firedrill.readiness.LedgerFacts;
import io.firedrill.readiness.ReadinessPlan;
import io.firedrill.readiness.Task;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What people do with a readiness file: look how it stands, sign sections off, waive tasks, and tell others. */
final class ReadinessDesk {
    private static final int WAIVER_DAYS_MAX = 366;

    private final Workspace workspace;
    private final Notices notices;
    private final Ledger ledger;
    private @Nullable LedgerFacts read;

    ReadinessDesk(Workspace workspace, Notices notices) {
        this.workspace = workspace;
        this.notices = notices;
        this.ledger = workspace.ledger();
    }

    /** The file, and whether the programs that it names may be run. */
    record Subject(Path file, boolean runCommands) {}

    /**
     * Who says something.
     *
     * @param ownReason why they may say it of a task of their own; empty where none is
     * @param key of theirs; null for the one that the settings name
     */
    record Sayer(
            String name,
            String role,
            String ownReason,
            @Nullable Path key) {}

    Board board(Subject subject) {
        return assess(subject, ReadinessFile.read(subject.file()));
    }

    private Board assess(Subject subject, ReadinessPlan plan) {
        Path directory = Objects.requireNonNull(subject.file().toAbsolutePath().getParent());
        return new Assessor(
                        facts(),
                        workspace.store(),
                        directory,
                        subject.runCommands(),
                        workspace.clocks().now())
                .assess(plan);
    }

    /** Reads the ledger only if 'evidence verify' would find it whole, by the same keys and the same witness. */
    private LedgerFacts facts() {
        LedgerFacts known = read;
        if (known == null) {
            var verification = new LedgerVerification(ledger)
                    .trusting(EvidenceKeys.readPublic(
                            workspace.settings().evidence().roots()));
            workspace.witness().ifPresent(verification::witnessedBy);
            known = LedgerFacts.read(verification);
            read = known;
        }
        return known;
    }

    /** The board with one section, which has to be there. */
    Board section(Board board, String id) {
        List<String> ids = board.sections().stream().map(Board.OfSection::id).toList();
        if (!ids.contains(id)) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "there is no section '%s' in %s".formatted(id, board.plan().file()),
                    YamlFields.meant(id, ids));
        }
        return board.only(id);
    }

    EvidenceResult.Added signOff(Subject subject, String id, String comment, Sayer sayer) {
        Board board = board(subject);
        Board.OfSection section = section(board, id).sections().getFirst();
        requireWhole();
        requireDone(section);
        var said = new SignOff(
                board.plan(),
                id,
                section.tasks().stream().map(ReadinessDesk::signed).toList(),
                sayer.name(),
                sayer.role(),
                comment,
                sayer.ownReason());
        SigningKey key = desk().personalKey(sayer.key());
        said.requireFourEyes(key, facts().ledgerKeys());
        return append(workspace.writer(ledger, key), said, "section %s signed off by %s".formatted(id, sayer.name()));
    }

    private static SignOff.OfTask signed(Board.OfTask each) {
        return new SignOff.OfTask(
                each.task().id(),
                each.basis().name(),
                each.task().owner(),
                each.task().backupOwner(),
                each.proofs());
    }

    private static void requireDone(Board.OfSection section) {
        String open = section.tasks().stream()
                .filter(task -> !task.state().isDone())
                .map(task -> "%s is %s (%s)".formatted(task.task().id(), task.state(), task.reason()))
                .collect(Collectors.joining("; "));
        if (!open.isEmpty()) {
            throw new Failure(
                    FailureKind.TARGET_REFUSED,
                    "section %s is not done: %s".formatted(section.id(), open),
                    "Bring the evidence, or have the task waived until a day: 'firedrill readiness waive'.");
        }
    }

    /** Nothing is added upon a ledger that was tampered with. */
    private void requireWhole() {
        if (!facts().problem().isEmpty()) {
            throw new Failure(
                    FailureKind.BACKUP_DAMAGED,
                    facts().problem(),
                    "Run 'firedrill evidence verify' to see all of it, and find out what happened.");
        }
    }

    EvidenceResult.Added waive(Subject subject, String id, String reason, LocalDate until, Sayer sayer) {
        ReadinessPlan plan = ReadinessFile.read(subject.file());
        Task task = plan.task(id)
                .orElseThrow(() -> new Failure(
                        FailureKind.CONFIGURATION_INVALID,
                        "there is no task '%s' in %s"
                                .formatted(id, plan.digest().file()),
                        YamlFields.meant(id, plan.tasks().map(Task::id).toList())));
        requireWhole();
        requireOwned(task);
        requireNear(until);
        if (reason.isBlank()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID, "--reason is empty", "Say why the task may be open until then.");
        }
        var said = new Waiver(
                plan.digest(),
                id,
                task.sha256(),
                task.owner(),
                task.backupOwner(),
                reason,
                until,
                sayer.name(),
                sayer.role(),
                sayer.ownReason());
        SigningKey key = desk().personalKey(sayer.key());
        said.requireFourEyes(key, facts().ledgerKeys());
        return append(
                workspace.writer(ledger, key),
                said,
                "task %s waived until %s by %s".formatted(id, until, sayer.name()));
    }

    private static void requireOwned(Task task) {
        if (!task.isOwned()) {
            throw new Failure(
                    FailureKind.TARGET_REFUSED,
                    "task %s has no two different owners".formatted(task.id()),
                    "Write owner and backup-owner into the file first: a waiver has to be somebody's to lift.");
        }
    }

    private void requireNear(LocalDate until) {
        LocalDate today = LocalDate.ofInstant(workspace.clocks().now(), ZoneOffset.UTC);
        if (until.isBefore(today) || until.isAfter(today.plusDays(WAIVER_DAYS_MAX))) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "--until is %s, and today is %s".formatted(until, today),
                    "A waiver ends on a day from today on, within a year.");
        }
    }

    /**
     * A status update that was recorded.
     *
     * @param outlook what it was written from
     * @param record its key in the store
     */
    record Update(String text, ReadinessOutlook outlook, String record) {}

    /** Writes a status update. It is recorded before anybody reads it, so that the next one can say what changed. */
    Update publish(Subject subject) {
        Board board = board(subject);
        requireWhole();
        var last = facts().published();
        String text = ReadinessMarkdown.update(board, last);
        LedgerWriter writer = workspace.evidence(notices);
        EvidenceResult.Added added = append(
                writer,
                Publication.of(
                        board.plan(), board.states(), text, workspace.settings().operator()),
                "status update");
        return new Update(text, ReadinessOutlook.of(board, last), added.record());
    }

    /** The bell by which people are told; fails if nobody is named. */
    Bell bell() {
        var bell = new Bell(
                workspace.settings().notifications(),
                notices,
                workspace.clocks().wall());
        if (!bell.isHung()) {
            throw new Failure(
                    FailureKind.CONFIGURATION_INVALID,
                    "--send is given, and there is nobody to send to",
                    "Set notify-webhook, or notify-smtp with notify-mail-from and notify-mail-to.");
        }
        return bell;
    }

    private EvidenceResult.Added append(LedgerWriter writer, Declaration said, String what) {
        return desk().added(writer.append(said), what);
    }

    private EvidenceDesk desk() {
        return new EvidenceDesk(workspace, notices);
    }
}
