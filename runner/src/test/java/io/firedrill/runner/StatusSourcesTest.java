package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.evidence.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** That nothing green stands before something red: what other sources, rare schedules and newer versions have to say. */
class StatusSourcesTest extends HandmadeStore {
    @Test
    void aHealthySourceHidesNoSickOne() {
        drill("orders", backup("orders", 1)).add();
        drill("users", backup("users", 1)).add();
        assertThat(reasons()).isEmpty();
        assertThat(status().path("verdict").asString()).isEqualTo("the newest backup of each of 2 sources is proven");

        runs.run("backup")
                .source("users")
                .ended(Outcome.FAILED, "DEPENDENCY_UNAVAILABLE")
                .add();
        runs.run("verify")
                .source("users")
                .ended(Outcome.FAILED, "BACKUP_DAMAGED")
                .add();
        runs.run("backup").source("orders").add();
        runs.run("verify").source("orders").add();
        assertThat(reasons())
                .containsExactly(
                        "FAILING users: the newest backup run ended FAILED", "FAILING users: the newest verify FAILED");
        JsonNode status = status();
        assertThat(status.at("/sources/0/source").asString())
                .as("the worst first")
                .isEqualTo("users");
        assertThat(status.at("/sources/0/state").asString()).isEqualTo("FAILING");
        assertThat(status.at("/sources/1/source").asString()).isEqualTo("orders");
        assertThat(status.at("/sources/1/state").asString()).isEqualTo("OK");
        assertThat(status.at("/lastBackup/source").asString()).isEqualTo("users");
        assertThat(call.fail(71, "status", "--check").message())
                .startsWith("users: the newest backup run ended FAILED");
        assertThat(call.out())
                .startsWith("FAILING  users: the newest backup run ended FAILED (and 1 more, below)")
                .containsSubsequence("Source      users FAILING: last backup ", "Source      orders OK: last backup ")
                .doesNotContain("Last backup");
    }

    @Test
    void theSourceThatIsSetComesFirstAndTheOthersAreShownAllTheSame() {
        drill("orders", backup("orders", 1)).add();
        String of = backup("users", 1);
        drill("users", of).add();
        refuted("users", of).add();
        call.with("FIREDRILL_SOURCE_NAME", "orders");
        JsonNode status = status();
        assertThat(status.at("/sources/0/source").asString()).isEqualTo("orders");
        assertThat(status.at("/lastBackup/source").asString()).isEqualTo("orders");
        assertThat(status.path("verdict").asString()).startsWith("users: the newest backup, ");
        assertThat(call.run("status", "--check")).isEqualTo(71);
        assertThat(json("backups", "--output", "json").path("backups")).hasSize(1);
    }

    @Test
    void theOldestPointOfAnySourceIsHeldAgainstTheTarget() {
        drill("orders", backup("orders", 0)).add();
        drill("users", backup("users", 3)).add();
        assertThat(call.fail(71, "status", "--check", "--rpo-target", "2d").message())
                .startsWith("users: what can be recovered is 3d");
    }

    @Test
    void aRunThatTellsNoSourceCountsAgainstEachAndIsToTheCreditOfNone() {
        drill("orders", backup("orders", 1)).add();
        drill("users", backup("users", 1)).add();
        runs.run("restore").ended(Outcome.FAILED, "TARGET_REFUSED").add();
        assertThat(reasons())
                .containsExactly(
                        "FAILING orders: the newest restore FAILED", "FAILING users: the newest restore FAILED");
        runs.run("restore").add();
        assertThat(reasons()).hasSize(2);
    }

    /** It never came to a backup, so the store knows nothing of it. */
    @Test
    void aSourceWhoseFirstBackupFailedIsOneToo() {
        drill("orders", backup("orders", 1)).add();
        runs.run("backup")
                .source("users")
                .ended(Outcome.FAILED, "ACCESS_DENIED")
                .add();
        assertThat(reasons())
                .containsExactly(
                        "FAILING users: no sealed backup: nothing can be restored",
                        "FAILING users: the newest backup run ended FAILED");
    }

    /** A name that was mistyped where nothing reads a source. */
    @Test
    void aSourceThatSomebodyOnlyLookedForIsNone() {
        drill("orders", backup("orders", 1)).add();
        runs.run("verify")
                .source("order")
                .ended(Outcome.FAILED, "CONFIGURATION_INVALID")
                .add();
        assertThat(reasons()).isEmpty();
    }

