package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.RunKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The shipped template from the first day to all signed off, on real evidence, and what undoes that. */
class ReadinessWalkTest {
    private static final int TASKS = 33;
    private static final List<String> SECTIONS = List.of(
            "tracking-and-ownership",
            "secrets-and-environment",
            "overlays-and-tls",
            "images-and-immutability",
            "database-and-backups",
            "migrations",
            "ci-and-coverage-gates",
            "dashboards",
            "completion");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private ReadinessRoom room;

    @BeforeEach
    void open() {
        room = new ReadinessRoom(directory);
    }

    @AfterEach
    void close() {
        room.close();
    }

    private void signOffAll() {
        room.fillIn();
        room.record();
        room.bring();
        SECTIONS.forEach(room::signOff);
    }

    @Test
    void fromEmptyToAllSignedOff() {
        room.call.succeed("readiness", "init");
        JsonNode first = room.board(72);
        assertThat(room.count(first, "UNOWNED")).isEqualTo(TASKS);
        assertThat(first.path("sections")
                        .valueStream()
                        .map(section -> section.path("id").asString()))
                .containsExactlyElementsOf(SECTIONS);
        assertThat(room.call.fail(2, "readiness", "init").message()).contains("is there already");
        assertThat(room.file().toFile().delete()).isTrue();

        room.fillIn();
        assertThat(room.count(room.board(72, "--run-commands"), "NO_EVIDENCE"))
                .as("but the three pages, which answer")
                .isEqualTo(TASKS - 3);
        room.record();
        room.bring();
        JsonNode unasked = room.board(72);
        assertThat(room.count(unasked, "PROVEN")).isEqualTo(TASKS - 2);
        assertThat(room.task(unasked, "image-signed").path("reason").asString()).contains("--run-commands");
        assertThat(room.board(0, "--run-commands").path("verdict").asString()).isEqualTo("READY: 33 of 33 tasks done");
        SECTIONS.forEach(room::signOff);
        JsonNode done = room.board(0, "--run-commands");
        assertThat(room.count(done, "SIGNED_OFF")).as(done.toPrettyString()).isEqualTo(TASKS);

        room.call.succeed("evidence", "verify");
        assertThat(room.call.out()).contains("SOUND", "sign-offs    9 of 9");
    }

    @Test
    void whatExpiresIsDueAgainAndTakesTheSignOffOfItsSectionAlong() {
        signOffAll();
        room.runs.pass(Duration.ofHours(24));
        JsonNode next = room.board(0, "--run-commands");
        assertThat(room.task(next, "backup-fresh").path("state").asString()).isEqualTo("DUE");
        assertThat(room.task(next, "drill-in-time").path("state").asString()).isEqualTo("PROVEN");
        assertThat(room.task(next, "migrations-rehearsed").path("state").asString())
                .isEqualTo("SIGNED_OFF");
        assertThat(next.at("/sections/4/signOff").asString()).endsWith("void: backup-fresh is DUE");
        RealCall.Told refused = room.call.fail(
                30,
                "readiness",
                "sign-off",
                "database-and-backups",
                "--as",
                "grace",
                "--role",
                "x",
                "--key",
                "grace.pem");
        assertThat(refused.message()).contains("backup-fresh is DUE (record 2 is of");

        room.runs.backedUp();
        assertThat(room.count(room.board(0, "--run-commands"), "SIGNED_OFF")).isEqualTo(TASKS);
        room.runs.pass(Duration.ofDays(220));
        JsonNode later = room.board(72, "--run-commands");
        assertThat(room.task(later, "backup-fresh").path("state").asString()).isEqualTo("OVERDUE");
    }

    @Test
    void aFileThatIsEditedAfterwardsVoidsWhatWasSignedUntilItIsAsItWas() {
        signOffAll();
        String signed = room.text();
        room.write("readiness.yaml", signed.replace("Somebody has decided to go live", "Somebody may go live"));
        JsonNode edited = room.board(0, "--run-commands");
        assertThat(room.count(edited, "SIGNED_OFF")).isZero();
        assertThat(room.count(edited, "PROVEN")).isEqualTo(TASKS);
        assertThat(edited.at("/sections/0/signOff").asString()).endsWith("void: the readiness file was changed since");
        room.write("readiness.yaml", signed);
        assertThat(room.count(room.board(0, "--run-commands"), "SIGNED_OFF")).isEqualTo(TASKS);
    }

    @Test
    void aRecordThatIsRemovedOrEditedBreaksAllOfIt() throws IOException {
        signOffAll();
        Path record = directory.resolve("store/evidence/default/000000000003.dsse.json");
        byte[] honest = Files.readAllBytes(record);
        byte[] edited = honest.clone();
        edited[edited.length / 2] ^= 1;
        Files.write(record, edited);
        broken("is not");
        Files.delete(record);
        broken("is missing");
        assertThat(room.call.run(
                        "readiness",
                        "waive",
                        "backup-fresh",
                        "--reason",
                        "x",
                        "--until",
                        "2026-12-01",
                        "--as",
                        "grace",
                        "--key",
                        "grace.pem"))
                .isEqualTo(12);
        Files.write(record, honest);
        assertThat(room.count(room.board(0, "--run-commands"), "SIGNED_OFF")).isEqualTo(TASKS);
    }

    private void broken(String how) {
        JsonNode board = room.board(72, "--run-commands");
        assertThat(board.path("ledgerProblem").asString()).contains("000000000003.dsse.json", how);
        assertThat(room.count(board, "SIGNED_OFF")).isZero();
        assertThat(room.task(board, "backup-fresh").path("state").asString()).isEqualTo("NO_EVIDENCE");
        assertThat(room.task(board, "owners-named").path("state").asString()).isEqualTo("PROVEN");
        assertThat(room.call.err()).contains("no record counts: the ledger default is not whole");
    }

    @Test
    void aWaiverTakesTheOpenTaskAlongUntilItEnds() {
        room.fillIn();
        room.record();
        room.bring();
        assertThat(directory.resolve("build/sbom.json").toFile().delete()).isTrue();
        room.call.succeed(
                "readiness",
                "waive",
                "bill-of-materials",
                "--reason",
                "the tool comes in January",
                "--until",
                "2026-12-05",
                "--as",
                "grace",
                "--role",
                "security",
                "--key",
                "grace.pem");
        room.signOff("images-and-immutability");
        JsonNode board = room.board(0, "--run-commands", "--section", "images-and-immutability");
        assertThat(room.count(board, "SIGNED_OFF")).isEqualTo(3);
        assertThat(room.task(board, "bill-of-materials").path("reason").asString())
                .isEqualTo("waived until 2026-12-05 by grace: the tool comes in January");
        room.call.succeed("evidence", "list", "--limit", "2");
        assertThat(room.call.out())
                .contains("signed off images-and-immutability", "waived bill-of-materials until 2026-12-05");
        room.runs.pass(Duration.ofDays(8));
        assertThat(room.task(room.board(72, "--run-commands"), "bill-of-materials")
                        .path("state")
                        .asString())
                .isEqualTo("NO_EVIDENCE");
        assertThat(room.runs.passed(RunKind.VERIFY).seq()).isPositive();
    }
}
