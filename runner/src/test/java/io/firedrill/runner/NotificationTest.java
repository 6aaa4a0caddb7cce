package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.Clocks;
import io.firedrill.evidence.RunKind;
import io.firedrill.evidence.RunLog;
import io.firedrill.evidence.Schedule;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import io.firedrill.testing.MailServer;
import io.firedrill.testing.RecordingServer;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Whoever waits for a message gets it, by real commands and a real server; and whoever does not take it is told of. */
class NotificationTest {
    private static final String NOBODY = "mongodb://jane:Pa55word@127.0.0.1:1/?serverSelectionTimeoutMS=50";
    private static final int DAYS = 3;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private RealCall call = new RealCall(Path.of("."));
    private RecordingServer server = new RecordingServer();

    @BeforeEach
    void begin() {
        call = new RealCall(directory)
                .with("FIREDRILL_SOURCE_URI", NOBODY)
                .with("FIREDRILL_NOTIFY_WEBHOOK", server.address() + "/hook/" + RealCall.SECRET);
    }

    @AfterEach
    void end() {
        server.close();
    }

    private List<JsonNode> told() {
        return server.requests().stream()
                .map(request -> JsonMapper.shared().readTree(request.body()))
                .toList();
    }

    @Test
    void aRunThatFailedIsToldOnceItIsOnRecord() {
        RealCall.Told failed = call.fail(40, "backup", "--source-name", "orders");
        JsonNode told = told().getFirst();
        assertThat(told()).hasSize(1);
        assertThat(told.path("event").asString()).isEqualTo("failed");
        assertThat(told.path("source").asString()).isEqualTo("orders");
        assertThat(told.path("kind").asString()).isEqualTo("backup");
        assertThat(told.path("outcome").asString()).isEqualTo("FAILED");
        assertThat(told.path("exitCode").asInt()).isEqualTo(40);
        assertThat(told.path("message").asString()).isEqualTo(failed.message());
        assertThat(told.path("hint").asString())
                .startsWith("See 'firedrill evidence show 1'. ")
                .endsWith(failed.hint());
        assertThat(call.store().resolve(told.path("record").asString())).isRegularFile();
        assertThat(told.toString()).doesNotContain(RealCall.SECRET, "jane");
        assertThat(call.err()).doesNotContain("warning:");
    }

    @Test
    void slackIsToldInItsOwnWords() {
        call.with("FIREDRILL_NOTIFY_FORMAT", "slack").fail(40, "backup");
        assertThat(told().getFirst().path("text").asString())
                .startsWith("*Firedrill: backup FAILED (exit code 40)*\n")
                .contains("Record: evidence/default/000000000001.dsse.json");
    }

    @Test
    void whatWentWellIsNoNews() {
        var _ = new LargeStore(call.store(), 1).make();
        // With a key of its own: that of the store's records is nowhere.
        call.with("FIREDRILL_LEDGER", "another").succeed("backups", "--output", "json");
        String backup = JsonMapper.shared()
                .readTree(call.out())
                .at("/backups/0/backupId")
                .asString();
        call.succeed("prune", "hold", backup, "--reason", "case 7");
        assertThat(call.store().resolve("evidence/another/000000000001.dsse.json"))
                .isRegularFile();
        assertThat(server.requests()).isEmpty();
    }

    /** The exit code is that of the run, whatever became of the message. */
    @Test
    void whoDoesNotTakeItIsNamedAndChangesNothing() {
        server.answering(500, "no_service");
        call.fail(40, "backup");
        assertThat(call.err()).contains("warning: nobody was told: the webhook at 127.0.0.1 answered 500: no_service");
        server.close();
        call.fail(40, "backup");
        assertThat(call.err()).contains("warning: nobody was told: the webhook at 127.0.0.1 could not be reached");
        assertThat(call.run("backup", "--output", "json")).isEqualTo(40);
        String last = call.err().lines().reduce((_, line) -> line).orElseThrow();
        JsonNode document = JsonMapper.shared().readTree(last);
        assertThat(document.path("undelivered").asString()).contains("could not be reached");
        assertThat(document.at("/error/exitCode").asInt()).isEqualTo(40);
    }

