package io.firedrill.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.archive.BackupCatalog;
import io.firedrill.evidence.HandmadeRuns;
import io.firedrill.evidence.Outcome;
import io.firedrill.evidence.SigningKey;
import io.firedrill.storage.ObjectStore;
import io.firedrill.storage.ObjectStores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

/** That nothing green stands before something red: what newer runs, other sources, rare schedules and newer versions have to say. */
class StatusProofTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final Instant now = InstantSource.system().instant().truncatedTo(ChronoUnit.HOURS);
    private final SigningKey key = SigningKey.make();

    private int backups;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private RealCall call = new RealCall(Path.of("."));
    private ObjectStore store = ObjectStores.directory(Path.of("."));
    private HandmadeRuns runs = new HandmadeRuns(store, "none", key, now);

    @BeforeEach
    void begin() {
        store.close();
        call = new RealCall(directory);
        store = ObjectStores.directory(call.store());
        runs = new HandmadeRuns(store, "default", key, now.minus(Duration.ofHours(20)));
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** A sealed backup of so many days ago, with a record of its own. */
    private String backup(String source, int days) {
        Instant at = now.minus(Duration.ofDays(days)).minusSeconds(600);
        String id = LargeStore.sealed(new BackupCatalog(store, source), at, ++backups)
                .id();
        runs.run("backup").of(source, id).add();
        return id;
    }

    private HandmadeRuns.Run drill(String source, String backup) {
        return runs.run("restore-drill").of(source, backup);
    }

    private HandmadeRuns.Run refuted(String source, String backup) {
        return drill(source, backup)
                .ended(Outcome.FAILED, "VERIFICATION_FAILED")
                .differing();
    }

    private JsonNode json(String... arguments) {
        call.succeed(arguments);
        return JsonMapper.shared().readTree(call.out());
    }

    private JsonNode status() {
        return json("status", "--output", "json");
    }

    private List<String> reasons() {
        return status().path("reasons")
                .valueStream()
                .map(reason -> reason.path("state").asString() + " "
                        + reason.path("why").asString())
                .toList();
    }

    private String state(String backup) {
        return json("backups", "--output", "json")
                .path("backups")
                .valueStream()
                .filter(each -> each.path("backupId").asString().equals(backup))
                .map(each -> each.path("state").asString())
                .findFirst()
                .orElse("gone");
    }

    /** What prune would do with each backup, in the order in which it lists them. */
    private List<String> fates(int exit, String... arguments) {
        assertThat(call.run(arguments)).as(call.err()).isEqualTo(exit);
        return JsonMapper.shared()
                .readTree(call.out())
                .path("backups")
                .valueStream()
                .map(each -> "%s %s: %s"
                        .formatted(
                                each.path("backupId").asString(),
                                each.path("fate").asString(),
                                each.path("reason").asString()))
                .toList();
    }

    private Path record(String ledger, long seq) {
        return call.store().resolve("evidence/%s/%012d.dsse.json".formatted(ledger, seq));
    }

    @Test
    void aBackupThatANewerDrillRefutedIsNotProven() {
        String older = backup("orders", 2);
        drill("orders", older).add();
        String newest = backup("orders", 1);
        drill("orders", newest).add();
        assertThat(reasons()).isEmpty();

        long by = refuted("orders", newest).add();
        assertThat(reasons())
                .containsExactly(
                        "FAILING the newest backup, %s, was refuted by run %d".formatted(newest, by),
                        "FAILING the last drill FAILED");
        // From the index that the first look has made, and from the store again.
        assertThat(reasons()).hasSize(2);
        assertThat(status().at("/lastBackup/state").asString()).isEqualTo("refuted");
        assertThat(status().at("/lastProven/backupId").asString()).isEqualTo(older);
        assertThat(state(newest)).isEqualTo("refuted");
        assertThat(state(older)).isEqualTo("proven");
        assertThat(call.fail(71, "status", "--check").message()).contains("was refuted by run " + by);
        assertThat(call.out()).contains("REFUTED");

        drill("orders", newest).inPart().add();
        assertThat(state(newest)).as("a part clears nothing").isEqualTo("refuted");
        assertThat(reasons()).contains("FAILING the last drill FAILED");
        assertThat(status().at("/lastDrill/outcome").asString()).isEqualTo("FAILED");

        drill("orders", newest).ended(Outcome.ABORTED, "ABORTED").add();
        assertThat(reasons())
                .contains("FAILING the last drill FAILED", "ATTENTION the last drill proves nothing: ABORTED");

        drill("orders", newest).add();
        assertThat(reasons()).isEmpty();
        assertThat(state(newest)).isEqualTo("proven");
    }

    /** The moment that it shows cannot be recovered; the one before may be. */
    @Test
    void whatARefutedBackupShowsIsNotRecoverable() {
        String older = backup("orders", 2);
        drill("orders", older).add();
        refuted("orders", backup("orders", 1)).add();
        assertThat(Instant.parse(status().at("/recoverable/at").asString()))
                .isBefore(now.minus(Duration.ofDays(2)).plusSeconds(1));
    }

    @Test
    void anOlderBackupThatWasRefutedNeedsALookAsLongAsItIsThere() throws IOException {
        String older = backup("orders", 2);
        long by = runs.run("verify")
                .of("orders", older)
                .ended(Outcome.FAILED, "BACKUP_DAMAGED")
                .add();
        String newest = backup("orders", 1);
        drill("orders", newest).add();
        runs.run("verify").of("orders", newest).add();
        assertThat(reasons()).containsExactly("ATTENTION the backup %s was refuted by run %d".formatted(older, by));
        Files.delete(call.store().resolve("sources/orders/backups/" + older + "/manifest"));
        assertThat(reasons()).isEmpty();
    }

    @Test
    void whatCameBackInPartIsSaidToBeThat() {
        String id = backup("orders", 1);
        drill("orders", id).inPart().add();
        assertThat(state(id)).isEqualTo("partly");
        assertThat(reasons())
                .containsExactly("ATTENTION backed up, never proven: no restore has shown that it comes back");
        assertThat(status().at("/lastDrill/partial").asBoolean(false)).isTrue();
    }

    @Test
    void aDrillThatNeverCameToTheDataRefutesNothingAndFailsAllTheSame() {
        String id = backup("orders", 1);
        drill("orders", id).add();
        drill("orders", id).ended(Outcome.FAILED, "DEPENDENCY_UNAVAILABLE").add();
        assertThat(state(id)).isEqualTo("proven");
        assertThat(reasons()).containsExactly("FAILING the last drill FAILED");
    }

    @Test
    void pruneHoldsOnToTheLastProvenBackupAndNotToOneThatWasRefuted() {
        String proven = backup("orders", 4);
        drill("orders", proven).add();
        String refuted = backup("orders", 3);
        drill("orders", refuted).add();
        refuted("orders", refuted).add();
        backup("orders", 2);
        assertThat(fates(30, "prune", "--keep-last", "1", "--dry-run", "--output", "json"))
                .contains(proven + " refuse: the last proven backup", refuted + " delete: no rule keeps it");
    }

    /** Ledger "other" is signed by somebody else, who has proven a newer backup than anybody who is trusted. */
    @Test
    void pruneKeepsWhatALedgerSaysThatNobodyPinned() {
        String trusted = backup("orders", 5);
        drill("orders", trusted).add();
        String between = backup("orders", 4);
        String claimed = backup("orders", 3);
        backup("orders", 2);
        new HandmadeRuns(store, "other", SigningKey.make(), now.minus(HOUR))
                .run("restore-drill")
                .of("orders", claimed)
                .add();
        String[] prune = {"prune", "--keep-last", "1", "--dry-run", "--output", "json"};
        assertThat(fates(30, prune)).as("trusted on first use").contains(claimed + " refuse: the last proven backup");

        call.with("FIREDRILL_EVIDENCE_ROOTS", pinned());
        assertThat(fates(30, prune))
                .contains(
                        trusted + " refuse: the last proven backup",
                        between + " delete: no rule keeps it",
                        claimed
                                + " keep: may be the last proven backup: ledger other says so, and none of evidence-roots signed it");
        assertThat(JsonMapper.shared().readTree(call.out()).at("/uncounted/0").asString())
                .isEqualTo("ledger other: signed by none of evidence-roots");
        assertThat(call.run("prune", "--backup", claimed, "--dry-run")).isEqualTo(30);
        assertThat(call.out()).contains("Not proof   ledger other: signed by none of evidence-roots");

        call.with("FIREDRILL_LEDGER", "other");
        assertThat(call.fail(43, "prune", "--keep-last", "1", "--dry-run").message())
                .contains("signed by none of the keys that evidence-roots names");
    }

    private String pinned() {
        Path file = directory.resolve("pinned.pem");
        try {
            Files.writeString(file, key.publicKey().pem(), StandardCharsets.US_ASCII);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return file.toString();
    }

    /** The broken record was the proof of the third backup; it could as well have been that of the second, but of no later one. */
    @Test
    void pruneKeepsWhatARecordMayHaveProvenThatCannotBeRead() throws IOException {
        String proven = backup("orders", 6);
        drill("orders", proven).add();
        String second = backup("orders", 5);
        String third = backup("orders", 4);
        long broken = drill("orders", third)
                .at(now.minus(Duration.ofDays(3)).minus(HOUR))
                .add();
        runs.run("verify").at(now.minus(Duration.ofDays(3))).add();
        String later = backup("orders", 2);
        String newest = backup("orders", 1);
        Files.writeString(record("default", broken), "x");
        String why = " keep: may be the last proven backup: the record evidence/default/%012d.dsse.json cannot be read"
                .formatted(broken);
        String[] prune = {"prune", "--keep-last", "1", "--dry-run", "--output", "json"};
        assertThat(fates(30, prune))
                .contains(
                        proven + " refuse: the last proven backup",
                        second + why,
                        third + why,
                        later + " delete: no rule keeps it");
        assertThat(reasons()).anyMatch(reason -> reason.startsWith("ATTENTION record %d ".formatted(broken)));

        drill("orders", newest).add();
        assertThat(fates(0, prune))
                .as("what is proven now is newer than anything that the record may speak of")
                .contains(second + " delete: no rule keeps it", third + " delete: no rule keeps it");
    }

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

    private String privateKey() {
        Path file = directory.resolve("private.pem");
        try {
            Files.writeString(file, key.privatePem(), StandardCharsets.US_ASCII);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return file.toString();
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
        Files.write(index, lines.subList(1, 3));
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
