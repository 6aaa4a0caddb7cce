package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.testing.MailServer;
import io.firedrill.testing.RecordingServer;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Readiness from the command line: what is printed, written, recorded and refused. */
class ReadinessCommandsTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    @SuppressWarnings("NullAway.Init")
    private ReadinessRoom room;

    @BeforeEach
    void open() {
        room = new ReadinessRoom(directory);
        room.fillIn();
    }

    @AfterEach
    void close() {
        room.close();
    }

    private String refused(int code, String line) {
        return room.call.fail(code, line.split(" ")).message();
    }

    @Test
    void theTableNamesEveryTaskAndEndsWithItsExitCode() {
        assertThat(room.call.run("readiness")).isEqualTo(72);
        assertThat(room.call.out())
                .startsWith("NOT READY: 3 of 33 tasks done, 30 no evidence")
                .contains("Database and backups (database-and-backups)  0 of 7")
                .contains("NO_EVIDENCE  backup-fresh")
                .contains("(olga, due 2027-06-30)")
                .contains("no record says so");
        assertThat(room.call.err())
                .contains("30 tasks not ready: owners-named NO_EVIDENCE", "and 20 more", "exit code 72");
        assertThat(room.call.run("readiness", "--section", "migrations", "--output", "markdown"))
                .isEqualTo(72);
        assertThat(room.call.out())
                .startsWith("# Production readiness\n\n**NOT READY: 0 of 3 tasks done, 3 no evidence**")
                .contains("| NO_EVIDENCE | migrations-rehearsed |")
                .doesNotContain("backup-fresh");
    }

    @Test
    void whatIsUnknownIsToldWithWhatWasMeant() {
        RealCall.Told section = room.call.fail(2, "readiness", "--section", "migration");
        assertThat(section.message()).isEqualTo("there is no section 'migration' in readiness.yaml");
        assertThat(section.hint()).isEqualTo("Did you mean migrations?");
        RealCall.Told task = room.call.fail(
                2, "readiness", "waive", "backup-fres", "--reason", "x", "--until", "2026-12-01", "--as", "grace");
        assertThat(task.hint()).isEqualTo("Did you mean backup-fresh?");
        assertThat(refused(2, "readiness --file other.yaml")).contains("other.yaml cannot be read");
        assertThat(refused(2, "readiness --output sarif")).contains("readiness writes text, json or markdown");
    }

    @Test
    void whoMayNotSignIsRefused() {
        room.record();
        room.bring();
        String dashboards = "readiness sign-off ci-and-coverage-gates --role auditor --as ";
        assertThat(refused(43, dashboards + "grace")).contains("no key to sign this with was given");
        assertThat(refused(30, dashboards + "OLGA --key grace.pem"))
                .isEqualTo("OLGA owns what is to be judged in 'ci-and-coverage-gates'");
        assertThat(refused(30, dashboards + "grace --key state/evidence-private.pem"))
                .contains("signs the ledger itself");
        room.call.succeed((dashboards + "olga --own-reason alone --key grace.pem").split(" "));
        assertThat(room.call.out()).contains("section ci-and-coverage-gates signed off by olga");
        assertThat(refused(30, "readiness waive backup-fresh --reason x --until 2026-12-01 --as olga --key grace.pem"))
                .contains("olga owns");
        room.call.succeed("evidence", "verify");
    }

    @ParameterizedTest
    @CsvSource({
        "2, 2026-11-27, later, '--until is 2026-11-27, and today is 2026-11-28'",
        "2, 2028-11-28, later, '--until is 2028-11-28'",
        "2, 2026-12-01, '', --reason is empty",
    })
    void aWaiverHasAReasonAndAnEndThatIsNear(int code, String until, String reason, String message) {
        room.record();
        RealCall.Told told = room.call.fail(
                code,
                "readiness",
                "waive",
                "backup-fresh",
                "--reason",
                reason,
                "--until",
                until,
                "--as",
                "grace",
                "--key",
                "grace.pem");
        assertThat(told.message()).contains(message);
    }

    @Test
    void aTaskWithoutOwnersIsNotWaivedAndAnEmptyLedgerTakesNoWord() {
        String waive = "readiness waive backup-fresh --reason x --until 2026-12-01 --as grace --key grace.pem";
        assertThat(refused(2, waive)).contains("ledger default is empty");
        room.record();
        room.write("readiness.yaml", room.text().replace("backup-owner: bert", "backup-owner: olga"));
        assertThat(refused(30, waive)).contains("has no two different owners");
    }

    @Test
    void anUpdateSaysWhatChangedSinceTheLastOneAndIsRecorded() throws IOException {
        room.record();
        room.call.succeed("readiness", "publish");
        assertThat(room.call.out())
                .contains("this is the first update", "## Blockers", "NO_EVIDENCE", "## Risks")
                .contains("evidence runs out at 2026-11-29");
        room.bring();
        room.call.succeed(
                "readiness",
                "waive",
                "image-signed",
                "--reason",
                "no signer yet",
                "--until",
                "2026-12-20",
                "--as",
                "grace",
                "--key",
                "grace.pem");
        room.runs.pass(Duration.ofDays(2));
        room.call.succeed("readiness", "publish", "--out", "update.md");
        assertThat(room.call.out()).isEmpty();
        String update = Files.readString(directory.resolve("update.md"));
        assertThat(update)
                .contains("## Changed since 2026-11-28")
                .contains("- owners-named: PROVEN, was NO_EVIDENCE")
                .contains("- backup-fresh: DUE, was PROVEN")
                .contains("WAIVED The image's signature verifies")
                .contains("no signer yet");
        long before = room.runs.ledger().records().count();
        assertThat(refused(2, "readiness publish --out update.md")).contains("update.md is there already");
        room.call.succeed("evidence", "list", "--kind", "readiness-publication", "--output", "json");
        JsonNode listed = JsonMapper.shared().readTree(room.call.out());
        assertThat(listed.path("records"))
                .as("the refused one was not recorded")
                .hasSize(2);
        assertThat(listed.at("/records/0/verdict").asString()).isEqualTo("33 tasks");
        assertThat(room.runs.ledger().records().count()).isEqualTo(before);
        room.call.succeed("evidence", "verify");
    }

    private MailServer mailServer() {
        var mail = new MailServer();
        room.call
                .with("FIREDRILL_NOTIFY_SMTP", "smtp://127.0.0.1:" + mail.port())
                .with("FIREDRILL_NOTIFY_MAIL_FROM", "firedrill@example.com")
                .with("FIREDRILL_NOTIFY_MAIL_TO", "team@example.com");
        return mail;
    }

    @Test
    void aDigestHasTheNumbersFirstAndSaysWhatBecameOverdue() throws IOException, MessagingException {
        room.record();
        try (var hook = new RecordingServer();
                MailServer mail = mailServer()) {
            room.call.with("FIREDRILL_NOTIFY_WEBHOOK", hook.address().toString());
            room.call.succeed("readiness", "publish", "--out", "first.md");
            assertThat(mail.received()).as("nobody asked for it").isEmpty();
            // One task's day has passed, another one's comes within the week.
            String text = room.text();
            room.write("readiness.yaml", due(due(text, "owners-named", "2026-11-27"), "on-call-rota", "2026-12-02"));
            room.call.succeed(
                    "readiness", "publish", "--out", "update.md", "--send", "--link", "https://wiki.example.com/r");
            MimeMessage got = mail.received().getFirst();
            assertThat(got.getSubject())
                    .matches("Firedrill: 1 newly overdue, \\d+ in the way, \\d+ due by 2026-12-05: readiness of .*");
            String body = got.getContent().toString().replace("\r\n", "\n");
            assertThat(body)
                    .startsWith("NOT READY: ")
                    .contains("\n\nAll of it: https://wiki.example.com/r\n\nNewly overdue (1):\n- OVERDUE: ")
                    .containsPattern("- OVERDUE: .* \\(olga, due 2026-11-27\\) ")
                    .containsPattern("\nOther blockers \\(\\d+\\):\n- NO_EVIDENCE: ")
                    .containsPattern("\n- and \\d+ more\n")
                    .containsPattern("\nDue by 2026-12-05 \\(1\\):\n- NO_EVIDENCE: .* \\(olga, due 2026-12-02\\) ")
                    .contains("\nEvidence runs out by 2026-12-05 (");
            JsonNode told =
                    JsonMapper.shared().readTree(hook.requests().getFirst().body());
            assertThat(told.path("event").asString()).isEqualTo("digest");
            assertThat(told.path("details").size()).isGreaterThan(5);
            assertThat(room.directory
                            .resolve("store")
                            .resolve(told.path("record").asString()))
                    .isRegularFile();
            assertThat(body).endsWith("Record: " + told.path("record").asString());

            room.call.succeed("readiness", "publish", "--send");
            assertThat(mail.received().getLast().getSubject())
                    .as("it is not new any more")
                    .startsWith("Firedrill: 0 newly overdue, ");
            assertThat(mail.received().getLast().getContent().toString())
                    .contains("'firedrill readiness' shows all of it.", "\nBlockers (");
        }
    }

    private static String due(String text, String task, String day) {
        String changed = text.replaceFirst("(?s)(id: " + task + "\\b.*?due: )2027-06-30", "$1" + day);
        assertThat(changed).isNotEqualTo(text);
        return changed;
    }

    @Test
    void aDigestThatIsNotTakenIsAFailureOfItsOwn() {
        room.record();
        assertThat(refused(2, "readiness publish --send")).contains("there is nobody to send to");
        assertThat(refused(2, "readiness publish --link https://wiki.example.com"))
                .contains("without --send");
        room.call.succeed("evidence", "list", "--kind", "readiness-publication", "--output", "json");
        assertThat(JsonMapper.shared().readTree(room.call.out()).path("records"))
                .as("nothing was recorded")
                .isEmpty();
        try (var hook = new RecordingServer().answering(500, "no_service");
                MailServer mail = mailServer()) {
            room.call.with("FIREDRILL_NOTIFY_WEBHOOK", hook.address().toString());
            assertThat(refused(40, "readiness publish --out update.md --send"))
                    .contains("not everybody was told: the webhook at 127.0.0.1 answered 500: no_service");
            assertThat(mail.received()).as("the other was told").hasSize(1);
            assertThat(directory.resolve("update.md")).isNotEmptyFile();
            room.call.with("FIREDRILL_NOTIFY_MAIL_TO", MailServer.REFUSED);
            assertThat(refused(40, "readiness publish --send")).contains("nobody was told: ", "; the mail server ");
            room.call.with("FIREDRILL_NOTIFY_MAIL_TO", "team@example.com");
            hook.answering(403, "");
            assertThat(refused(41, "readiness publish --send")).contains("not everybody was told: ");
        }
        room.call.succeed("evidence", "verify");
    }

    @Test
    void everyFormatIsWritten() throws IOException {
        room.record();
        for (String format : new String[] {"markdown", "csv", "html", "jira", "linear", "tickets"}) {
            room.call.succeed("readiness", "export", "--format", format, "--out", "board." + format);
            assertThat(directory.resolve("board." + format)).isNotEmptyFile();
        }
        assertThat(Files.readString(directory.resolve("board.csv"))).startsWith("section,task,title,state,");
        assertThat(Files.readString(directory.resolve("board.html"))).contains("<!DOCTYPE html>", "backup-fresh");
        JsonNode tickets = JsonMapper.shared().readTree(Files.readString(directory.resolve("board.tickets")));
        assertThat(tickets.size())
                .as("twelve by records, three by pages are done")
                .isEqualTo(33 - 15);
        room.call.succeed("readiness", "export", "--format", "jira");
        assertThat(room.call.out()).startsWith("Summary,Issue Type,Description,Assignee,Due Date,Labels,Labels");
        assertThat(refused(2, "readiness export --format csv --out board.csv")).contains("is there already");
        assertThat(refused(2, "readiness export --format csv --out no/such/board.csv"))
                .contains("cannot be written");
    }

    @Test
    void aSecretInALinkIsPrintedNowhere() {
        room.record();
        room.write(
                "readiness.yaml",
                room.text().replaceFirst("(?m)ticket:$", "ticket: https://bot:Pa55word@tracker/1?token=Pa55word"));
        // The call itself checks that no output has the password in it.
        room.board(72);
        for (String format : new String[] {"markdown", "csv", "html", "jira", "tickets"}) {
            room.call.succeed("readiness", "export", "--format", format);
        }
        room.call.succeed("readiness", "publish");
    }
}