    @Test
    void aRunWhoseRecordIsLostIsToldAllTheMore() throws IOException {
        call.fail(40, "backup");
        Path records = call.store().resolve("evidence/default");
        // Where the next record belongs, something lies that cannot be replaced.
        Files.createDirectories(records.resolve("000000000002.dsse.json").resolve("in the way"));
        int code = call.run("backup");
        assertThat(code).isNotZero();
        assertThat(told()).hasSize(2);
        assertThat(told().getLast().path("record").asString()).isEmpty();
        assertThat(told().getLast().path("outcome").asString()).isEqualTo("EVIDENCE_NOT_STORED");
        assertThat(told().getLast().path("exitCode").asInt()).isEqualTo(50);
    }

    @Test
    void anAddressThatIsNoneIsRefusedAndNotRepeated() {
        for (String address :
                List.of("ftp://host/" + RealCall.SECRET, RealCall.SECRET, "https:///" + RealCall.SECRET)) {
            call.with("FIREDRILL_NOTIFY_WEBHOOK", address);
            assertThat(call.fail(2, "status").message()).contains("notify-webhook", "must be a http or https address");
        }
        call.with("FIREDRILL_NOTIFY_WEBHOOK", "https://host/x").with("FIREDRILL_NOTIFY_FORMAT", "pigeon");
        assertThat(call.fail(2, "status").message()).contains("notify-format is 'pigeon'", "json or slack");
    }

    private MailServer mailServer() {
        var mail = new MailServer().knowing("firedrill", RealCall.SECRET);
        call.with("FIREDRILL_NOTIFY_SMTP", "smtp://127.0.0.1:" + mail.port())
                .with("FIREDRILL_NOTIFY_SMTP_USER", "firedrill")
                .with("FIREDRILL_NOTIFY_SMTP_PASSWORD", RealCall.SECRET)
                .with("FIREDRILL_NOTIFY_MAIL_FROM", "firedrill@example.com")
                .with("FIREDRILL_NOTIFY_MAIL_TO", "oncall@example.com");
        return mail;
    }

    @Test
    void webhookAndMailAreBothTold() throws MessagingException, IOException {
        try (MailServer mail = mailServer()) {
            RealCall.Told failed = call.fail(40, "backup", "--source-name", "orders");
            assertThat(told()).hasSize(1);
            assertThat(mail.received()).hasSize(1);
            assertThat(mail.received().getFirst().getSubject())
                    .isEqualTo("Firedrill: backup of orders FAILED (exit code 40)");
            assertThat(mail.received().getFirst().getContent().toString())
                    .startsWith(failed.message())
                    .contains("See 'firedrill evidence show 1'. ", "Record: evidence/default/000000000001.dsse.json")
                    .doesNotContain(RealCall.SECRET, "jane");
            call.succeed("config", "show");
            assertThat(call.out()).contains("notify-smtp-password", "smtp://127.0.0.1");
        }
    }

    @Test
    void oneThatDoesNotTakeItDoesNotStopTheOther() throws IOException {
        try (MailServer mail = mailServer()) {
            server.answering(500, "no_service");
            call.fail(40, "backup");
            assertThat(mail.received()).hasSize(1);
            assertThat(call.err())
                    .contains("warning: not everybody was told: the webhook at 127.0.0.1 answered 500: no_service");
            server.answering(200, "");
            call.with("FIREDRILL_NOTIFY_MAIL_TO", MailServer.REFUSED);
            call.fail(40, "backup");
            assertThat(told()).hasSize(2);
            assertThat(call.err())
                    .contains("warning: not everybody was told: the mail server 127.0.0.1 did not take the message for "
                            + MailServer.REFUSED)
                    .contains("550 5.1.1 nobody of that name");
        }
        server.close();
        assertThat(call.run("backup", "--output", "json")).isEqualTo(40);
        assertThat(call.err()).contains("warning: nobody was told: the webhook at 127.0.0.1 could not be reached");
        String last = call.err().lines().reduce((_, line) -> line).orElseThrow();
        assertThat(JsonMapper.shared().readTree(last).path("undelivered").asString())
                .contains("the webhook at 127.0.0.1 could not be reached")
                .contains("; the mail server 127.0.0.1 could not be reached: ConnectException");
        try (Stream<Path> records = Files.walk(directory)) {
            for (Path file : records.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(RealCall.SECRET);
            }
        }
    }

