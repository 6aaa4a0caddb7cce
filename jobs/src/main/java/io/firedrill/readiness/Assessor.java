package io.firedrill.readiness;

import io.firedrill.evidence.Proof;
import io.firedrill.evidence.SignOff;
import io.firedrill.storage.ObjectStore;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Judges tasks by what is found for them now, and by what was signed in a ledger that is whole. */
public final class Assessor {
    private final LedgerFacts ledger;
    private final Instant now;
    private final RecordFinder records;
    private final FileFinder files;
    private final UrlFinder pages;
    private final CommandFinder commands;

    /**
     * Of a file in this directory.
     *
     * @param runCommands whether the programs that it names may be run
     */
    public Assessor(LedgerFacts ledger, ObjectStore store, Path directory, boolean runCommands, Instant now) {
        this(ledger, store, directory, runCommands, now, new UrlFinder());
    }

    Assessor(LedgerFacts ledger, ObjectStore store, Path directory, boolean runCommands, Instant now, UrlFinder pages) {
        this.ledger = ledger;
        this.now = now;
        this.records = new RecordFinder(ledger, store, now);
        this.files = new FileFinder(directory, now);
        this.pages = pages;
        this.commands = new CommandFinder(directory, runCommands);
    }

    public Board assess(ReadinessPlan plan) {
        return new Board(
                plan.digest(),
                plan.programme(),
                now,
                ledger.problem(),
                plan.sections().stream().map(section -> section(plan, section)).toList());
    }

    private Board.OfSection section(ReadinessPlan plan, ReadinessPlan.Section section) {
        List<Board.OfTask> tasks = section.tasks().stream().map(this::task).toList();
        Optional<LedgerFacts.Signed> signed = ledger.signOff(section.id());
        if (signed.isEmpty()) {
            return new Board.OfSection(section.id(), section.title(), "", tasks);
        }
        SignOff said = signed.get().said();
        String who = "signed off by %s (%s) at %s"
                .formatted(said.approver(), said.role(), signed.get().at());
        Optional<String> broken = voided(plan, said, tasks);
        return broken.map(why -> new Board.OfSection(section.id(), section.title(), who + ", void: " + why, tasks))
                .orElseGet(() -> new Board.OfSection(
                        section.id(),
                        section.title(),
                        who,
                        tasks.stream().map(Assessor::signedOff).toList()));
    }

    private static Board.OfTask signedOff(Board.OfTask task) {
        return new Board.OfTask(task.task(), TaskState.SIGNED_OFF, task.basis(), task.findings(), task.waiver());
    }

    /** Why a sign-off does not count any more. */
    private static Optional<String> voided(ReadinessPlan plan, SignOff said, List<Board.OfTask> tasks) {
        if (!said.plan().sha256().equals(plan.digest().sha256())) {
            return Optional.of("the readiness file was changed since");
        }
        Optional<String> open = tasks.stream()
                .filter(task -> !task.basis().isDone())
                .map(task -> "%s is %s".formatted(task.task().id(), task.basis()))
                .findFirst();
        return open.or(() -> changed(said, tasks));
    }

    /** A newer record is as good as the one that was signed; a file with other content is another file. */
    private static Optional<String> changed(SignOff said, List<Board.OfTask> tasks) {
        Set<Proof> signed =
                said.tasks().stream().flatMap(task -> task.evidence().stream()).collect(Collectors.toSet());
        return tasks.stream()
                .flatMap(task -> task.proofs().stream())
                .filter(proof -> proof.selector().startsWith("file: ") && !signed.contains(proof))
                .map(proof -> "%s was changed since".formatted(proof.name()))
                .findFirst();
    }

    private Board.OfTask task(Task task) {
        List<Finding> findings = task.evidence().stream().map(this::find).toList();
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        Optional<Board.InForce> waiver = ledger.waiver(task.id())
                .filter(waived -> waived.said().taskSha256().equals(task.sha256())
                        && !waived.said().until().isBefore(today))
                .map(waived -> new Board.InForce(waived.said(), waived.proof()));
        TaskState state = state(task, findings, waiver.isPresent(), today);
        return new Board.OfTask(task, state, state, findings, waiver);
    }

    private static TaskState state(Task task, List<Finding> findings, boolean waived, LocalDate today) {
        if (!task.isOwned()) {
            return TaskState.UNOWNED;
        }
        if (!findings.isEmpty() && findings.stream().allMatch(Finding::holds)) {
            return TaskState.PROVEN;
        }
        if (waived) {
            return TaskState.WAIVED;
        }
        if (task.due().filter(today::isAfter).isPresent()) {
            return TaskState.OVERDUE;
        }
        boolean missing =
                findings.isEmpty() || findings.stream().anyMatch(finding -> finding.result() == Finding.Result.MISSING);
        if (missing) {
            return TaskState.NO_EVIDENCE;
        }
        // Without a day of its own, a task is due on the day on which its evidence is too old.
        return task.due().isPresent() ? TaskState.DUE : TaskState.OVERDUE;
    }

    private Finding find(Selector selector) {
        return switch (selector) {
            case Selector.Run run -> records.find(run);
            case Selector.Backup backup -> records.find(backup);
            case Selector.MigrationReceipt receipt -> records.find(receipt);
            case Selector.Approved approved -> records.find(approved);
            case Selector.Gate gate -> records.find(gate);
            case Selector.File file -> files.find(file);
            case Selector.Url url -> pages.find(url);
            case Selector.Command command -> commands.find(command);
        };
    }
}
