package io.firedrill.readiness;

import static io.firedrill.readiness.Room.plan;
import static io.firedrill.readiness.Room.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.SigningKey;
import io.firedrill.evidence.Waiver;
import io.firedrill.readiness.Selector.Demand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A board as a table, as tickets and as a page, with titles that would like to be a formula, a cell or a script. */
class BoardExportsTest {
    private static final String HOSTILE = "=HYPERLINK(\"https://evil\"), <script>alert(1)</script>\n|next|";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private Board board = new Board(plan().digest(), "", Room.START, "", List.of());

    @BeforeEach
    void look() {
        var room = new Room(directory);
        room.write("note.md", "there");
        room.runs.passed(RunKind.SEAL);
        Task waived = task("waived");
        room.runs
                .ledger()
                .writer(SigningKey.make(), Optional.empty())
                .append(new Waiver(
                        plan().digest(),
                        "waived",
                        waived.sha256(),
                        "olga",
                        "bert",
                        "later",
                        Room.LATER,
                        "grace",
                        "",
                        ""));
        Selector drill = new Selector.Run(RunKind.DRILL, Duration.ofDays(30), true, false, false);
        board = room.board(plan(
                task("proven", new Selector.File("note.md", Demand.NOTHING, Optional.empty())),
                waived,
                new Task(
                        "hostile",
                        HOSTILE,
                        "@olga",
                        "",
                        Optional.of(LocalDate.parse("2026-12-24")),
                        "",
                        List.of(HOSTILE),
                        List.of(drill)),
                new Task("ticketed", "T", "olga", "bert", Optional.empty(), "OPS-1", List.of(), List.of(drill))));
    }

    private static List<CSVRecord> rows(String csv) {
        try (CSVParser parser = CSVParser.parse(csv, CSVFormat.RFC4180)) {
            return parser.getRecords();
        } catch (IOException thrown) {
            throw new AssertionError(thrown);
        }
    }

    @Test
    void theTableHasARowATaskAndNoFormula() {
        List<CSVRecord> rows = rows(BoardTable.of(board));
        assertThat(rows).hasSize(5).allMatch(row -> row.size() == 11);
        assertThat(rows.get(1).toList()).startsWith("part", "proven", "Title of proven", "PROVEN", "olga", "bert");
        assertThat(rows.get(1).get(9)).isEqualTo("note.md");
        assertThat(rows.get(1).get(10)).matches("[0-9a-f]{64}");
        assertThat(rows.get(2).get(3)).isEqualTo("WAIVED");
        assertThat(rows.get(3).get(2)).isEqualTo("'" + HOSTILE);
        assertThat(rows.get(3).get(4)).isEqualTo("'@olga");
    }

    @Test
    void ticketsAreOfTasksThatAreOpenAndHaveNone() {
        List<CSVRecord> jira = rows(Tickets.jira(board));
        assertThat(jira).hasSize(2);
        assertThat(jira.getFirst().toList())
                .containsExactly("Summary", "Issue Type", "Description", "Assignee", "Due Date", "Labels", "Labels");
        assertThat(jira.get(1).get(0)).isEqualTo("'" + HOSTILE);
        assertThat(jira.get(1).get(2)).contains("State: UNOWNED", "Accepted when:", "run: restore-drill, within: 30d");
        assertThat(jira.get(1).get(4)).isEqualTo("2026-12-24");
        assertThat(jira.get(1).get(6)).isEqualTo("part");

        List<CSVRecord> linear = rows(Tickets.linear(board));
        assertThat(linear).hasSize(2);
        assertThat(linear.getFirst().toList())
                .startsWith("Title", "Description", "Status", "Priority", "Assignee", "Labels");
        assertThat(linear.get(1).get(5)).isEqualTo("readiness, part");
    }

    @Test
    void thePageEscapesEverythingAndNeedsNothing() {
        String page = BoardPage.of(board);
        assertThat(page)
                .contains("NOT READY", "2 of 4 tasks done", "NO EVIDENCE", "default-src 'none'")
                .contains("=HYPERLINK(&quot;https://evil&quot;), &lt;script&gt;alert(1)&lt;/script&gt;")
                .contains("waived until 2027-06-30 by grace: later")
                .doesNotContain("<script", "http-equiv=\"refresh\"", "src=", " th:");
    }

    @Test
    void agesAreWrittenInTheLargestUnitThatLeavesNothingOver() {
        assertThat(Selector.age(Duration.ofDays(30))).isEqualTo("30d");
        assertThat(Selector.age(Duration.ofHours(36))).isEqualTo("36h");
        assertThat(Selector.age(Duration.ofMinutes(90))).isEqualTo("90m");
        assertThat(Selector.age(Duration.ofSeconds(61))).isEqualTo("61s");
    }
}