    private void recordSchedule(Instant then, RunKind kind, String cron, Duration grace) {
        LongAgo.recordSchedule(call, directory, then, new Schedule.Entry(kind, cron), grace);
    }

    @Test
    void whatWasMissedIsToldOnceAndRunsThatDiedToo() {
        Instant today = InstantSource.system().instant().truncatedTo(ChronoUnit.DAYS);
        Instant then = today.minus(Duration.ofDays(DAYS + 2));
        recordSchedule(then, RunKind.BACKUP, "0 2 * * *", Duration.ofHours(1));
        try (ObjectStore store = ObjectStores.directory(call.store())) {
            Clocks clocks = LongAgo.at(today.minus(Duration.ofDays(1)));
            RunLog.begin(store, clocks, LongAgo.start(RunKind.VERIFY, clocks));
        }
        int before = told().size();
        call.succeed("evidence", "reconcile", "--dry-run");
        assertThat(told()).as("a dry run tells nobody").hasSize(before);
        call.succeed("evidence", "reconcile");
        List<JsonNode> told = told().subList(before, told().size());
        assertThat(told).hasSize(2);
        assertThat(told.getFirst().path("outcome").asString()).isEqualTo("ABORTED");
        assertThat(told.getFirst().path("kind").asString()).isEqualTo("verify");
        assertThat(told.getLast().path("event").asString()).isEqualTo("missed");
        assertThat(told.getLast().path("kind").asString()).isEqualTo("backup");
        assertThat(told.getLast().path("exitCode").asInt()).isEqualTo(-1);
        assertThat(told.getLast().path("count").asInt()).isBetween(4, 6);
        assertThat(told.getLast().path("message").asString())
                .matches("[456] scheduled runs did not begin in time: backup, due .*; backup, due .* and [123] before");
        call.succeed("evidence", "reconcile");
        assertThat(told()).as("again, there is nothing new").hasSize(before + 2);
    }

    @Test
    void whatIsDueAndDoesNotBeginIsToldWhileThereIsTime() {
        Instant now = InstantSource.system().instant().truncatedTo(ChronoUnit.MINUTES);
        Instant due = now.minus(Duration.ofMinutes(40));
        var slot = due.atZone(ZoneOffset.UTC);
        recordSchedule(
                due.minus(Duration.ofHours(1)),
                RunKind.VERIFY,
                "%d %d %d %d *".formatted(slot.getMinute(), slot.getHour(), slot.getDayOfMonth(), slot.getMonthValue()),
                Duration.ofHours(1));
        int before = told().size();
        call.succeed("evidence", "reconcile", "--output", "json");
        List<JsonNode> told = told().subList(before, told().size());
        assertThat(told).hasSize(1);
        assertThat(told.getFirst().path("event").asString()).isEqualTo("overdue");
        assertThat(told.getFirst().path("outcome").asString()).isEqualTo("OVERDUE");
        assertThat(told.getFirst().path("at").asString()).isEqualTo(due.toString());
        assertThat(told.getFirst().path("message").asString()).contains("nothing has begun; after ");

        server.answering(503, "");
        call.succeed("evidence", "reconcile", "--output", "json");
        assertThat(call.err()).contains("warning: nobody was told: the webhook at 127.0.0.1 answered 503");
        assertThat(JsonMapper.shared().readTree(call.out()).path("undelivered").asString())
                .contains("answered 503");
    }
}
