package io.firedrill.readiness;

import static io.firedrill.readiness.Room.plan;
import static io.firedrill.readiness.Room.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.SignOff;
import io.firedrill.evidence.SigningKey;
import io.firedrill.evidence.Waiver;
import io.firedrill.readiness.Selector.Demand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which state a task has, and what makes a sign-off or a waiver count. */
class AssessorTest {
    private static final SigningKey GRACE = SigningKey.make();
    private static final Selector FILE = new Selector.File("note.md", Demand.NOTHING, Optional.empty());
    private static final Selector DRILL = new Selector.Run(RunKind.DRILL, Duration.ofDays(30), false, false, false);
    private static final LocalDate TODAY = LocalDate.parse("2026-11-28");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Room room = new Room(Path.of("."));

    @BeforeEach
    void enter() {
        room = new Room(directory);
        // A ledger begins with a run.
        room.runs.passed(RunKind.SEAL);
    }

    private TaskState state(Task task) {
        return state(plan(task));
    }

    private TaskState state(ReadinessPlan plan) {
        return room.board(plan).tasks().findFirst().orElseThrow().state();
    }

    private static Task due(LocalDate day, Selector... evidence) {
        return new Task("one", "One", "olga", "bert", Optional.of(day), "", List.of(), List.of(evidence));
    }

    private static Task owned(String owner, String backup) {
        return new Task("one", "One", owner, backup, Optional.of(TODAY), "", List.of(), List.of(FILE));
    }

    private void signOff(ReadinessPlan plan) {
        Board.OfSection section = room.board(plan).sections().getFirst();
        room.runs
                .ledger()
                .writer(GRACE, Optional.empty())
                .append(new SignOff(
                        plan.digest(),
                        section.id(),
                        section.tasks().stream()
                                .map(each -> new SignOff.OfTask(
                                        each.task().id(),
                                        each.basis().name(),
                                        each.task().owner(),
                                        each.task().backupOwner(),
                                        each.proofs()))
                                .toList(),
                        "grace",
                        "auditor",
                        "",
                        ""));
    }

    private void waive(Task task, LocalDate until) {
        room.runs
                .ledger()
                .writer(GRACE, Optional.empty())
                .append(new Waiver(
                        plan(task).digest(),
                        task.id(),
                        task.sha256(),
                        task.owner(),
                        task.backupOwner(),
                        "later",
                        until,
                        "grace",
                        "",
                        ""));
    }

    @Test
    void aTaskWithoutTwoDifferentOwnersIsUnownedWhateverWasFound() {
        room.write("note.md", "there");
        assertThat(state(owned("olga", "bert"))).isEqualTo(TaskState.PROVEN);
        assertThat(state(owned("", "bert"))).isEqualTo(TaskState.UNOWNED);
        assertThat(state(owned("olga", ""))).isEqualTo(TaskState.UNOWNED);
        assertThat(state(owned("olga", "Olga"))).isEqualTo(TaskState.UNOWNED);
        waive(owned("olga", ""), TODAY);
        assertThat(state(owned("olga", ""))).isEqualTo(TaskState.UNOWNED);
    }

    @Test
    void aTaskIsProvenByAllItsEvidenceOrNotAtAll() {
        room.write("note.md", "there");
        assertThat(state(task("one", FILE, DRILL))).isEqualTo(TaskState.NO_EVIDENCE);
        room.runs.recovered(RunKind.DRILL, Duration.ofMinutes(1));
        assertThat(state(task("one", FILE, DRILL))).isEqualTo(TaskState.PROVEN);
        assertThat(state(task("one"))).as("asks for nothing").isEqualTo(TaskState.NO_EVIDENCE);
    }

    @Test
    void whatExpiresMakesATaskDueAndAfterItsDayOverdue() {
        room.runs.recovered(RunKind.DRILL, Duration.ofMinutes(1));
        room.runs.pass(Duration.ofDays(31));
        LocalDate today = LocalDate.parse("2026-12-29");
        assertThat(state(due(today, DRILL))).as("to the end of its day").isEqualTo(TaskState.DUE);
        assertThat(state(due(today.minusDays(1), DRILL))).isEqualTo(TaskState.OVERDUE);
        assertThat(state(due(today, DRILL, FILE))).as("one was never there").isEqualTo(TaskState.NO_EVIDENCE);
        assertThat(state(due(today.minusDays(1), FILE))).isEqualTo(TaskState.OVERDUE);
    }

    @Test
    void whatExpiresMakesATaskWithoutADayOverdueAtOnce() {
        Task dayless = new Task("one", "One", "olga", "bert", Optional.empty(), "", List.of(), List.of(DRILL));
        assertThat(state(dayless)).isEqualTo(TaskState.NO_EVIDENCE);
        room.runs.recovered(RunKind.DRILL, Duration.ofMinutes(1));
        room.runs.pass(Duration.ofDays(30).minusSeconds(1));
        assertThat(state(dayless)).isEqualTo(TaskState.PROVEN);
        room.runs.pass(Duration.ofSeconds(2));
        assertThat(state(dayless)).isEqualTo(TaskState.OVERDUE);
        assertThat(room.board(plan(dayless)).isReady()).isFalse();
        waive(dayless, LocalDate.parse("2026-12-29"));
        assertThat(state(dayless)).isEqualTo(TaskState.WAIVED);
    }