    /** Due once a year, forty days ago; the schedule has been in force for long. */
    private void quarterly(int daysAgo) {
        var due = now.minus(Duration.ofDays(daysAgo)).atOffset(ZoneOffset.UTC);
        String cron = "0 %d %d %d *".formatted(due.getHour(), due.getDayOfMonth(), due.getMonthValue());
        runs.run("evidence-reconcile")
                .scheduling("orders", HOUR, now.minus(Duration.ofDays(300)), "restore-drill", cron)
                .add();
        drill("orders", backup("orders", 1))
                .at(now.minus(Duration.ofDays(daysAgo + 20)))
                .add();
    }

    @Test
    void aRareRunThatWasMissedStaysMissedUntilSomebodyMakesUpForIt() {
        quarterly(40);
        assertThat(reasons())
                .containsExactly(
                        "ATTENTION the last restore-drill that was due was missed",
                        "ATTENTION 1 missed run not on record");
        assertThat(status().at("/schedule/0/last").asString()).isEqualTo("MISSED");
        assertThat(status().path("missed")).hasSize(1);
        drill("orders", "x").inPart().at(now.minus(Duration.ofDays(10))).add();
        assertThat(reasons()).as("a part makes up for nothing").hasSize(2);
        drill("orders", "x").at(now.minus(Duration.ofDays(9))).add();
        assertThat(reasons()).containsExactly("ATTENTION 1 missed run not on record");
        assertThat(status().at("/schedule/0/last").asString()).isEqualTo("PASSED");
    }

    @Test
    void aRareRunThatWasMissedLongAgoIsKnownOnceItIsOnRecord() {
        quarterly(200);
        assertThat(reasons()).hasSize(2);
        call.with("FIREDRILL_EVIDENCE_KEY", privateKey());
        call.succeed("evidence", "reconcile");
        assertThat(reasons()).isEmpty();
        assertThat(status().at("/schedule/0/last").asString()).isEqualTo("MISSED");
    }

    @Test
    void aRunOfAKindThatOnlyANewerVersionKnowsIsShownAndCountsForNothing() {
        String id = backup("orders", 1);
        drill("orders", id).add();
        refuted("orders", id).add();
        long newer = runs.run("time-travel").of("orders", id).add();
        for (int look = 0; look < 2; look++) {
            assertThat(reasons())
                    .as("look %d", look)
                    .contains(
                            "FAILING the last drill FAILED",
                            "ATTENTION record %d is of the kind time-travel, unknown to this version".formatted(newer));
        }
        assertThat(state(id)).isEqualTo("refuted");
        call.succeed("evidence", "list");
        assertThat(call.out()).contains("time-travel");
        call.succeed("evidence", "show", Long.toString(newer));
        assertThat(call.out()).contains("time-travel");
    }

    /** An index of a form that is not today's may lack what this version has to know. */
    @Test
    void anIndexOfAnotherFormIsMadeAnew() throws IOException {
        String id = backup("orders", 1);
        drill("orders", id).add();
        refuted("orders", id).add();
        List<String> told = reasons();
        Path index;
        try (Stream<Path> files = Files.list(directory.resolve("state/index"))) {
            index = files.findFirst().orElseThrow();
        }
        byte[] good = Files.readAllBytes(index);
        List<String> lines = Files.readAllLines(index);
        // As if that form knew of no refutation.
        Files.write(
                index,
                Stream.concat(
                                Stream.of("firedrill record index 1"),
                                lines.stream().skip(1))
                        .map(line -> line.replace("\ttrue\t", "\tfalse\t"))
                        .toList());
        assertThat(reasons()).isEqualTo(told);
        assertThat(index).hasBinaryContent(good);
    }

    /** Whoever can write to the store spoils the record of a refutation, and the index believes still that it is there. */
    @Test
    void aRefutationWhoseSignatureDoesNotHoldIsSeen() throws IOException {
        String id = backup("orders", 1);
        drill("orders", id).add();
        long by = refuted("orders", id).add();
        drill("orders", "x").add();
        assertThat(reasons()).hasSize(1);
        String text = Files.readString(record("default", by), StandardCharsets.US_ASCII);
        int at = text.indexOf("\"sig\":\"") + 7;
        char other = text.charAt(at) == 'A' ? 'B' : 'A';
        Files.writeString(record("default", by), text.substring(0, at) + other + text.substring(at + 1));
        assertThat(state(id)).as("what an older drill has proven").isEqualTo("sealed");
        assertThat(reasons())
                .containsExactly(
                        "ATTENTION record %d is not signed with the key that was in force, or does not stand in its place"
                                .formatted(by));
    }
}