    @Test
    void aWaiverCountsThroughItsDayForTheTaskAsItWasWritten() {
        Task task = due(TODAY.minusDays(1), FILE);
        waive(task, TODAY.plusDays(2));
        Board board = room.board(plan(task));
        assertThat(board.isReady()).isTrue();
        Board.OfTask waived = board.tasks().findFirst().orElseThrow();
        assertThat(waived.state()).isEqualTo(TaskState.WAIVED);
        assertThat(waived.reason()).isEqualTo("waived until 2026-11-30 by grace: later");
        assertThat(state(due(TODAY, FILE))).as("another date is another task").isEqualTo(TaskState.NO_EVIDENCE);
        room.runs.pass(Duration.ofDays(2));
        assertThat(state(task)).isEqualTo(TaskState.WAIVED);
        room.runs.pass(Duration.ofDays(1));
        assertThat(state(task)).isEqualTo(TaskState.OVERDUE);
    }

    @Test
    void theNewestWaiverIsTheOneThatCountsAndEvidenceIsBetter() {
        Task task = due(TODAY, FILE);
        waive(task, TODAY.plusDays(20));
        waive(task, TODAY);
        room.runs.pass(Duration.ofDays(1));
        assertThat(state(task)).isEqualTo(TaskState.OVERDUE);
        waive(task, TODAY.plusDays(5));
        room.write("note.md", "there");
        assertThat(state(task)).isEqualTo(TaskState.PROVEN);
    }

    @Test
    void aSignOffCountsUntilTheFileOrItsEvidenceChanges() {
        room.write("note.md", "there");
        ReadinessPlan plan = plan(task("one", FILE), task("two", DRILL));
        room.runs.recovered(RunKind.DRILL, Duration.ofMinutes(1));
        signOff(plan);
        Board board = room.board(plan);
        assertThat(board.in(TaskState.SIGNED_OFF).count()).isEqualTo(2);
        assertThat(board.sections().getFirst().signOff()).startsWith("signed off by grace (auditor) at 2026-11-28T");

        Board edited = room.board(plan("cd".repeat(32), task("one", FILE), task("two", DRILL)));
        assertThat(edited.in(TaskState.PROVEN).count()).isEqualTo(2);
        assertThat(edited.sections().getFirst().signOff()).endsWith("void: the readiness file was changed since");

        room.write("note.md", "there, with one word more");
        assertThat(room.board(plan).sections().getFirst().signOff()).endsWith("void: note.md was changed since");
        room.write("note.md", "there");
        assertThat(room.board(plan).in(TaskState.SIGNED_OFF).count()).isEqualTo(2);
    }

    @Test
    void oldEvidenceVoidsTheSignOffOfItsSectionAndNewEvidenceBringsItBack() {
        room.write("note.md", "there");
        ReadinessPlan plan = plan(task("one", FILE), task("two", DRILL));
        room.runs.recovered(RunKind.DRILL, Duration.ofMinutes(1));
        signOff(plan);
        room.runs.pass(Duration.ofDays(31));
        Board old = room.board(plan);
        assertThat(old.states()).containsEntry("one", "PROVEN").containsEntry("two", "DUE");
        assertThat(old.sections().getFirst().signOff()).endsWith("void: two is DUE");
        assertThat(old.isReady()).as("nothing is overdue").isTrue();
        room.runs.recovered(RunKind.DRILL, Duration.ofMinutes(1));
        assertThat(room.board(plan).in(TaskState.SIGNED_OFF).count()).isEqualTo(2);
    }

    @Test
    void whatWasWaivedCanBeSignedOffUntilTheWaiverEnds() {
        Task task = due(TODAY.plusDays(9), FILE);
        waive(task, TODAY.plusDays(1));
        signOff(plan(task));
        assertThat(state(task)).isEqualTo(TaskState.SIGNED_OFF);
        assertThat(room.board(plan(task)).tasks().findFirst().orElseThrow().reason())
                .startsWith("waived until 2026-11-29");
        room.runs.pass(Duration.ofDays(2));
        assertThat(state(task)).isEqualTo(TaskState.NO_EVIDENCE);
    }

    @Test
    void neitherSignOffNorWaiverCountsInALedgerThatIsNotWhole() throws IOException {
        Task waived = due(TODAY, DRILL);
        waive(waived, TODAY);
        room.write("note.md", "there");
        signOff(plan(task("one", FILE)));
        Files.delete(directory.resolve("store/evidence/default/000000000001.dsse.json"));
        Board board = room.board(plan(task("one", FILE), waived));
        assertThat(board.in(TaskState.PROVEN).count()).isEqualTo(1);
        assertThat(board.in(TaskState.NO_EVIDENCE).count()).isEqualTo(1);
        assertThat(board.ledgerProblem()).contains("is missing");
        assertThat(room.board(plan(task("one", FILE))).isReady()).isFalse();
    }

    @Test
    void theVerdictCountsWhatIsOpen() {
        room.write("note.md", "there");
        Board board = room.board(plan(task("one", FILE), task("two", DRILL), due(TODAY.minusDays(1), DRILL)));
        assertThat(board.verdict()).isEqualTo("NOT READY: 1 of 3 tasks done, 1 overdue, 1 no evidence");
        assertThat(room.board(plan(task("one", FILE))).verdict()).isEqualTo("READY: 1 of 1 tasks done");
        assertThat(board.only("part").sections()).hasSize(1);
        assertThat(board.only("other").sections()).isEmpty();
    }

    @Test
    void aSecretInATaskIsGoneFromTheStart() {
        Task task = new Task(
                "one",
                "password=hunter2x",
                "olga",
                "bert",
                Optional.empty(),
                "https://bot:hunter2x@tracker/1?token=hunter2x",
                List.of("secret: hunter2x"),
                List.of());
        assertThat(task.toString()).doesNotContain("hunter2x");
        assertThat(task.sha256()).matches("[0-9a-f]{64}");
    }
}
